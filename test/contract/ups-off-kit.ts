import { systemClock } from '../../electron/brain/system-clock.ts';
import { Engine } from '../../electron/core/engine.ts';
import type { StepActions, StepContext, StepTable, UpsOrders, UpsSource } from '../../electron/core/ports.ts';
import { noDischarges } from '../../electron/core/simulation/memory.ts';
import { upsOff } from '../../electron/targets/kinds/ups-off.ts';
import { type Step, stepSchema } from '../../shared/sequence.ts';
import { MemoryDurations } from '../fakes/memory-durations.ts';
import { MemoryJournals } from '../fakes/memory-journals.ts';
import { bench } from './targets-kit.ts';

/** The engine over one real source, as far as a step that turns off a UPS meets it. */
export async function ordersOver(source: UpsSource, upsId: string, commandsAllowed = true): Promise<UpsOrders> {
  const engine = new Engine({
    clock: systemClock,
    sources: [source],
    journals: new MemoryJournals(),
    learned: noDischarges,
    durations: new MemoryDurations(),
    warmer: null,
    steps: {} as StepTable,
    newRunId: () => 'run-1',
    decided: () => undefined,
    report: (error) => {
      throw error;
    },
  });
  engine.setSupplies([{ id: upsId, name: 'Rack', commandsAllowed }]);
  const seen = new Promise<void>((resolve) => {
    const stop = engine.onChange(() => {
      const power = engine.status().powers.find(({ ups }) => ups.id === upsId);
      if (!power?.reading) return;
      stop();
      resolve();
    });
  });
  await engine.start();
  await seen;
  const orders: UpsOrders = {
    find: (id) => engine.orderedUps(id),
    give: (id, order) => engine.command(id, order),
    countdown: (id, outlet) => engine.countdown(id, outlet),
  };
  return orders;
}

/** The step kind over these orders, in real time. */
export function turningOff(orders: UpsOrders): StepActions {
  return upsOff({ ...bench().deps, clock: systemClock, orders });
}

export interface Turning extends StepContext {
  cancel(): void;
}

/** A step about to be run, with its own signal, as the runner makes one. */
export function upsOffStep(ups: string, more: Partial<Extract<Step, { kind: 'ups-off' }>> = {}): Turning {
  let isCancelled = false;
  return {
    step: stepSchema.parse({ id: 'ups-off', kind: 'ups-off', ups, delay: 60, ...more }),
    host: null,
    earlier: [],
    signal: new AbortController().signal,
    isCancelled: () => isCancelled,
    isPressed: () => false,
    spared: () => [],
    tell: () => undefined,
    cancel: () => {
      isCancelled = true;
    },
  };
}
