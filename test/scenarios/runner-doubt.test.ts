import { describe, expect, test } from 'vitest';
import { FaultError } from '../../shared/fault.ts';
import { esxi } from '../fakes/rack-samples.ts';
import { fed, outage, type Rig, rig, sequenceOf, upsA, upsB } from './runner-bench.ts';

const a = [upsA];
const off = (id: string, patch: object = {}) => ({ id: `off-${id}`, kind: 'power-off', target: id, ...patch });
const wake = (id: string) => ({ id: `wake-${id}`, kind: 'wake', target: id });
const back = (steps: object[]) => ({ returnStages: [{ id: 'back', name: 'Back', steps }] });
const lost = () =>
  new FaultError({ code: 'dead-peer', what: 'the connection was lost', where: 'world', remedy: 'none' });

/** The act reaches the host, and the connection ends before the host can say so. */
function losesAnswers(made: Rig, kind: 'power-off' | 'shut-down-guests' | 'enter-maintenance'): void {
  const actions = made.world.steps[kind];
  const { act } = actions;
  actions.act = async (context) => {
    await act(context);
    throw lost();
  };
}

describe('what may have arrived', () => {
  const line = sequenceOf(
    [{ steps: [off('web', { retries: 5 })] }, { steps: [{ id: 'last', kind: 'wait', seconds: 1 }] }],
    { ...back([wake('web')]), returnWhen: { stableSeconds: 100 } },
  );

  test('a host that goes down long after the run was cancelled is woken', async () => {
    const made = await rig(line, [fed('web', a)]);
    losesAnswers(made, 'power-off');
    made.world.host('web').slow = 75;
    await outage(made, 'a');
    await made.seconds(1);
    made.a.restore({ charge: 100 });
    await made.seconds(80);
    expect(made.run().steps['off-web']).toMatchObject({ state: 'skipped', accepted: false });
    expect(made.run().cancelled).toMatch(/mains are back/);
    await made.seconds(300);
    expect(made.world.powers()).toEqual({ web: 'on' });
    expect(made.run().steps['wake-web']?.state).toBe('done');
  });

  test('a host that was let go in doubt, and goes down after that, is woken', async () => {
    const hosts = [fed('web', a), fed('nas', [upsB])];
    const sequence = sequenceOf(
      [{ steps: [off('web', { retries: 5 }), { id: 'grace', kind: 'wait', seconds: 150 }] }, { steps: [off('nas')] }],
      back([wake('web'), wake('nas')]),
    );
    const made = await rig(sequence, hosts);
    losesAnswers(made, 'power-off');
    made.world.host('web').slow = 75;
    await outage(made, 'both', { wanted: ['web', 'nas'] });
    await made.seconds(1);
    made.a.restore({ charge: 100 });
    await made.seconds(250);
    expect(made.run().wanted).toEqual(['nas']);
    made.b.restore({ charge: 100 });
    await made.seconds(400);
    expect(made.world.powers()).toEqual({ web: 'on', nas: 'on' });
  });

  test('what the second look found stands in the journal when the first one told nothing', async () => {
    const made = await rig(line, [fed('web', a)]);
    const { probe, act } = made.world.steps['power-off'];
    let looks = 0;
    made.world.steps['power-off'].probe = async (context) => {
      looks += 1;
      if (looks === 1) throw lost();
      const seen = await probe(context);
      return seen.state === 'not-done' ? { ...seen, data: { seen: looks } } : seen;
    };
    let attempts = 0;
    made.world.steps['power-off'].act = async (context) => {
      attempts += 1;
      if (attempts < 3) throw lost();
      return act(context);
    };
    await outage(made, 'a');
    await made.seconds(60);
    const intents = made.journals.records.filter((record) => record.type === 'intent' && record.step === 'off-web');
    expect(intents.map((record) => (record.type === 'intent' ? record.data : null))).toEqual([
      {},
      { seen: 2 },
      { seen: 2 },
    ]);
  });

  test.each([
    ['skipped', 5],
    ['failed', 0],
  ])(
    'guests of which some were asked are started again, though their host was not switched off: %s',
    async (state, retries) => {
      const esx = { ...esxi('esx'), fedBy: fed('x', a).fedBy };
      const guests = { id: 'guests', kind: 'shut-down-guests', target: 'esx', retries };
      const rest = { id: 'rest', kind: 'wait', seconds: 1 };
      const start = { id: 'start', kind: 'start-guests', target: 'esx' };
      const made = await rig(
        sequenceOf([{ steps: [guests, off('esx', { needs: ['guests'] })] }, { steps: [rest] }], back([start])),
        [esx],
      );
      losesAnswers(made, 'shut-down-guests');
      made.world.host('esx').stubborn.add('vm2');
      await outage(made, 'a');
      await made.seconds(1);
      made.a.restore({ charge: 100 });
      await made.seconds(80);
      expect(made.run().steps.guests).toMatchObject({ state, accepted: false });
      await made.seconds(100);
      expect([...made.world.host('esx').guestsOn].sort()).toEqual(['vm1', 'vm2']);
    },
  );

  test.each([
    ['skip-optional', 'not sent again, and not done: it is optional, and the battery would not last for everything'],
    ['shorten-limits', /^given up unproven: it has had more than its usual 1 min, and the 39 s of battery/],
  ])('an optional step that is left out says so, and what needs it goes on without it: %s', async (last, proof) => {
    const sequence = sequenceOf(
      [
        { steps: [off('app', { optional: true, retries: 5 }), off('web', { needs: ['off-app'] })] },
        { steps: [{ id: 'rest', kind: 'wait', seconds: 30, optional: true }] },
        { steps: [off('nas')] },
      ],
      { shed: last === 'skip-optional' ? [last] : ['skip-optional', last] },
    );
    const made = await rig(sequence, [fed('app', a), fed('web', a), fed('nas', a)]);
    const kind = made.world.steps['power-off'];
    const { act } = kind;
    kind.act = async (context) => {
      if (context.host?.id === 'app') throw lost();
      return act(context);
    };
    await outage(made, 'a');
    made.battery(100);
    await made.seconds(200);
    expect(made.run().shed).toContain('skip-optional');
    expect(made.run().steps['off-app']?.state).toBe('skipped');
    expect(made.run().steps['off-app']?.proof).toMatch(proof);
    expect(made.run().steps['off-web']?.state).toBe('done');
  });
});

