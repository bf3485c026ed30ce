import { describe, expect, test } from 'vitest';
import type { SimulationInput } from '../../electron/core/simulation/simulate.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Reading } from '../../shared/reading.ts';
import type { SimulationView, WhatIf } from '../../shared/view.ts';
import { linux, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { supply } from '../fakes/supply-view.ts';
import { play } from './simulation-kit.ts';

/** Takes a second or two on a computer that does other things as well. */
const patience = 20_000;

const ups = (patch: Partial<Reading>): Partial<SimulationInput> => ({ powers: [supply('u', patch)] });

/** The sample rack with its hosts on these UPSes. */
const fed = (upses: Record<string, string[]>): Host[] =>
  rackHosts().map((host) => ({ ...host, fedBy: { upses: upses[host.id] ?? [], need: 'any' } }));

const ownNas = (): Host[] => rackHosts().map((host) => ({ ...host, isThisComputer: host.id === 'nas' }));

interface Row {
  name: string;
  whatIf?: Partial<WhatIf>;
  more?: Partial<SimulationInput>;
  /** Seconds after the cut at which the run begins, passes the line, has everything down, and is back. */
  begins: number | null;
  line?: number | null;
  down?: number | null;
  back?: number | null;
  empty?: number | null;
  hard?: string[];
  says?: RegExp;
}

/**
 * The plan needs 345 s (p90): 135 for guests, 120 for the hypervisor, 90 for the storage. It begins at 345 x 1.25 =
 * 431 s of battery, or at 30 %. The line stands before the hosts.
 */
const rows: Row[] = [
  { name: 'a battery of 20 min', begins: 769, line: 904, down: 1114, empty: 1200, says: /lasts 7 min 11 s/ },
  // 1200 s at 1.5 times the load: 1200 / 1.5 ^ 1.25.
  { name: 'load +50 %', whatIf: { load: 1.5 }, begins: 291, line: 426, down: 636, empty: 722 },
  // The web server has its limit of 240 s; the storage waits for that, and all but the web server get down.
  { name: 'a host hangs', whatIf: { hangs: 'web' }, begins: 769, line: 904, down: null, hard: ['web'], empty: 1200 },
  {
    name: 'the power is back at minute 4, before anything begins',
    whatIf: { powerBackAt: 240 },
    begins: null,
    empty: 1200,
    says: /over after 4 min, and no run was started/,
  },
  {
    name: 'the power is back before the line',
    whatIf: { powerBackAt: 150 },
    more: ups({ runtime: 500 }),
    begins: 69,
    line: null,
    down: null,
    // Guests are off at 204, the mains are stable at 211, guests take 45 s to start.
    back: 256,
    empty: 500,
    says: /^Cancelled: the mains are back before the point of no return/,
  },
  {
    name: 'the power is back at minute 4, behind the line',
    whatIf: { powerBackAt: 240 },
    more: ups({ runtime: 500 }),
    begins: 69,
    line: 204,
    down: 414,
    // Storage 180 s, hypervisor 180 s, out of maintenance 15 s, guests 45 s.
    back: 834,
    empty: 500,
  },
  {
    name: 'the battery is empty before the power is back',
    whatIf: { powerBackAt: 1500 },
    more: ups({ runtime: 500 }),
    begins: 69,
    line: 204,
    down: 414,
    empty: 500,
    // From empty to 24.5 %, which is told as 25, of four hours.
    back: 1500 + 3528 + 1 + 420,
    says: /Waiting for the battery/,
  },
  { name: 'no UPS is known', more: { powers: [] }, begins: 2503, line: 2638, down: 2848, empty: null },
  {
    name: 'the UPS tells nothing but where its power comes from',
    more: ups({ runtime: null, charge: null, load: null }),
    begins: 61,
    line: 196,
    down: 406,
    empty: null,
    says: /tells nothing by which it could be judged/,
  },
  {
    name: 'no trigger is on but that for silence, which comes when the UPS is empty',
    more: {
      sequence: rackSequence({
        triggers: {
          runtime: { enabled: false },
          charge: { enabled: false },
          onBattery: {},
          lowBattery: { enabled: false },
        },
      }),
    },
    begins: 1200,
    line: 1202,
    empty: 1200,
    hard: ['esx', 'web', 'nas'],
  },
  {
    name: 'a host that no step is about',
    more: {
      hosts: [
        ...rackHosts(),
        ...rackHosts()
          .slice(1, 2)
          .map((host) => ({ ...host, id: 'extra', name: 'extra' })),
      ],
    },
    begins: 769,
    line: 904,
    down: 1114,
    hard: ['extra'],
    empty: 1200,
  },
  {
    name: 'two UPSes, and both fail: the hosts of the smaller one decide',
    more: {
      powers: [supply('a', { runtime: 600 }), supply('b', { runtime: 3600 })],
      hosts: fed({ esx: ['a'], web: ['b'], nas: ['b'] }),
    },
    begins: 169,
    line: 304,
    down: 514,
    empty: 600,
  },
  {
    name: 'two UPSes, one on battery now, for those that lose their power: only these go down',
    more: {
      powers: [{ ...supply('a', { runtime: 600 }), state: 'battery' }, supply('b', { runtime: 600 })],
      hosts: fed({ esx: ['a'], web: ['b'], nas: ['b'] }),
      sequence: rackSequence({ scope: 'critical' }),
    },
    // 255 s for guests and hypervisor: 255 x 1.25 = 318.
    begins: 282,
    line: 417,
    down: 537,
    empty: 600,
    says: /for 1 of 3 hosts: esx/,
  },
  {
    name: 'the other one carries the hosts',
    more: {
      powers: [{ ...supply('a', { runtime: 600 }), state: 'battery' }, supply('b', { runtime: 600 })],
      hosts: fed({ esx: ['a', 'b'], web: ['a', 'b'], nas: ['a', 'b'] }),
    },
    begins: null,
    empty: null,
    says: /carries esx, web, nas/,
  },
  {
    name: 'this computer goes down last; its battery is empty before the power is back',
    whatIf: { powerBackAt: 9000 },
    more: { hosts: ownNas() },
    begins: 769,
    line: 904,
    down: 1114,
    empty: 1200,
    // It is on itself: the hypervisor and its guests are waited for.
    back: 9000 + 3528 + 1 + 240,
    says: /Glidepath is started again/,
  },
  {
    name: 'this computer goes down last, and its battery outlasts the outage',
    whatIf: { powerBackAt: 1130 },
    more: { hosts: ownNas() },
    begins: 769,
    line: 904,
    down: 1114,
    empty: 1200,
    back: null,
    says: /has to be started by hand/,
  },
  {
    name: 'this computer is going down when the power is back',
    whatIf: { powerBackAt: 1060 },
    more: { hosts: ownNas() },
    begins: 769,
    line: 904,
    down: 1114,
    empty: 1200,
    says: /has to be started by hand/,
  },
];

const told = ({ startsAt, noReturnAt, downAt, returnedAt, emptyAt, cutHard }: SimulationView) => ({
  begins: startsAt,
  line: noReturnAt,
  down: downAt,
  back: returnedAt,
  empty: emptyAt,
  hard: cutHard,
});

test.each(rows)('$name', { timeout: patience }, async ({ whatIf, more, says, name: _, ...expected }) => {
  const view = await play(whatIf ?? {}, more);
  expect(told(view)).toEqual({ line: null, down: null, back: null, hard: [], ...expected });
  if (says) expect(view.sentences.map(({ text }) => text)).toContainEqual(expect.stringMatching(says));
  expect(view.shed).toEqual([]);
  const times = view.sentences.map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

describe('a battery that is too small', () => {
  test('what is given up is said, and who is cut hard', { timeout: patience }, async () => {
    const view = await play({}, ups({ runtime: 200 }));
    expect(view.shed.length).toBeGreaterThan(0);
    expect(view.cutHard).toContain('esx');
    expect(view.downAt).toBeNull();
    const shed = view.sentences.filter(({ text }) => /^The battery lasts for .* and the run still needs/.test(text));
    expect(shed).toHaveLength(view.shed.length);
  });

  test('forcing the guests brings down what would be cut hard', { timeout: patience }, async () => {
    const [{ steps = [] } = {}, ...others] = rackSequence().stages;
    const forced = rackSequence({
      stages: [{ id: 'guests', name: 'Guests', steps: steps.map((step) => ({ ...step, force: true })) }, ...others],
    });
    const more = ups({ runtime: 300 });
    const [mild, hard] = [await play({}, more), await play({}, { ...more, sequence: forced })];
    expect([mild.cutHard, hard.cutHard]).toEqual([expect.arrayContaining(['esx']), []]);
    expect(hard.shed).toContain('force');
  });
});

test(
  'the load falls with each host, so the battery lasts longer than if nothing is done',
  async () => {
    const view = await play({});
    const percentAt = (second: number) => view.battery.findLast(({ at }) => at <= second)?.percent ?? 100;
    const perSecond = (from: number, to: number) => (percentAt(from) - percentAt(to)) / (to - from);
    // All three on, then one of three.
    expect(perSecond(100, 700) / perSecond(1030, 1110)).toBeCloseTo(3, 0);
    expect(view.battery.at(0)).toEqual({ at: 0, percent: 100 });
  },
  patience,
);

test('that this computer is off is shown, though nobody is left to prove it', { timeout: patience }, async () => {
  const { steps } = await play({}, { hosts: ownNas() });
  expect(steps.find(({ id }) => id === 'off-nas')).toMatchObject({ startedAt: 1024, endedAt: 1114, state: 'done' });
});

test('what settling throws ends it', async () => {
  let left = 50;
  const settle = async () => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    left -= 1;
    if (left === 0) throw new Error('enough');
  };
  await expect(play({}, { settle })).rejects.toThrow('enough');
});

test('when this computer goes off before others, nothing more is done for them', { timeout: patience }, async () => {
  const hosts = rackHosts().map((host) => ({ ...host, isThisComputer: host.id === 'web' }));
  const view = await play({}, { hosts });
  // The web server is off at 994, the hypervisor, which had been told, at 1024; the storage was to be next.
  expect(view.steps.find(({ id }) => id === 'off-nas')?.state).toBe('waiting');
  expect(view.cutHard).toEqual(['nas']);
});

test('a guest that is this computer loses its power with its hypervisor', { timeout: patience }, async () => {
  const guest: Host = { ...linux('gp'), runsOn: 'esx', isThisComputer: true };
  const view = await play({ powerBackAt: 1500 }, { hosts: [...rackHosts(), guest] });
  const said = view.sentences.map(({ text }) => text).join(' ');
  expect(said).toContain('gp has its power back: Glidepath is started again');
  expect(said).not.toContain('has to be started by hand');
});

/** Everything else first, then the hypervisor, in a guest of which Glidepath runs. */
const fromWithin = (): Partial<SimulationInput> => ({
  hosts: [...rackHosts(), { ...linux('gp'), runsOn: 'esx', isThisComputer: true }],
  sequence: rackSequence({
    stages: [
      {
        id: 'guests',
        name: 'Guests',
        steps: [{ id: 'guests-esx', kind: 'shut-down-guests', target: 'esx', guests: { except: ['gp'] } }],
      },
      ...['web', 'nas', 'esx'].map((id) => ({
        id,
        name: id,
        steps: [{ id: `off-${id}`, kind: 'power-off', target: id }],
      })),
    ],
    pointOfNoReturn: 'web',
  }),
});

test('the hypervisor takes this computer along as the last, in order', { timeout: patience }, async () => {
  const view = await play({}, fromWithin());
  expect(view.cutHard).toEqual([]);
  expect(view.steps.flatMap(({ id, phase, state }) => (phase === 'down' ? [`${id} ${state}`] : []))).toEqual([
    'guests-esx done',
    'off-web done',
    'off-nas done',
    'off-esx done',
  ]);
  expect(view.sentences.map(({ text }) => text)).toContain('gp is off, and Glidepath with it');
});

test('and when its power is back, Glidepath brings the others back', { timeout: patience }, async () => {
  const view = await play({ powerBackAt: 9000 }, fromWithin());
  expect(view.sentences.map(({ text }) => text)).toContain('gp has its power back: Glidepath is started again');
  expect(view.steps.find(({ id }) => id === 'wake-esx')?.state).toBe('already');
  expect([view.returnedAt === null, view.cutHard]).toEqual([false, []]);
});

test('it ends after a day, whatever may still come', { timeout: 60_000 }, async () => {
  const view = await play({ powerBackAt: 86_400 }, ups({ runtime: 500 }));
  expect(view).toMatchObject({ downAt: 414, returnedAt: null, endsAt: 86_400 });
});

test('it ends after so many timers, whatever may still come', { timeout: 60_000 }, async () => {
  const view = await play({}, { ...ups({ runtime: 90_000 }), hosts: [] });
  expect(view.endsAt).toBeGreaterThan(40_000);
  expect(view.endsAt).toBeLessThan(60_000);
});
