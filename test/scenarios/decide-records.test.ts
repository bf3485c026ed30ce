import { describe, expect, test } from 'vitest';
import type { Decision } from '../../shared/decision.ts';
import { decisionSchema } from '../../shared/decision.ts';
import type { Host } from '../../shared/inventory.ts';
import { ups as firstUps, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench } from './bench.ts';

const second = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };
const a = firstUps.id;
const b = second.id;
const fed = (need: 'any' | 'all', ...upses: string[]): Host[] =>
  rackHosts().map((host) => ({ ...host, fedBy: { upses, need } }));
const triggers = (patch: object) => rackSequence({ triggers: { runtime: {}, charge: {}, onBattery: {}, ...patch } });

/** What stands in the file, as "kind: sentence", and nothing else. */
const told = (made: Bench): string[] =>
  made.decisions.map((decision: Decision) => {
    const { kind, sentence } = decisionSchema.parse(JSON.parse(JSON.stringify(decision)));
    return `${kind}: ${sentence}`;
  });
const of = (made: Bench, kind: Decision['kind']): string[] => told(made).filter((each) => each.startsWith(`${kind}: `));

describe('why it did, or did not, can be read from the decisions alone', () => {
  test('a flicker', async () => {
    const made = await bench({ sequence: triggers({ charge: { enabled: false } }) });
    made.ups.cut({ runtime: 3000 });
    await made.seconds(4);
    made.ups.restore();
    await made.seconds(30);
    expect(told(made)).toEqual([
      'held-back: Starts in 42 min: the battery lasts 49 min and the plan must start at 7 min 11 s (it needs 5 min 45 s, times 1.25, at least 3 min)',
      expect.stringMatching(/^nothing: The outage is over after 4 s, and no run was started\. If the power failed now/),
    ]);
  });

  test('a long outage, from its first minute to the return', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 700 });
    await made.seconds(600);
    made.ups.restore({ charge: 90, runtime: 3600 });
    await made.seconds(600);
    const all = told(made);
    // Once a minute with its numbers, until it starts.
    expect(of(made, 'held-back').filter((each) => each.includes('Starts in'))).toEqual([
      expect.stringMatching(/Starts in 4 min 27 s: the battery lasts 11 min/),
      expect.stringMatching(/Starts in 3 min 27 s/),
      expect.stringMatching(/Starts in 2 min 27 s/),
      expect.stringMatching(/Starts in 1 min 27 s/),
      expect.stringMatching(/Starts in 27 s/),
    ]);
    expect(of(made, 'started')).toEqual([
      expect.stringMatching(/Started because the battery lasts 7 min 11 s and the plan must start at 7 min 11 s/),
    ]);
    // While its run goes on, the run itself tells.
    expect(of(made, 'held-back').filter((each) => each.includes('has had its run'))).toEqual([]);
    expect(of(made, 'nothing')).toEqual([expect.stringMatching(/The outage is over after 10 min\. /)]);
    expect(all.findIndex((each) => each.startsWith('started'))).toBeLessThan(
      all.findIndex((each) => each.startsWith('return-begun')),
    );
    expect(made.decisions.find(({ kind }) => kind === 'started')?.runId).toBe('run-1');
  });

  test('another UPS carries the hosts', async () => {
    const made = await bench({ second, hosts: fed('any', a, b) });
    made.ups.cut({ runtime: 60 });
    await made.seconds(90);
    expect(of(made, 'held-back')).toEqual([
      'held-back: Back-UPS is on battery, and Rack UPS carries esx, web, nas',
      'held-back: Back-UPS is on battery, and Rack UPS carries esx, web, nas',
    ]);
    expect(of(made, 'started')).toEqual([]);
  });

  test('the plan is not armed', async () => {
    const made = await bench({ armed: false });
    made.ups.cut({ runtime: 460 });
    await made.seconds(60);
    expect(of(made, 'held-back')[0]).toMatch(/^held-back: Not armed, so nothing will be done\. Starts in 2. s/);
    expect(of(made, 'not-armed')).toEqual([
      expect.stringMatching(/^not-armed: Not armed, so nothing is done\. It would have started: the battery lasts/),
    ]);
  });

  test('no trigger is switched on', async () => {
    const off = { enabled: false };
    const made = await bench({ sequence: triggers({ runtime: off, charge: off, lowBattery: off }) });
    made.ups.cut({ runtime: 60, charge: 10 });
    await made.seconds(30);
    const [first, ...more] = of(made, 'held-back');
    expect(first).toMatch(/^held-back: On battery, and no trigger is switched on/);
    expect(more.join()).toMatch(/; the battery lasts 49 s and .*, but that trigger is switched off/);
    expect(of(made, 'started')).toEqual([]);
  });

  test('it was put off', async () => {
    const made = await bench({ sequence: triggers({ charge: { enabled: false } }) });
    made.ups.cut({ runtime: 460 });
    await made.seconds(10);
    made.engine.postpone(20);
    made.engine.postpone(40);
    await made.seconds(60);
    expect(of(made, 'postponed')).toEqual([
      expect.stringMatching(/Put off by hand for another 20 s/),
      expect.stringMatching(
        /Put off by hand for another 40 s, at the latest for 1 min 45 s, .*starts in 40 s: the battery/,
      ),
    ]);
    expect(of(made, 'started')).toHaveLength(1);
  });

  test('a second UPS', async () => {
    const made = await bench({ second, hosts: fed('any', a, b) });
    made.ups.cut({ runtime: 600 });
    await made.seconds(30);
    made.second.cut({ runtime: 700 });
    await made.seconds(300);
    const all = told(made);
    expect(all[0]).toMatch(/Rack UPS carries esx, web, nas$/);
    expect(all[1]).toMatch(/^held-back: Starts in .*the battery of Rack UPS lasts/);
    expect(of(made, 'started')[0]).toMatch(/Started because the battery of Rack UPS lasts/);
  });

  test('a silent UPS', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 500 });
    await made.seconds(10);
    made.ups.unplug();
    await made.seconds(90);
    expect(of(made, 'started')[0]).toMatch(/Started because the battery lasts 7 min 1. s \(counted down, no contact\)/);
    const quiet = await bench();
    quiet.ups.unplug();
    await quiet.seconds(90);
    expect(told(quiet)).toEqual(['nothing: No answer from Back-UPS; it was on mains, so nothing is started']);
  });
});

