import { describe, expect, test } from 'vitest';
import type { Warmer } from '../../electron/core/ports.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import { ups as firstUps, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench, off } from './bench.ts';

const second = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };
const fed = (need: 'any' | 'all', ...upses: string[]): Host[] =>
  rackHosts().map((host) => ({ ...host, fedBy: { upses, need } }));

/** Connections that open at once, but to those that are out of reach. */
class Connections implements Warmer {
  readonly open = new Set<string>();
  readonly outOfReach = new Set<string>();
  /** Runs of which it was told. */
  runs = 0;

  warm(host: Host): Promise<void> {
    if (this.outOfReach.has(host.id)) {
      const fault = { code: 'unreachable', what: 'no route', where: host.name, remedy: 'none' } as const;
      return Promise.reject(new FaultError(fault));
    }
    this.open.add(host.id);
    return Promise.resolve();
  }

  onLost(): () => void {
    return () => undefined;
  }

  runBegins(): void {
    this.runs += 1;
  }

  release(): void {
    this.open.clear();
  }
}

const kept = (made: Bench): string =>
  made.engine
    .status()
    .reach.map(({ hostId, state }) => `${hostId} ${state}`)
    .join(', ');

describe('connections are open before anything is decided', () => {
  test('from the first sign of an outage, and no longer when the mains are back', async () => {
    const warmer = new Connections();
    const made = await bench({ warmer });
    expect(kept(made)).toBe('');
    // One report, which nothing has confirmed yet.
    made.ups.cut({ runtime: 3000 });
    expect(made.engine.status().powers[0]?.state).toBe('mains');
    await made.seconds(0);
    expect(kept(made)).toBe('esx warm, web warm, nas warm');
    await made.seconds(60);
    made.ups.restore();
    await made.seconds(5);
    expect(kept(made)).toBe('');
    expect([...warmer.open]).toEqual([]);
  });

  test('those of hosts that were told to go down are kept no longer', async () => {
    const made = await bench({ warmer: new Connections() });
    made.ups.cut({ runtime: 300 });
    await made.seconds(9);
    expect(kept(made)).toBe('esx warm, web warm, nas warm');
    await made.seconds(22);
    expect(made.world.acts.slice(-2).sort()).toEqual(['power-off esx', 'power-off web']);
    expect(kept(made)).toBe('nas warm');
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
    expect(kept(made)).toBe('');
  });

  test('and are told when a run begins, not when one could', async () => {
    const warmer = new Connections();
    const made = await bench({ warmer });
    made.ups.cut({ runtime: 3000 });
    await made.seconds(60);
    expect([warmer.runs, made.engine.run()]).toEqual([0, null]);
    await made.engine.startByHand();
    expect(warmer.runs).toBe(1);
    await expect(made.engine.startByHand()).rejects.toThrow();
    await made.seconds(200);
    expect(warmer.runs).toBe(1);
  });

  test('only to those for whom a run would be', async () => {
    const hosts = rackHosts().map((host, index) => ({
      ...host,
      fedBy: { upses: [index === 0 ? firstUps.id : second.id], need: 'any' as const },
    }));
    const made = await bench({
      warmer: new Connections(),
      second,
      hosts,
      sequence: rackSequence({ scope: 'critical' }),
    });
    made.ups.cut({ runtime: 300 });
    await made.seconds(8);
    expect(kept(made)).toBe('esx warm');
    made.second.cut({ runtime: 3000 });
    await made.seconds(3);
    expect(kept(made)).toBe('esx warm, web warm, nas warm');
  });

  test.each<[string, Parameters<typeof bench>[0]]>([
    ['not by a plan that is not armed', { armed: false }],
    ['not while another UPS carries them', { second, hosts: fed('any', firstUps.id, second.id) }],
  ])('%s', async (_, options) => {
    const made = await bench({ ...options, warmer: new Connections() });
    made.ups.cut({ runtime: 3000 });
    await made.seconds(60);
    expect(kept(made)).toBe('');
  });

  test('hosts that cannot be reached are named, in what is shown and in what is kept', async () => {
    const warmer = new Connections();
    warmer.outOfReach.add('nas').add('web');
    const made = await bench({ warmer });
    made.ups.cut({ runtime: 3000 });
    await made.seconds(15);
    expect(made.engine.status().decision.sentence).toMatch(/; 2 hosts cannot be reached: web, nas$/);
    expect(made.decisions.at(-1)?.sentence).toMatch(/; 2 hosts cannot be reached: web, nas$/);
  });
});

describe('what was learned of how long steps take', () => {
  test('comes from runs, is kept, and counts for the next one', async () => {
    const made = await bench();
    const before = made.engine.status().margin.needs;
    for (let run = 0; run < 6; run += 1) {
      made.ups.cut({ runtime: 300, charge: 100 });
      await made.seconds(300);
      made.ups.restore({ runtime: 3600, charge: 100 });
      await made.seconds(600);
    }
    expect(made.durations.file.samples.length).toBeGreaterThan(20);
    const { needs } = made.engine.status().margin;
    // In this rack everything dies in 20 s: guests, hypervisor or web, NAS.
    expect(needs).toBeLessThan(before / 2);
    expect(needs).toBeGreaterThanOrEqual(60);
    await made.restart();
    await made.seconds(1);
    expect(made.engine.status().margin.needs).toBe(needs);
    expect(made.engine.durations()).toEqual(made.durations.file);
    const hosts = rackHosts();
    expect(made.engine.check({ sequence: rackSequence(), hosts, secretIds: new Set(), others: [] }).needs).toBe(needs);
  });

  test('that cannot be read or kept stops nothing', async () => {
    const made = await bench();
    made.durations.load = () => Promise.reject(new Error('unreadable'));
    made.durations.save = () => Promise.reject(new Error('full'));
    await made.restart();
    made.ups.cut({ runtime: 300 });
    await made.seconds(300);
    expect(off(made)).toBe('esx web nas');
    expect(made.errors.map(String)).toContain('Error: unreadable');
    expect(made.errors.map(String)).toContain('Error: full');
  });
});
