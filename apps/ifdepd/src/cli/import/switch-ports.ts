/** Ports of switches as names that an interface of an open system can have: no '/', 15 bytes. */

const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^TwentyFiveGigE/i, 'Twe'],
  [/^HundredGigE/i, 'Hu'],
  [/^FortyGigabitEthernet/i, 'Fo'],
  [/^TenGigabitEthernet/i, 'Te'],
  [/^GigabitEthernet/i, 'Gi'],
  [/^FastEthernet/i, 'Fa'],
  [/^Ethernet/i, 'et'],
  [/^Port-Channel/i, 'po'],
];

/** `Gi1-0-21` for GigabitEthernet1/0/21, `et49_1` for Ethernet49/1 as EOS calls it in Linux, `ge-0-0-1` for ge-0/0/1. */
export function portName(port: string): string {
  const [long, short] = SHORT.find(([form]) => form.test(port)) ?? [/^/, ''];
  const name = port.replace(long, short).replace(/\s+/g, '');
  return name.replaceAll('/', /^(?:et|po)/.test(name) ? '_' : '-').slice(0, 15);
}

/** The ports of `GigabitEthernet1/0/1 - 4 , GigabitEthernet1/0/10`, at most 256. */
export function portsOf(list: string): readonly string[] {
  let before = '';
  return list
    .split(',')
    .flatMap((part) => {
      const match = /^(?<base>.*?)(?<first>\d+)(?:\s*-\s*(?:\S*?)(?<last>\d+))?$/.exec(part.trim())?.groups;
      if (match === undefined) {
        return part.trim() === '' ? [] : [part.trim()];
      }
      const base = match['base'] === '' ? before : (match['base'] ?? '');
      before = base;
      const first = Number(match['first']);
      const last = Math.min(Number(match['last'] ?? first), first + 255);
      return Array.from({ length: Math.max(last - first + 1, 1) }, (_, index) => `${base}${first + index}`);
    })
    .slice(0, 256)
    .map(portName);
}