describe('records', () => {
  test('tell of a run first that it was started, however slow the disk is', async () => {
    const made = await bench();
    const create = made.journals.create.bind(made.journals);
    made.journals.create = async (runId) => {
      await new Promise<void>((resolve) => made.clock.after(30_000, resolve));
      return create(runId);
    };
    made.ups.cut({ runtime: 450 });
    await made.seconds(120);
    expect(made.decisions.map(({ kind }) => kind).slice(0, 2)).toEqual(['held-back', 'started']);
  });

  test('of one kind do not flood the file, however long it lasts', async () => {
    const made = await bench();
    await made.seconds(3600);
    expect(told(made)).toHaveLength(1);
    made.ups.cut({ runtime: 1e6 });
    made.ups.drains = false;
    await made.seconds(3 * 3600);
    // Each minute of the first hour, then four times an hour.
    expect(made.decisions.length).toBeLessThan(1 + 62 + 2 * 4 + 2);
    expect(made.decisions.length).toBeGreaterThan(60);
  }, 20_000);

  test('that cannot be kept stop nothing', async () => {
    const made = await bench();
    made.decisions.push = () => {
      throw new Error('full');
    };
    made.ups.cut({ runtime: 100 });
    await made.seconds(300);
    expect(made.engine.run()?.downResult).toBe('done');
    expect(made.errors.length).toBeGreaterThan(0);
  });
});
