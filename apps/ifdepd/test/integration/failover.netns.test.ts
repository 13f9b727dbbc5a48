import { watchLinks } from '@ifdepd/linkwatch';
import { cable, ip, until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

describe('one source, one destination', () => {
  test('the destination follows the cable down and up', async () => {
    using lab = host('em0', 'carp0');
    await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
    await running.line(/em0: active -> failed \(lower layer down\)$/);
    await running.line(/carp0: set down \(cli: em0 failed\)$/);
    await running.line(/carp0: set up \(cli: em0 active\)$/);
  });

  test('a source that an administrator sets down has failed', async () => {
    using lab = host('em0', 'carp0');
    await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
    lab.netif.setAdmin('em0', 'down');
    await lab.allAre('down', ['carp0']);
    await running.line(/em0: active -> failed \(admin down\)$/);
    lab.netif.setAdmin('em0', 'up');
    await lab.allAre('up', ['carp0']);
  });

  test('a source that had failed before the start holds the destination down from the start', async () => {
    using lab = host('em0', 'carp0');
    lab.cables.em0.cut();
    await until('em0 to lose its carrier', () => lab.netif.media('em0')?.active === false);
    await using _running = await daemon(['-S', 'em0', '-D', 'carp0']);
    expect(lab.isUp('carp0')).toBe(false);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
  });

  test('a destination that was down is set up at the start when all sources are active', async () => {
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('carp0', 'down');
    await using _running = await daemon(['-S', 'em0', '-D', 'carp0']);
    expect(lab.isUp('carp0')).toBe(true);
  });
});

describe('several sources, several destinations', () => {
  test('any failed source sets all destinations down; all active set them up', async () => {
    using lab = host('em0', 'bge0', 'carp0', 'carp1');
    await using _running = await daemon(['-S', 'em0:bge0', '-D', 'carp0:carp1']);
    const both = ['carp0', 'carp1'];
    lab.cables.em0.cut();
    await lab.allAre('down', both);
    lab.cables.bge0.cut();
    await until('bge0 to lose its carrier', () => lab.netif.media('bge0')?.active === false);
    lab.cables.em0.repair();
    await until('em0 to have its carrier', () => lab.netif.media('em0')?.active === true);
    // One of two is still cut: nothing may come up. The repair of the other is what ends the wait.
    expect(both.map(lab.isUp)).toEqual([false, false]);
    lab.cables.bge0.repair();
    await lab.allAre('up', both);
  });

  test('options may be repeated, and names separated by commas', async () => {
    using lab = host('em0', 'bge0', 'carp0', 'carp1');
    await using _running = await daemon(['-S', 'em0', '--source=bge0', '-D', 'carp0,carp1']);
    lab.cables.bge0.cut();
    await lab.allAre('down', ['carp0', 'carp1']);
  });
});

describe('nothing is missed', () => {
  test('200 cuts and 200 repairs in a row', async () => {
    using lab = host('em0', 'carp0');
    using watch = watchLinks();
    let downs = 0;
    let ups = 0;
    let was = true;
    using _subscription = watch.subscribe(() => {
      const is = watch.links.get('carp0')?.adminUp === true;
      downs += was && !is ? 1 : 0;
      ups += !was && is ? 1 : 0;
      was = is;
    });
    await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
    const reported = (event: string): string =>
      `${event} to be followed; downs ${downs}, ups ${ups}:\n${running.lines.slice(-12).join('\n')}`;
    for (let round = 1; round <= 200; round += 1) {
      lab.netif.setAdmin(lab.cables.em0.far, 'down');
      await until(
        () => reported(`cut ${round}`),
        () => downs === round && !lab.isUp('carp0'),
      );
      lab.netif.setAdmin(lab.cables.em0.far, 'up');
      await until(
        () => reported(`repair ${round}`),
        () => ups === round && lab.isUp('carp0'),
      );
    }
    expect([downs, ups]).toEqual([200, 200]);
  });

  test('a burst of flips without waiting ends in the right state, either way', async () => {
    using lab = host('em0', 'carp0');
    await using _running = await daemon(['-S', 'em0', '-D', 'carp0']);
    for (const [flips, end] of [
      [101, 'down'],
      [101, 'up'],
    ] as const) {
      for (let flip = 0; flip < flips; flip += 1) {
        lab.netif.setAdmin(lab.cables.em0.far, (flip % 2 === 0) === (end === 'down') ? 'down' : 'up');
      }
      await lab.allAre(end, ['carp0']);
    }
  });
});

describe('names and indices', () => {
  test('a source that is missing at the start has failed with --wait, until it comes', async () => {
    using lab = host('carp0');
    await using _running = await daemon(['--wait', '-S', 'em0', '-D', 'carp0']);
    expect(lab.isUp('carp0')).toBe(false);
    cable('em0');
    await lab.allAre('up', ['carp0']);
  });

  test('a destination that is missing at the start is waited for with --wait', async () => {
    using lab = host('em0');
    await using _running = await daemon(['--wait', '-S', 'em0', '-D', 'carp0']);
    lab.cables.em0.cut();
    await until('em0 to lose its carrier', () => lab.netif.media('em0')?.active === false);
    cable('carp0');
    await lab.allAre('down', ['carp0']);
  });
});

describe('another program', () => {
  test('nothing is written at a start that finds everything right', async () => {
    using _lab = host('em0', 'bge0', 'carp0', 'carp1');
    using watch = watchLinks();
    const seen: string[] = [];
    using _subscription = watch.subscribe((event) => {
      if (event.type !== 'snapshot') {
        seen.push(`${event.type} ${event.link.name}`);
      }
    });
    await using running = await daemon(['-S', 'em0:bge0', '-D', 'carp0:carp1']);
    // A change of our own making: the messages of anything the daemon had written would come before it.
    ip('link', 'set', 'bge0', 'alias', 'mark');
    await until('the mark', () => seen.at(-1) === 'changed bge0');
    expect(seen).toEqual(['changed bge0']);
    expect(running.lines.filter((line) => /: set (up|down)/.test(line))).toEqual([]);
  });
});
