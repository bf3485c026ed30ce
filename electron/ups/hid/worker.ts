import { setDriverType } from 'node-hid';
import { assertNever } from '../../../shared/assert-never.ts';
import { toFault } from '../../../shared/fault.ts';
import type { WorkerAnswer, WorkerCommand } from './messages.ts';
import { thisPlatform } from './platforms/this-platform.ts';
import { UpsWatcher } from './watcher.ts';
import { openWorkerPort } from './worker-port.ts';

// The entry of a process of its own: native crashes and hangs end here, not in the main process.

const heartbeatEvery = 1000;
const exit = () => process.exit(0);

// Before anything else: the libusb flavour takes the device away from the kernel.
if (process.platform === 'linux') setDriverType('hidraw');

const port = openWorkerPort();
// SIGKILL, as exit handlers of native code would wait for the call that hangs. The supervisor starts a new process.
const watcher = new UpsWatcher(thisPlatform(), port.send, () => process.kill(process.pid, 'SIGKILL'));

type Request = Extract<WorkerCommand, { request: number }>;

async function answer(asked: Request): Promise<WorkerAnswer> {
  const session = watcher.session(asked.upsId);
  switch (asked.type) {
    case 'command':
      return { to: 'command', sentence: await session.command(asked.order) };
    case 'details':
      return { to: 'details', details: session.details() };
    case 'dump':
      return { to: 'dump', dump: await session.dump() };
    default:
      return assertNever(asked, 'worker request');
  }
}

function serve(asked: Request): void {
  const { request } = asked;
  answer(asked).then(
    (found) => port.send({ type: 'answer', request, answer: found }),
    (error) => port.send({ type: 'refused', request, fault: toFault(error, asked.upsId) }),
  );
}

port.onCommand((command) => {
  switch (command.type) {
    case 'begin':
      watcher.begin(command.quietMs);
      return;
    case 'hurry':
      watcher.hurry(command.onBattery);
      return;
    case 'command':
    case 'details':
    case 'dump':
      serve(command);
      return;
    case 'stop':
      watcher.stop().then(exit, exit);
      return;
    default:
      assertNever(command, 'worker command');
  }
});

port.send({ type: 'heartbeat' });
setInterval(() => port.send({ type: 'heartbeat' }), heartbeatEvery);
