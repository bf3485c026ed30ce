import { setDriverType } from 'node-hid';
import { assertNever } from '../../../shared/assert-never.ts';
import { UpsWatcher } from './watcher.ts';
import { openWorkerPort } from './worker-port.ts';

// The entry of a process of its own: native crashes and hangs end here, not in the main process.

const heartbeatEvery = 1000;
const exit = () => process.exit(0);

// Before anything else: the libusb flavour takes the device away from the kernel.
if (process.platform === 'linux') setDriverType('hidraw');

const port = openWorkerPort();
// SIGKILL, as exit handlers of native code would wait for the call that hangs. The supervisor starts a new process.
const watcher = new UpsWatcher(port.send, () => process.kill(process.pid, 'SIGKILL'));

port.onCommand((command) => {
  switch (command.type) {
    case 'begin':
      watcher.begin(command.quietMs);
      return;
    case 'hurry':
      watcher.hurry(command.onBattery);
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
