import { describe, expect, test } from 'vitest';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { linux } from '../fakes/rack-samples.ts';
import { supply } from '../fakes/supply-view.ts';
import type { Trouble } from '../fakes/world.ts';
import { fed, outage, type Rig, rig, sequenceOf, upsA, upsB } from './runner-bench.ts';
import { play } from './simulation-kit.ts';

// Which UPSes a run for every host turns off, and which it leaves on.

const off = (id: string) => ({ id: `off-${id}`, kind: 'power-off', target: id });
const upsOff = (id: string, ups: string, patch: object = {}) => ({ id, kind: 'ups-off', ups, delay: 60, ...patch });
const offA = upsOff('ups-a', upsA.id);
const offB = upsOff('ups-b', upsB.id);
const hosts = [fed('web', [upsA]), fed('nas', [upsB])];
const last = [{ steps: [off('web')] }, { steps: [off('nas')] }, { steps: [offA, offB] }];
const byHand = { cause: 'by-hand', followsPower: false, upses: [] } as const;

async function rigWith(stages: object[], inventory: Host[] = hosts): Promise<Rig> {
  const made = await rig(sequenceOf(stages), inventory);
  made.world.upses.onOff = (ups) => {
    for (const { id, fedBy } of inventory) if (fedBy.upses.includes(ups)) made.world.cut(id);
  };
  return made;
}

const upsActs = ({ world }: Rig) => world.acts.filter((act) => act.startsWith('ups-'));
const cutHard = ({ world }: Rig) => [...world.hosts].filter(([, host]) => host.cutHard).map(([name]) => name);
const endOf = (made: Rig, step: string) => {
  const { state, proof } = made.run().steps[step] ?? {};
  return `${state}: ${proof}`;
};
const down = async (made: Rig): Promise<void> => {
  for (let second = 0; made.run().phase === 'down' && second < 600; second += 1) await made.seconds(1);
  expect(made.run().phase).not.toBe('down');
};

describe('a run that was begun for the power', () => {
  test('leaves a UPS on that has the mains, and does not fail for that', async () => {
    const made = await rigWith(last);
    await outage(made, 'a');
    await down(made);
    expect(endOf(made, 'ups-b')).toBe('skipped: not begun: it has the mains');
    expect(made.run().downResult).toBe('done');
    await made.seconds(100);
    expect(upsActs(made)).toEqual([`ups-off ${upsA.id}`]);
    expect(made.world.powers()).toEqual({ web: 'off', nas: 'off' });
  });

  test('nor does it cut a host hard there that will not go down', async () => {
    const made = await rigWith(last);
    made.world.host('nas').trouble = 'stuck';
    await outage(made, 'a');
    await down(made);
    await made.seconds(100);
    expect(made.world.powers()).toEqual({ web: 'off', nas: 'on' });
  });

  test('turns it off when it fails as well before the end', async () => {
    const made = await rigWith(last);
    made.world.host('nas').slow = 60;
    await outage(made, 'a');
    await made.seconds(45);
    expect(made.run().steps['ups-b']?.state).toBe('waiting');
    made.b.cut({ runtime: 3600 });
    await down(made);
    expect(upsActs(made)).toEqual([`ups-off ${upsA.id}`, `ups-off ${upsB.id}`]);
  });

  /** Both fail, and the mains of B are back when its host goes down. */
  async function backTooLate(nas: 'stuck' | null): Promise<Rig> {
    const made = await rigWith(last);
    made.world.host('nas').trouble = nas;
    await outage(made, 'both');
    for (let second = 0; made.run().steps['off-nas']?.accepted === false && second < 600; second += 1)
      await made.seconds(1);
    made.b.restore();
    await down(made);
    return made;
  }

  test('turns off one that had failed and has its mains again: what is off then comes up by that', async () => {
    const made = await backTooLate(null);
    expect(upsActs(made).sort()).toEqual([`ups-off ${upsA.id}`, `ups-off ${upsB.id}`].sort());
    await made.seconds(100);
    expect(cutHard(made)).toEqual([]);
  });

  test('not so while a host is on there: it has the mains', async () => {
    const made = await backTooLate('stuck');
    expect(endOf(made, 'ups-b')).toBe('skipped: not begun: nas is not off');
    await made.seconds(100);
    expect(made.world.powers()).toEqual({ web: 'off', nas: 'on' });
  });

  test('turns it off all the same if it fails once more', async () => {
    const made = await rigWith([{ steps: [offB] }, { steps: [off('web')] }, { steps: [off('nas')] }]);
    Object.assign(made.world.host('web'), { slow: 120 });
    made.b.cut({ runtime: 3600 });
    await made.seconds(3);
    made.b.restore();
    await made.seconds(3);
    await outage(made, 'a', { upses: [upsA.id, upsB.id] });
    await made.seconds(20);
    expect(upsActs(made)).toEqual([]);
    made.b.cut({ runtime: 3600 });
    await made.seconds(4);
    expect(upsActs(made)).toEqual([`ups-off ${upsB.id}`]);
  });

  test('leaves one on of which nobody knows whether it failed', async () => {
    const made = await rigWith(last);
    made.b.unplug();
    await made.seconds(20);
    await outage(made, 'a');
    await down(made);
    expect(endOf(made, 'ups-b')).toBe('skipped: not begun: nothing tells that it has failed');
    expect(upsActs(made)).toEqual([`ups-off ${upsA.id}`]);
  });

  test('turns off one that feeds no host of the plan and fails too, and a restart does not call that off', async () => {
    const early = [{ steps: [offB, off('web')] }, { steps: [{ id: 'wait', kind: 'wait', seconds: 30 }] }];
    const made = await rigWith(early, [fed('web', [upsA])]);
    await outage(made, 'both', { upses: [upsA.id] });
    await made.seconds(3);
    expect(made.run().upses).toEqual([upsA.id]);
    expect(upsActs(made)).toEqual([`ups-off ${upsB.id}`]);
    made.kill();
    // It is heard again only after a while.
    made.b.plugged = false;
    await made.restart();
    await down(made);
    expect(upsActs(made)).toEqual([`ups-off ${upsB.id}`]);
  });
});

