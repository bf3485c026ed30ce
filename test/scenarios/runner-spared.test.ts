import { expect, it } from 'vitest';
import type { StepActions } from '../../electron/core/ports.ts';
import { fed, outage, rig, sequenceOf, upsA, upsB } from './runner-bench.ts';

const hosts = [fed('a-1', [upsA]), fed('a-2', [upsA]), fed('b-1', [upsB])];
const steps = hosts.map(({ id }) => ({ id: `off-${id}`, kind: 'power-off', target: id }));

/** Which hosts a step is told to be spared, as it begins. */
async function sparedIn(wanted: string[] | null): Promise<string[][]> {
  const made = await rig(sequenceOf([{ steps }]), hosts);
  const told: string[][] = [];
  const powerOff = made.world.steps['power-off'];
  const { act } = powerOff;
  const listening: Pick<StepActions, 'act'> = {
    act: (context) => {
      told.push(context.spared().map(({ id }) => id));
      return act(context);
    },
  };
  Object.assign(powerOff, listening);
  await outage(made, 'a', { wanted });
  await made.seconds(30);
  return told;
}

it('tells a step which hosts keep their power', async () => {
  expect(await sparedIn(['a-1', 'a-2'])).toEqual([['b-1'], ['b-1']]);
});

it('spares nobody in a run that is for all', async () => {
  expect(await sparedIn(null)).toEqual([[], [], []]);
});
