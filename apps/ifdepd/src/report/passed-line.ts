import type { LogEntry } from '../log/index.ts';

/** `em0: lost 3 times and back again before anything was done about it` */
export function passedLine(source: string, losses: number): LogEntry {
  const times = losses === 1 ? 'once' : `${losses} times`;
  return {
    event: 'source',
    level: 'info',
    message: `${source}: failed ${times} for so short a time that nothing was done about it; counted`,
    fields: { source, losses },
  };
}