test('a host that was off before stays off, however often it is tried to reach it', async () => {
  const sequence = sequenceOf([{ steps: [off('web', { retries: 8 })] }], back([wake('web')]));
  const made = await rig(sequence, [fed('web', a)]);
  made.world.host('web').power = 'off';
  // As a real look: silence proves nothing before it has lasted.
  const kind = made.world.steps['power-off'];
  const since = made.clock.monotonic();
  kind.probe = async () =>
    made.clock.monotonic() - since > 25_000
      ? { state: 'done', proof: 'silent for 20 s' }
      : { state: 'not-done', seen: 'no answer yet' };
  await outage(made, 'a');
  await made.seconds(100);
  expect(made.run().steps['off-web']?.state).toBe('already');
  made.a.restore({ charge: 100 });
  await made.seconds(200);
  expect(made.world.powers()).toEqual({ web: 'off' });
});

test('what was switched off for several failed UPSes is brought back when none fails any more', async () => {
  const when = [{ is: 'failed-upses', atLeast: 2 }];
  const sequence = sequenceOf([{ steps: [off('web')], when }, { steps: [{ id: 'late', kind: 'wait', seconds: 60 }] }], {
    pointOfNoReturn: 's1',
    returnStages: [{ id: 'back', name: 'Back', when, steps: [wake('web')] }],
  });
  const made = await rig(sequence, [fed('web', [upsA, upsB])]);
  await outage(made, 'both');
  await made.seconds(40);
  expect(made.run().steps['off-web']?.state).toBe('done');
  made.a.restore({ charge: 100 });
  made.b.restore({ charge: 100 });
  await made.seconds(300);
  expect(made.world.powers()).toEqual({ web: 'on' });
});
