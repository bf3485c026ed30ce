import { describe, expect, test } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import { type ExpectedOf, schedule } from '../../electron/core/plan/schedule.ts';
import { usual } from '../../electron/core/plan/usual.ts';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import { upsOff as upsOffKind } from '../../electron/targets/kinds/ups-off.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { linux } from '../fakes/rack-samples.ts';
import { fed, outage, type Rig, rig, sequenceOf, upsA } from './runner-bench.ts';
import { play } from './simulation-kit.ts';

const off = (id: string) => ({ id: `off-${id}`, kind: 'power-off', target: id });
const upsOff = (patch: object = {}) => ({ id: 'ups-off', kind: 'ups-off', ups: upsA.id, delay: 180, ...patch });
const hosts = [fed('web', [upsA]), fed('nas', [upsA])];

async function rigWith(stages: object[], patch: Record<string, unknown> = {}): Promise<Rig> {
  const made = await rig(sequenceOf(stages, patch), hosts);
  made.world.upses.onOff = () => {
    for (const name of ['web', 'nas']) made.world.cut(name);
  };
  return made;
}

const upsActs = ({ world }: Rig) => world.acts.filter((act) => act.startsWith('ups-'));
const logOf = (made: Rig) => made.run().log.map(({ text }) => text);
const cutHard = ({ world }: Rig) => [...world.hosts].filter(([, host]) => host.cutHard).map(([name]) => name);

