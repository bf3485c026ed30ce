import { describe, expect, onTestFinished, test } from 'vitest';
import { onlyOwnEndLeft } from '../../electron/brain/own-end.ts';
import { Ending } from '../../electron/cli/ending.ts';
import type { Host } from '../../shared/inventory.ts';
import { esxi } from '../fakes/rack-samples.ts';
import { fed, outage, type Rig, rig, sequenceOf, upsA, upsB } from './runner-bench.ts';

const a = [upsA];
const off = (id: string, patch: object = {}) => ({ id: `off-${id}`, kind: 'power-off', target: id, ...patch });
const own = (patch: Partial<Host> = {}): Host => fed('own', a, { isThisComputer: true, ...patch });
const hosts = [fed('nas', a), own()];
const sequence = sequenceOf([{ steps: [off('nas')] }, { steps: [off('own')] }], { pointOfNoReturn: 's1' });

/** As the daemon: asked to end whenever the run has changed. */
function endingOf(made: Rig) {
  const said: string[] = [];
  const ending = new Ending({ run: () => made.run(), armed: () => true, say: (line) => said.push(line) });
  onTestFinished(() => void process.removeAllListeners('SIGHUP'));
  let hasEnded = false;
  void ending.asked.then(() => {
    hasEnded = true;
  });
  return { ending, said, hasEnded: () => hasEnded };
}

/** Until the step was taken. */
async function accepted(made: Rig, step: string): Promise<void> {
  for (let second = 0; second < 120 && !made.run().steps[step]?.accepted; second += 0.5) await made.seconds(0.5);
  expect(made.run().steps[step]).toMatchObject({ state: 'active', accepted: true });
}

describe('a daemon on a computer that is in its own plan', () => {
  test('ends at once when its own power-off tells it to, and the next start proves the step', async () => {
    const made = await rig(sequence, hosts);
    const { ending, said, hasEnded } = endingOf(made);
    await outage(made, 'a');
    await accepted(made, 'off-own');
    process.emit('SIGHUP', 'SIGHUP');
    await ending.asked;
    expect(hasEnded()).toBe(true);
    expect(said).toEqual(['SIGHUP: nothing is left of the shutdown but this computer, which goes down now']);
    made.kill();
    await made.seconds(120);
    made.world.host('own').power = 'on';
    await made.restart();
    await made.seconds(60);
    expect(made.run()).toMatchObject({ downResult: 'done', resumes: 1 });
    expect(made.run().steps['off-own']).toMatchObject({
      state: 'done',
      proof: 'this computer had taken it, and was started again since',
    });
    expect(made.world.countActs('power-off own')).toBe(1);
  });

  test('that is told before the others are off sees them off first, and ends when only itself is left', async () => {
    const made = await rig(sequence, hosts);
    const { ending, said, hasEnded } = endingOf(made);
    await outage(made, 'a');
    await accepted(made, 'off-nas');
    process.emit('SIGHUP', 'SIGHUP');
    expect(said).toEqual(['SIGHUP: the shutdown passed its point of no return, so it is finished first']);
    await made.seconds(1);
    ending.look();
    await made.seconds(1);
    expect(hasEnded()).toBe(false);
    await accepted(made, 'off-own');
    ending.look();
    await ending.asked;
    expect(made.run().phase).toBe('down');
  });
});

