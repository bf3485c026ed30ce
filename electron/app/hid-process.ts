import { utilityProcess } from 'electron';
import type { WorkerProcess } from '../ups/hid/worker-process.ts';

/** Runs the built HID worker at `path` in a process of Electron's own, where a crash of node-hid stays its own. */
export function utilityWorker(path: string): WorkerProcess {
  const child = utilityProcess.fork(path, [], { serviceName: 'Glidepath UPS' });
  let ended = false;
  let exited: (how: string) => void = () => undefined;
  child.once('exit', (code) => {
    ended = true;
    // Electron crashes when something is posted from inside this listener, as a restart by the supervisor might do.
    setImmediate(() => exited(`ended with code ${code}`));
  });
  return {
    post(command) {
      if (!ended) child.postMessage(command);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      exited = listener;
    },
    kill() {
      if (ended) return;
      // `child.kill()` asks with SIGTERM, which a process stuck in a native call may not hear.
      if (child.pid === undefined || !killNow(child.pid)) child.kill();
    },
  };
}

/** false: there is no such process any more, its exit is on the way. */
function killNow(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
