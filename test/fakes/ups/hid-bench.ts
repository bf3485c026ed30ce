import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, type OnTestFinishedHandler } from 'vitest';
import { systemClock } from '../../../electron/brain/system-clock.ts';
import type { UpsEvent } from '../../../electron/core/ports.ts';
import { forkedWorker } from '../../../electron/ups/hid/fork-worker.ts';
import { HidSupervisor } from '../../../electron/ups/hid/supervisor.ts';
import { bundleWorker } from './bundle-worker.ts';
import { EventLog } from './event-log.ts';
import { FakeUps } from './fake-ups.ts';

/** For states of the fake that no event tells. */
export const waitFor = { timeout: 20_000, interval: 20 };
export const isFound = (event: UpsEvent) => event.type === 'found';
export const isLost = (event: UpsEvent) => event.type === 'lost';
export const isReading = (event: UpsEvent) => event.type === 'reading';
export const isTrouble = (event: UpsEvent) => event.type === 'trouble';

/** Builds the worker once for a test file. Returns what one test needs, cleared away at its end, the newest first. */
export function hidBench(): (onTestFinished: (handler: OnTestFinishedHandler) => void) => Bench {
  let workerFile = '';
  beforeAll(async () => {
    workerFile = await bundleWorker();
  });
  afterAll(() => rmSync(dirname(workerFile), { recursive: true }));
  const supervising = (fake: FakeUps, onTestFinished: (handler: OnTestFinishedHandler) => void) => {
    const pids: number[] = [];
    const supervisor = new HidSupervisor(() => {
      const worker = forkedWorker(workerFile, { ...process.env, ...fake.env() });
      pids.push(worker.pid);
      return worker;
    }, systemClock);
    onTestFinished(() => supervisor.stop());
    return { supervisor, pids };
  };
  return (onTestFinished) => ({
    async plugged(options = {}, denied = false) {
      const fake = new FakeUps(options);
      onTestFinished(() => fake.dispose());
      await fake.plug(0, { denied });
      return fake;
    },
    source: (fake) => supervising(fake, onTestFinished).supervisor,
    watch(fake) {
      const log = new EventLog();
      const { supervisor, pids } = supervising(fake, onTestFinished);
      supervisor.start((event) => log.add(event));
      return { log, pids, supervisor };
    },
  });
}

interface Bench {
  plugged(options?: ConstructorParameters<typeof FakeUps>[0], denied?: boolean): Promise<FakeUps>;
  /** What reads it, not started. */
  source(fake: FakeUps): HidSupervisor;
  watch(fake: FakeUps): { log: EventLog; pids: number[]; supervisor: HidSupervisor };
}