describe('a UPS that a run turns off', () => {
  /** Told early and beside everything; what comes after it takes its time. */
  const early = [{ steps: [upsOff(), off('web')] }, { steps: [off('nas')] }];

  test('counts down while the rest goes on, and cuts nobody that is down in time', async () => {
    const made = await rigWith(early);
    await outage(made, 'a');
    await made.seconds(2);
    expect(made.run().steps['ups-off']).toMatchObject({ state: 'done', proof: 'it turns off in 3 min' });
    expect(made.run().steps['ups-off']?.data.offAt).toBe(made.clock.now() + 178_000);
    await made.seconds(240);
    expect(made.world.powers()).toEqual({ web: 'off', nas: 'off' });
    expect(cutHard(made)).toEqual([]);
  });

  test('cuts a host that is slower than its fixed clock, and the planner has said so', async () => {
    const made = await rigWith(early);
    const warnings = (nas: number): string[] => {
      const sequence = sequenceOf(early);
      const learned: ExpectedOf = (step) => (step.id === 'off-nas' ? { ...usual(step), p90: nas } : usual(step));
      const { steps: planned } = schedule(expand(sequence, hosts), hosts, learned);
      return findProblems({ sequence, hosts, secretIds: new Set(), upsFacts: { upses: null, planned } })
        .filter(({ stepId }) => stepId === 'ups-off')
        .map(({ what }) => what);
    };
    expect(warnings(60)).toEqual([]);
    expect(warnings(200)).toEqual([
      'nas may still be going down when the UPS turns off, 3 min after the start, and would be cut hard',
    ]);
    made.world.host('nas').slow = 200;
    await outage(made, 'a');
    await made.seconds(300);
    expect(cutHard(made)).toEqual(['nas']);
  });

  test('is called off when the mains are back before the point of no return', async () => {
    const made = await rigWith(early);
    // Its power-off is followed for minutes: the countdown must not be waited out for that.
    made.world.host('web').trouble = 'stuck';
    await outage(made, 'a');
    await made.seconds(10);
    expect(made.world.upses.counting.length).toBe(1);
    made.a.restore();
    await made.seconds(5);
    expect(made.world.upses.counting.length).toBe(0);
    expect(logOf(made)).toContain(`taken back: ${upsA.id}: does shutdown.stop`);
    await made.seconds(400);
    expect(upsActs(made)).toEqual([`ups-off ${upsA.id}`, `ups-stop ${upsA.id}`]);
    expect(cutHard(made)).toEqual([]);
  });

  test('is called off when the user stops the run', async () => {
    const made = await rigWith(early);
    made.world.host('web').trouble = 'stuck';
    await outage(made, 'a');
    await made.seconds(5);
    made.keeper.cancel('stopped by hand');
    await made.seconds(1);
    expect(made.world.upses.counting.length).toBe(0);
    await made.seconds(400);
    expect(cutHard(made)).toEqual([]);
  });

  test('is called off by the process that takes up a run that was cancelled', async () => {
    const made = await rigWith(early);
    made.world.host('web').trouble = 'stuck';
    await outage(made, 'a');
    await made.seconds(5);
    // It died with the cancel on the disk and nothing sent.
    const { undo, ...rest } = made.world.steps['ups-off'];
    Object.assign(made.world.steps['ups-off'], { undo: () => new Promise(() => undefined) });
    made.keeper.cancel('stopped by hand');
    await made.seconds(1);
    Object.assign(made.world.steps['ups-off'], { ...rest, undo });
    await made.restart();
    await made.seconds(5);
    expect(made.world.upses.counting.length).toBe(0);
    await made.seconds(400);
    expect(cutHard(made)).toEqual([]);
  });

  /** All that a UPS can be like when it is called off: it shows its countdown, soon or late, or none at all. */
  const manners = [
    { shows: true, seenAfterMs: 0 },
    { shows: true, seenAfterMs: 30_000 },
    { shows: false, seenAfterMs: 0 },
  ];
  const mannered = async ({ shows, seenAfterMs }: (typeof manners)[number]): Promise<Rig> => {
    const made = await rigWith(early);
    made.world.host('web').trouble = 'stuck';
    Object.assign(made.world.upses, { showsCountdown: shows, seenAfterMs });
    await outage(made, 'a');
    return made;
  };
  /** The next process remembers nothing but what is on the disk. */
  const forget = ({ clock, world }: Rig) =>
    Object.assign(world.steps['ups-off'], upsOffKind({ clock, orders: world.upses }));
  const once = [`ups-off ${upsA.id}`, `ups-stop ${upsA.id}`];

  test.each(manners)('is stopped once, whenever the run is cancelled: %o', async (how) => {
    // While its step goes on, just after it, and long after.
    for (const after of [0, 0.5, 1, 3, 25, 60]) {
      const made = await mannered(how);
      await made.seconds(after);
      made.keeper.cancel('stopped by hand');
      await made.seconds(600);
      expect([after, upsActs(made)]).toEqual([after, once]);
      expect(made.run().downResult).toBe('cancelled');
      expect(cutHard(made)).toEqual([]);
    }
  });

  test.each(manners)('is stopped once, also over a restart: %o', async (how) => {
    // The process dies before it was stopped, while it is, and after that.
    for (const after of [0, 0.2, 2, 20]) {
      const made = await mannered(how);
      made.world.upses.answerMs = 400;
      await made.seconds(3);
      made.keeper.cancel('stopped by hand');
      await made.seconds(after);
      made.kill();
      forget(made);
      const before = upsActs(made);
      await made.restart();
      await made.seconds(600);
      const later = upsActs(made).slice(before.length);
      // What was sent and is not on the disk is sent again, once; and what is on the disk is not.
      const isNeeded = after < 2 || before.length < 2;
      expect([after, later]).toEqual([after, isNeeded ? [`ups-stop ${upsA.id}`] : []]);
      expect(made.world.upses.counting).toEqual([]);
      expect(cutHard(made)).toEqual([]);
    }
  });

  test('is stopped once when a run is cancelled that was taken up again and waits for word of the power', async () => {
    const made = await mannered({ shows: false, seenAfterMs: 0 });
    await made.seconds(3);
    made.kill();
    forget(made);
    made.a.plugged = false;
    await made.restart();
    await made.seconds(3);
    expect(made.run().steps['ups-off']?.state).toBe('active');
    made.keeper.cancel('stopped by hand');
    await made.seconds(600);
    expect(upsActs(made)).toEqual(once);
    expect(cutHard(made)).toEqual([]);
  });

  test('is not stopped a second time because it was lost after the first', async () => {
    const made = await mannered({ shows: true, seenAfterMs: 0 });
    await made.seconds(3);
    const { upses } = made.world;
    const countdown = upses.countdown.bind(upses);
    let lost = 0;
    upses.countdown = (ups) => {
      if (upses.counting.length > 0 || lost >= 3) return countdown(ups);
      lost += 1;
      return Promise.reject(new FaultError({ code: 'ups-lost', what: 'no answer', where: ups, remedy: 'none' }));
    };
    made.keeper.cancel('stopped by hand');
    await made.seconds(60);
    expect(lost).toBe(3);
    expect(upsActs(made)).toEqual(once);
    expect(logOf(made)).toContain(`taken back: ${upsA.id} counts nothing down`);
  });

  test('that refuses to stop is asked again, and it is told when it will not', async () => {
    const made = await rigWith(early);
    made.world.host('web').trouble = 'stuck';
    await outage(made, 'a');
    await made.seconds(5);
    let asked = 0;
    Object.assign(made.world.steps['ups-off'], {
      undo: () => {
        asked += 1;
        return Promise.reject(new Error('no'));
      },
    });
    made.keeper.cancel('stopped by hand');
    await made.seconds(20);
    expect(asked).toBe(5);
    expect(logOf(made).filter((text) => text.includes('could not be taken back'))).toHaveLength(1);
  });

  test('is not called off behind the point of no return', async () => {
    const made = await rigWith([{ steps: [off('web')] }, { steps: [upsOff(), off('nas')] }]);
    await outage(made, 'a');
    for (let second = 0; made.world.upses.counting.length === 0 && second < 200; second += 1) await made.seconds(1);
    expect(made.run().noReturnAt).not.toBe(null);
    made.a.restore();
    await made.seconds(60);
    expect(upsActs(made)).toEqual([`ups-off ${upsA.id}`]);
  });

  test('is told once, also when the process dies between the intent and the outcome', async () => {
    const made = await rigWith(early);
    await outage(made, 'a');
    await made.seconds(2);
    made.kill();
    const records = made.journals.runs.get('run-1') ?? [];
    const intent = records.findIndex((record) => record.type === 'intent' && record.step === 'ups-off');
    made.journals.runs.set('run-1', records.slice(0, intent + 1));
    await made.restart();
    await made.seconds(30);
    expect(upsActs(made)).toEqual([`ups-off ${upsA.id}`]);
    expect(made.run().steps['ups-off']?.state).toBe('done');
  });
});

