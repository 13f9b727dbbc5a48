import { Resolver } from 'node:dns';
import { type IpAddress, parseIpAddress } from '../target/ip-address.ts';
import type { Outcome } from './exchange.ts';

/** How long an answer of the DNS is used. */
const KEEP_MS = 60_000;

/** A host by its address, or by a name that the DNS is asked about: without a thread, and without /etc/hosts. */
export class HostName {
  readonly #name: string;
  readonly #literal: IpAddress | null;
  #found: IpAddress | null = null;
  #untilMs = 0;
  #resolver: Resolver | null = null;

  constructor(name: string) {
    this.#name = name;
    this.#literal = parseIpAddress(name);
  }

  /** Calls one of them: `found` before this returns, where the address is known. */
  resolve(found: (address: IpAddress) => void, failed: (outcome: Outcome) => void): void {
    const known = this.#literal ?? (performance.now() < this.#untilMs ? this.#found : null);
    if (known !== null) {
      found(known);
      return;
    }
    this.#resolver ??= new Resolver({ tries: 1 });
    const resolver = this.#resolver;
    resolver.resolve4(this.#name, (error4, [one] = []) => {
      if (!error4 && one !== undefined) {
        found(this.#keep(one));
        return;
      }
      resolver.resolve6(this.#name, (error6, [other] = []) => {
        if (!error6 && other !== undefined) {
          found(this.#keep(other));
          return;
        }
        const code = (error4 ?? error6)?.code ?? 'ENODATA';
        failed({ type: 'unsent', why: `cannot resolve the name ${this.#name} (${code})` });
      });
    });
  }

  /** Asks again at the next probe. */
  forget(): void {
    this.#untilMs = 0;
    this.#resolver?.cancel();
    this.#resolver = null;
  }

  #keep(text: string): IpAddress {
    const found = parseIpAddress(text) as IpAddress;
    this.#found = found;
    this.#untilMs = performance.now() + KEEP_MS;
    return found;
  }
}
