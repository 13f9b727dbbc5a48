/** One line of the table. */
export interface Row {
  readonly quantity: string;
  readonly reference: string;
  readonly ifdepd: string;
  /** ifdepd over the reference. */
  readonly ratio: string;
}

export function ratio(own: number, reference: number): string {
  return `${(own / reference).toPrecision(3)}×`;
}