describe('in the simulation', () => {
  const named = (id: string, patch: Partial<Host> = {}): Host => ({
    ...linux(id),
    fedBy: { upses: ['hid:1'], need: 'any' },
    ...patch,
  });
  const sequence = (delay: number, outlet: number | null = null) =>
    sequenceOf([{ steps: [{ ...upsOff({ ups: 'hid:1', delay, outlet }) }, off('web')] }, { steps: [off('nas')] }]);
  const simulated = (delay: number, outlet: number | null = null) =>
    play({}, { sequence: sequence(delay, outlet), hosts: [named('web'), named('nas')] });

  test('a UPS that waits long enough cuts nobody, one that does not cuts what is still on', async () => {
    // Each power-off takes 90 s by its p90: web is off at 90, nas at 180.
    expect((await simulated(200)).cutHard).toEqual([]);
    expect((await simulated(120)).cutHard).toEqual(['nas']);
    expect((await simulated(30)).cutHard).toEqual(['web', 'nas']);
  });

  test('a group of outlets counts as all of the UPS: what hangs on it is not known', async () => {
    expect((await simulated(200, 2)).cutHard).toEqual([]);
    expect((await simulated(120, 2)).cutHard).toEqual(['nas']);
  });

  /** The mains are back so many seconds after the run began. */
  const backAfter = async (seconds: number, sequence: Sequence, hosts: Host[]) => {
    const { startsAt } = await play({}, { sequence, hosts });
    return play({ powerBackAt: (startsAt ?? Number.NaN) + seconds }, { sequence, hosts });
  };

  test('it turns off with the mains back as well, and cuts what nothing powers off; not once it is called off', async () => {
    const hosts = [named('web'), named('nas'), named('left-on')];
    // web is off at 90: from there on the run is completed.
    expect((await backAfter(150, sequence(400), hosts)).cutHard).toEqual(['left-on']);
    expect((await backAfter(60, sequence(400), hosts)).cutHard).toEqual([]);
  });

  test('nothing is woken before it was off and on', async () => {
    const [down, then] = [{ steps: [upsOff({ ups: 'hid:1', delay: 600 }), off('web')] }, { steps: [off('nas')] }];
    const returnStages = [{ id: 'back', name: 'Back', steps: [{ id: 'wake-web', kind: 'wake', target: 'web' }] }];
    const woken = sequenceOf([down, then], { returnStages });
    const view = await backAfter(200, woken, [named('web'), named('nas')]);
    expect(view.cutHard).toEqual([]);
    const at = view.steps.find(({ id }) => id === 'wake-web')?.startedAt ?? 0;
    expect(at - (view.startsAt ?? 0)).toBeGreaterThan(600);
    expect(view.sentences.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('which was told to turn off'),
    );
  });
});