describe('only the own end is left', () => {
  const untilAccepted = async (plan: typeof sequence, rack: Host[], step: string, wanted: string[] | null = null) => {
    const made = await rig(plan, rack);
    await outage(made, 'a', { wanted });
    await accepted(made, step);
    return onlyOwnEndLeft(made.run());
  };

  test('not while another host goes off beside it, nor by another one alone', async () => {
    const beside = sequenceOf([{ steps: [off('nas'), off('own')] }]);
    expect(await untilAccepted(beside, hosts, 'off-own')).toBe(false);
    expect(await untilAccepted(sequence, hosts, 'off-nas')).toBe(false);
    expect(await untilAccepted(sequenceOf([{ steps: [off('nas')] }]), hosts, 'off-nas')).toBe(false);
  });

  test('with its hypervisor, or as one of the guests', async () => {
    const rack = [{ ...esxi('esx'), fedBy: { upses: ['a'], need: 'any' } } as Host, own({ runsOn: 'esx' })];
    const guests = (choice: object) =>
      sequenceOf([{ steps: [{ id: 'guests', kind: 'shut-down-guests', target: 'esx', ...choice }] }]);
    expect(await untilAccepted(guests({}), rack, 'guests')).toBe(true);
    expect(await untilAccepted(guests({ guests: { except: ['own'] } }), rack, 'guests')).toBe(false);
    expect(await untilAccepted(sequenceOf([{ steps: [off('esx')] }]), rack, 'off-esx')).toBe(true);
  });

  test('with those that are not meant, which nobody waits for', async () => {
    expect(await untilAccepted(sequence, hosts, 'off-own', ['own'])).toBe(true);
  });

  test('with a UPS that is left on, as it has the mains', async () => {
    const upses = sequenceOf([{ steps: [{ id: 'ups-b', kind: 'ups-off', ups: upsB.id }] }, { steps: [off('own')] }]);
    expect(await untilAccepted(upses, hosts, 'off-own')).toBe(true);
  });

  test('with a UPS that has its mains again, on which a host is still on', async () => {
    const upsOff = { id: 'ups', kind: 'ups-off', ups: upsA.id, after: 20 };
    const plan = sequenceOf([{ steps: [off('nas'), upsOff] }, { steps: [off('own')] }], { pointOfNoReturn: 's1' });
    const made = await rig(plan, hosts);
    made.world.host('nas').trouble = 'stuck';
    await outage(made, 'a');
    await made.seconds(5);
    made.a.restore();
    for (let second = 0; made.run().steps['off-nas']?.state !== 'failed' && second < 600; second += 0.5)
      await made.seconds(0.5);
    await accepted(made, 'off-own');
    expect(onlyOwnEndLeft(made.run())).toBe(true);
  });

  test('with what its own condition shuts out', async () => {
    const either = sequenceOf([
      { steps: [off('own', { when: [{ is: 'beyond-tolerance' }] })] },
      { steps: [off('nas', { when: [{ is: 'within-tolerance' }] })] },
    ]);
    expect(await untilAccepted(either, hosts, 'off-own')).toBe(true);
  });
});

describe('a run of which the own end was the last', () => {
  /** The computer goes off as the last one, and is started again an hour later, with the mains back. */
  async function startedAgain(made: Rig) {
    await accepted(made, 'off-own');
    made.kill();
    made.a.restore({ charge: 100 });
    await made.seconds(3600);
    made.world.host('own').power = 'on';
    await made.restart();
    await made.seconds(600);
    return made.run();
  }
  const isCancelled = (made: Rig) => made.journals.records.some(({ type }) => type === 'cancelled');

  test('is done when it is started again, though a host was held to the end', async () => {
    const made = await rig(sequence, hosts);
    await outage(made, 'a', { wanted: ['own'] });
    expect(await startedAgain(made)).toMatchObject({ phase: 'ended', result: 'done' });
    expect(made.run().steps['off-nas']?.proof).toBe('not begun: nas still has its power');
    expect(made.world.acts).toEqual(['power-off own']);
  });

  test('turns no UPS off any more that fails only now', async () => {
    const upsOff = { id: 'ups', kind: 'ups-off', ups: upsB.id };
    const made = await rig(sequenceOf([{ steps: [upsOff] }, { steps: [off('own')] }]), hosts);
    await outage(made, 'a');
    await accepted(made, 'off-own');
    made.kill();
    await made.seconds(60);
    made.a.restore();
    made.b.cut({ runtime: 3600 });
    await made.restart();
    await made.seconds(60);
    expect(made.run().steps.ups?.proof).toBe('not begun: the run was over before');
    expect(made.world.acts).toEqual(['power-off own']);
  });

  test('and was begun by hand wakes nobody, though a UPS was left on; nor is that turned off now', async () => {
    const upsOff = { id: 'ups', kind: 'ups-off', ups: upsA.id };
    const wake = { id: 'wake-nas', kind: 'wake', target: 'nas' };
    const plan = sequenceOf([{ steps: [upsOff] }, { steps: [off('nas')] }, { steps: [off('own')] }], {
      returnStages: [{ id: 'back', name: 'Back', steps: [wake] }],
    });
    const made = await rig(plan, [...hosts, fed('desk', a)]);
    await made.begin({ cause: 'by-hand', followsPower: false, upses: [] });
    expect(await startedAgain(made)).toMatchObject({ phase: 'ended', result: 'done' });
    expect(isCancelled(made)).toBe(false);
    expect(made.run().steps.ups?.proof).toBe('not begun: own, desk are not off');
    expect(made.world.acts).toEqual(['power-off nas', 'power-off own']);
  });
});
