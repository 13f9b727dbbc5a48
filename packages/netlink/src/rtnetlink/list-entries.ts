import { linux } from '../abi/linux.ts';
import type { NetlinkClient } from '../client.ts';
import type { StructLayout, StructValues } from '../wire/struct.ts';

/** A list of the kernel. */
export interface ListRequest<Layout extends StructLayout> {
  /** The request, such as RTM_GETLINK. */
  readonly type: number;
  /** Its name in an error. */
  readonly name: string;
  /** The structure that begins the request. */
  readonly struct: Layout;
  /** The fields of it that are not 0. */
  readonly values?: Partial<StructValues<Layout>>;
  readonly attributes?: readonly Uint8Array[];
}

/**
 * The entries of a list of the kernel.
 *
 * @param decode reads the payload of one message, whose bytes are overwritten later; null to leave it out
 * @throws {SystemError} where the kernel refuses to list them
 */
export function listEntries<Layout extends StructLayout, Entry>(
  client: NetlinkClient,
  { type, name, struct, values = {}, attributes = [] }: ListRequest<Layout>,
  decode: (payload: Uint8Array) => Entry | null,
): readonly Entry[] {
  const { encoder } = client;
  const payload = encoder.join(encoder.struct(struct, values), ...attributes);
  const entries: Entry[] = [];
  client.dump(
    { type, name, payload },
    (answer) => {
      const entry = decode(answer);
      if (entry !== null) {
        entries.push(entry);
      }
    },
    () => entries.splice(0),
  );
  return entries;
}

/** The version of IP of an AF_*; null for other families. */
export function ipVersion(family: number | undefined): 4 | 6 | null {
  const { AF_INET, AF_INET6 } = linux.socket;
  return family === AF_INET ? 4 : family === AF_INET6 ? 6 : null;
}
