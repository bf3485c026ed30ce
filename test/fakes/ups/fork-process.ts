import { fork } from 'node:child_process';
import type { WorkerProcess } from '../../../electron/ups/hid/worker-process.ts';

/** Runs the built worker at `path` as a plain child process, where no Electron is needed. */
export function forkWorker(path: string, env: NodeJS.ProcessEnv = process.env): WorkerProcess & { pid: number } {
  const child = fork(path, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    pid: child.pid ?? -1,
    post(command) {
      // A dying child is not an error here: its exit is on the way. Without a callback Node would emit 'error'.
      if (child.connected) child.send(command, () => undefined);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      child.once('exit', (code, signal) => listener(signal ? `ended by ${signal}` : `ended with code ${code}`));
      // Could not even be started: 'exit' does not come then.
      child.once('error', (error) => {
        if (child.pid === undefined) listener(error.message);
      });
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
