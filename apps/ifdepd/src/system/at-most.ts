/** Waits for what never fails, and no longer than a stop may take. @param limitMs milliseconds */
export async function atMost(limitMs: number, work: Promise<void>): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    limit = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, over]);
  clearTimeout(limit);
}
