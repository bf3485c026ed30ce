import { describe, expect, onTestFinished, test } from 'vitest';
import { onlyOwnEndLeft } from '../../electron/brain/own-end.ts';
import { Ending } from '../../electron/cli/ending.ts';
import type { Host } from '../../shared/inventory.ts';
import { esxi } from '../fakes/rack-samples.ts';
import { fed, outage, type Rig, rig, sequenceOf, upsA } from './runner-bench.ts';

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

  test('with what its own condition shuts out', async () => {
    const either = sequenceOf([
      { steps: [off('own', { when: [{ is: 'beyond-tolerance' }] })] },
      { steps: [off('nas', { when: [{ is: 'within-tolerance' }] })] },
    ]);
    expect(await untilAccepted(either, hosts, 'off-own')).toBe(true);
  });
});
