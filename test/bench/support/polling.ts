import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../electron/brain/system-clock.ts';
import { forkedWorker } from '../../../electron/ups/hid/fork-worker.ts';
import { HidSupervisor } from '../../../electron/ups/hid/supervisor.ts';
import { EventLog } from '../../fakes/ups/event-log.ts';
import { FakeUps } from '../../fakes/ups/fake-ups.ts';
import { sum } from './numbers.ts';
import { cpuOf } from './process-tree.ts';

const workerFile = join(import.meta.dirname, '../../../out/main/hid-worker.js');

/** Milliseconds: by then every report was asked for once; and how long is looked. */
const settled = 5000;
const watched = 20_000;

export interface Polling {
  /** Percent of one processor. */
  cpu: number;
  /** Reports asked for in a second. */
  rate: number;
}

/** What the built worker, with the real node-hid, takes for so many emulated UPSes. */
export async function polling(count: number, { onBattery = false } = {}): Promise<Polling> {
  const first = new FakeUps({ serial: 'BENCH0', port: 'usb-0/input0' });
  const { folder } = first.device;
  const others = Array.from({ length: count - 1 }, (_, at) => {
    return new FakeUps({ folder, serial: `BENCH${at + 1}`, port: `usb-${at + 1}/input0` });
  });
  const upses = [first, ...others];
  for (const [number, ups] of upses.entries()) await ups.plug(number);
  const log = new EventLog();
  let pid = -1;
  const supervisor = new HidSupervisor(() => {
    const worker = forkedWorker(workerFile, { ...process.env, ...first.env() });
    pid = worker.pid;
    return worker;
  }, systemClock);
  try {
    supervisor.hurry(onBattery);
    supervisor.start((event) => log.add(event));
    for (let found = 0; found < count; found += 1) await log.next(({ type }) => type === 'found', 30_000);
    await wait(settled);
    const asked = () => sum(upses.map((ups) => ups.log.length));
    const before = { asked: asked(), used: await share(pid) };
    return { cpu: before.used, rate: ((asked() - before.asked) * 1000) / watched };
  } finally {
    await supervisor.stop();
    // The folder is everybody's, and goes last.
    for (const ups of upses) await ups.unplug();
    await first.dispose();
  }
}

/** Percent of one processor that a Node takes which only wakes up every second, as the worker's heartbeat does. */
export async function idleNode(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  await wait(settled);
  const used = await share(child.pid ?? -1);
  const ended = once(child, 'exit');
  child.kill();
  await ended;
  return used;
}

async function share(pid: number): Promise<number> {
  const before = { cpu: cpuOf([pid]), at: performance.now() };
  await wait(watched);
  return (100 * (cpuOf([pid]) - before.cpu)) / (performance.now() - before.at);
}