describe('a run that is taken up again', () => {
  const own = fed('own', [upsB], { isThisComputer: true });
  /** Its UPS has its mains again behind the line, and the NAS there does not go off: then this computer does. */
  async function startedAgain(gone: number): Promise<Rig> {
    const stages = [{ steps: [off('nas'), upsOff('ups-b', upsB.id, { after: 20 })] }, { steps: [off('own')] }];
    const made = await rig(sequenceOf(stages, { pointOfNoReturn: 's1' }), [...hosts, own]);
    made.world.host('nas').trouble = 'stuck';
    await outage(made, 'b');
    await made.seconds(5);
    made.b.restore();
    for (let second = 0; made.run().steps['off-own']?.accepted === false && second < 900; second += 1)
      await made.seconds(1);
    expect(endOf(made, 'ups-b')).toBe('waiting: ');
    made.kill();
    await made.seconds(gone);
    made.world.host('own').power = 'on';
    await made.restart();
    await made.seconds(300);
    return made;
  }

  test.each([60, 3600])('leaves a UPS on that has its mains again, before that is heard: after %i s', async (gone) => {
    const made = await startedAgain(gone);
    expect(upsActs(made)).toEqual([]);
    expect(made.world.powers()).toEqual({ web: 'on', nas: 'on', own: 'on' });
    expect(made.run()).toMatchObject({ downResult: 'failed', cancelled: null });
  });

  /** The process ends when it tells the UPS to turn off; the NAS there does not go off. */
  async function endsAtTelling(): Promise<Rig> {
    const made = await rig(sequenceOf([{ steps: [off('nas')] }, { steps: [offB] }]), hosts);
    made.world.host('nas').trouble = 'stuck';
    const { act } = made.world.steps['ups-off'];
    made.world.steps['ups-off'].act = () => {
      made.kill();
      return new Promise(() => undefined);
    };
    await outage(made, 'b');
    for (let second = 0; made.run().steps['ups-b']?.attempt === 0 && second < 900; second += 1) await made.seconds(1);
    await made.seconds(20);
    made.world.steps['ups-off'].act = act;
    return made;
  }

  test.each([true, false])(
    'tells no UPS in doubt with its mains back and a host on there; heard: %s',
    async (isHeard) => {
      const made = await endsAtTelling();
      made.b.restore();
      made.b.plugged = isHeard;
      await made.restart();
      await made.seconds(300);
      expect(upsActs(made)).toEqual([]);
      expect(made.run().phase).not.toBe('down');
    },
  );

  test('tells one in doubt once more that has not', async () => {
    const made = await endsAtTelling();
    await made.restart();
    await made.seconds(300);
    expect(upsActs(made)).toEqual([`ups-off ${upsB.id}`]);
  });

  test('turns one off that is still without its mains, though nothing else is left to be done', async () => {
    const made = await rig(sequenceOf([{ steps: [off('nas')] }, { steps: [offB] }]), hosts);
    made.world.host('nas').trouble = 'stuck';
    const { probe } = made.world.steps['ups-off'];
    made.world.steps['ups-off'].probe = () => {
      made.kill();
      return new Promise(() => undefined);
    };
    await outage(made, 'b');
    for (let second = 0; made.run().steps['ups-b']?.state === 'waiting' && second < 900; second += 1)
      await made.seconds(1);
    made.world.steps['ups-off'].probe = probe;
    await made.restart();
    await made.seconds(100);
    expect(upsActs(made)).toEqual([`ups-off ${upsB.id}`]);
  });
});

