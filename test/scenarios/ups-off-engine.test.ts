import { expect, test } from 'vitest';
import { Engine } from '../../electron/core/engine.ts';
import type { StepTable, UpsOrders } from '../../electron/core/ports.ts';
import { upsOff } from '../../electron/targets/kinds/ups-off.ts';
import { SimulatedUps } from '../../electron/ups/simulated.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryDurations } from '../fakes/memory-durations.ts';
import { MemoryJournals } from '../fakes/memory-journals.ts';
import { MemoryLearned } from '../fakes/memory-learned.ts';
import { World } from '../fakes/world.ts';
import { fed, sequenceOf } from './runner-bench.ts';

// A whole outage: the engine, the step through the engine's own rules, and a UPS that really counts down and turns off.

const upsId = 'simulated:1';
const hosts = [fed('web', [{ id: upsId }]), fed('nas', [{ id: upsId }])];
const off = (id: string) => ({ id: `off-${id}`, kind: 'power-off', target: id });
const wake = (id: string) => ({ id: `wake-${id}`, kind: 'wake', target: id });
const sequence = sequenceOf(
  [
    { steps: [off('web')] },
    { steps: [off('nas')] },
    { steps: [{ id: 'last', kind: 'ups-off', ups: upsId, delay: 60 }] },
  ],
  {
    pointOfNoReturn: 's2',
    returnStages: [{ id: 'back', name: 'Back', steps: [wake('nas'), wake('web')] }],
    triggers: { runtime: {}, charge: {}, onBattery: { enabled: true, seconds: 60 } },
  },
);

async function started(commandsAllowed: boolean) {
  const clock = new ManualClock();
  const ups = new SimulatedUps(clock);
  const world = new World(clock, ['web', 'nas']);
  const orders: UpsOrders = {
    find: (id) => engine.orderedUps(id),
    give: (id, order) => engine.command(id, order),
    countdown: (id, outlet) => engine.countdown(id, outlet),
  };
  const steps: StepTable = { ...world.steps, 'ups-off': upsOff({ clock, orders }) };
  const engine: Engine = new Engine({
    clock,
    sources: [ups],
    journals: new MemoryJournals(),
    learned: new MemoryLearned(),
    durations: new MemoryDurations(),
    warmer: null,
    steps,
    newRunId: () => 'run-1',
    decided: () => undefined,
    report: (error) => {
      throw error;
    },
  });
  engine.setSupplies([{ id: upsId, name: 'Rack', commandsAllowed }]);
  engine.setPlan({ sequence, hash: 'h', armed: true }, hosts);
  await engine.start();
  await clock.advance(10_000);
  const reading = () => engine.status().powers[0]?.reading;
  const seconds = (n: number) => clock.advance(n * 1000);
  const until = async (isSo: () => boolean | undefined): Promise<void> => {
    for (let second = 0; second < 600 && !isSo(); second += 1) await seconds(1);
    expect(isSo()).toBe(true);
  };
  return { engine, clock, ups, world, reading, seconds, until };
}

const stateOf = (engine: Engine, step: string) => engine.run()?.steps[step];

test('it is told last, turns off when it said so, and the hosts are woken when it feeds them again', async () => {
  const { engine, clock, ups, world, reading, seconds, until } = await started(true);
  ups.cut();
  await until(() => stateOf(engine, 'last')?.state === 'done');
  expect(stateOf(engine, 'last')?.proof).toMatch(/^it turns off in (1 min|59 s)$/);
  const { offAt } = stateOf(engine, 'last')?.data ?? {};
  expect(reading()?.outputOff).toBe(false);
  await until(() => reading()?.outputOff === true);
  // A flag is shown when it has been there for some seconds.
  expect(Math.abs(clock.now() - Number(offAt))).toBeLessThan(10_000);
  expect(world.powers()).toEqual({ web: 'off', nas: 'off' });
  ups.restore();
  await seconds(100);
  expect(engine.run()?.phase).toBe('waiting-for-return');
  await until(() => engine.run()?.phase === 'ended');
  expect(engine.run()?.result).toBe('done');
  expect(world.powers()).toEqual({ web: 'on', nas: 'on' });
});

test('without commands allowed it is not told, and the hosts go down all the same', async () => {
  const { engine, ups, world, reading, seconds, until } = await started(false);
  ups.cut();
  await until(() => stateOf(engine, 'last')?.state === 'failed');
  expect(stateOf(engine, 'last')?.fault).toMatchObject({ code: 'refused', where: 'Rack' });
  await seconds(120);
  expect(reading()?.outputOff).toBe(false);
  expect(world.powers()).toEqual({ web: 'off', nas: 'off' });
});
