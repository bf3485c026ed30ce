import { systemClock } from '../../../../electron/brain/system-clock.ts';
import { forkedWorker } from '../../../../electron/ups/hid/fork-worker.ts';
import { HidSupervisor } from '../../../../electron/ups/hid/supervisor.ts';

// Runs in the virtual machine: our supervisor and our built worker, told to the test by the line.

const [workerFile = ''] = process.argv.slice(2);
const say = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`);

const supervisor = new HidSupervisor(() => {
  const worker = forkedWorker(workerFile);
  say({ type: 'worker', pid: worker.pid });
  return worker;
}, systemClock);
supervisor.start(say);
process.once('SIGTERM', () => supervisor.stop().then(() => process.exit(0)));