describe('a run that was begun by hand on mains', () => {
  test('turns off every UPS, however early its step stands, once all that it feeds is off', async () => {
    const made = await rigWith([{ steps: [offA, offB, off('web')] }, { steps: [off('nas')] }]);
    await made.begin(byHand);
    await down(made);
    expect(made.world.acts).toEqual(['power-off web', `ups-off ${upsA.id}`, 'power-off nas', `ups-off ${upsB.id}`]);
    await made.seconds(100);
    expect(cutHard(made)).toEqual([]);
    expect(made.run().downResult).toBe('done');
  });

  test('leaves a UPS on while a host is on that it feeds, in the plan or not', async () => {
    const made = await rigWith(last, [...hosts, fed('desk', [upsA])]);
    made.world.host('nas').trouble = 'stuck';
    await made.begin(byHand);
    await down(made);
    expect(endOf(made, 'ups-a')).toBe('skipped: not begun: desk is not off');
    expect(endOf(made, 'ups-b')).toBe('skipped: not begun: nas is not off');
    await made.seconds(100);
    expect(made.world.powers()).toEqual({ web: 'off', nas: 'on', desk: 'on' });
  });

  test('goes by what carries a guest, and does not wait for the computer that has to tell it', async () => {
    const own = fed('desk', [upsB], { isThisComputer: true });
    const inventory = [...hosts, fed('vm', [], { runsOn: 'web' }), own];
    const made = await rigWith([...last, { steps: [off('desk')] }], inventory);
    await made.begin(byHand);
    await down(made);
    expect(made.world.acts).toEqual([
      'power-off web',
      'power-off nas',
      `ups-off ${upsA.id}`,
      `ups-off ${upsB.id}`,
      'power-off desk',
    ]);
    await made.seconds(100);
    expect(cutHard(made)).toEqual([]);
  });

  test.each<[Trouble | null, string]>([
    [null, 'done: '],
    ['refuses', 'skipped: not begun: box, vm1, desk are not off'],
  ])(
    'counts the other guests of what takes Glidepath along as off only once they are seen to be: %s',
    async (trouble, end) => {
      const box = { ...fed('box', [upsB]), kind: 'proxmox' as const };
      const inside = [fed('vm1', [], { runsOn: 'box' }), fed('desk', [], { runsOn: 'box', isThisComputer: true })];
      const guests = { id: 'vms', kind: 'shut-down-guests', target: 'box', guests: { except: ['desk'] } };
      const made = await rigWith([{ steps: [guests] }, { steps: [offB] }, { steps: [off('box')] }], [box, ...inside]);
      made.world.host('box').trouble = trouble;
      await made.begin(byHand);
      await down(made);
      expect(endOf(made, 'ups-b')).toContain(end);
    },
  );

  test('leaves on what feeds the computer that has to tell it, if that is not to go off', async () => {
    const inventory = [...hosts, fed('desk', [upsB], { isThisComputer: true })];
    const made = await rigWith([{ steps: [offB] }, { steps: [off('nas')] }, { steps: [off('desk')] }], inventory);
    await made.begin(byHand);
    made.keeper.skip(made.run().runId, 'off-desk');
    await down(made);
    expect(endOf(made, 'ups-b')).toBe('skipped: not begun: desk is not off');
    await made.seconds(100);
    expect(made.world.powers()).toMatchObject({ nas: 'off', desk: 'on' });
  });

  test('turns off at once what fails meanwhile', async () => {
    const made = await rigWith([{ steps: [offA, off('web')] }, { steps: [off('nas')] }]);
    made.world.host('web').slow = 30;
    await made.begin(byHand);
    await made.seconds(2);
    expect(upsActs(made)).toEqual([]);
    made.a.cut({ runtime: 3600 });
    await made.seconds(4);
    expect(upsActs(made)).toEqual([`ups-off ${upsA.id}`]);
    expect(made.world.powers().web).toBe('dying');
  });
});

describe('the simulation', () => {
  const at = (id: string, ups: string): Host => ({ ...linux(id), fedBy: { upses: [ups], need: 'any' } });
  const inventory = [at('web', 'hid:1'), at('nas', 'hid:2'), at('left-on', 'hid:2')];
  const plan = (): Sequence =>
    sequenceOf([
      { steps: [off('web'), off('nas')] },
      { steps: [upsOff('ups-1', 'hid:1'), upsOff('ups-2', 'hid:2'), { id: 'end', kind: 'wait', seconds: 1 }] },
    ]);
  const played = (states: ['battery' | 'mains', 'battery' | 'mains']) =>
    play(
      {},
      {
        sequence: plan(),
        hosts: inventory,
        powers: states.map((state, index) => ({ ...supply(`hid:${index + 1}`), state })),
      },
    );

  test('plays the same: only a UPS whose mains fail cuts what is left on there', async () => {
    const one = await played(['battery', 'mains']);
    expect(one.steps.find(({ id }) => id === 'ups-2')?.state).not.toBe('done');
    expect(one.cutHard).toEqual([]);
    const both = await played(['mains', 'mains']);
    expect(both.steps.find(({ id }) => id === 'ups-2')?.state).toBe('done');
    expect(both.cutHard).toEqual(['left-on']);
  });
});
