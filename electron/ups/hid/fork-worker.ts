import { fork } from 'node:child_process';
import type { WorkerProcess } from './worker-process.ts';

/** Runs the built worker at `path` as a plain child process: for headless use and the command line, where no Electron is. */
export function forkedWorker(path: string, env: NodeJS.ProcessEnv = process.env): WorkerProcess & { pid: number } {
  const child = fork(path, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let exited: (how: string) => void = () => undefined;
  child.once('exit', (code, signal) => exited(signal ? `ended by ${signal}` : `ended with code ${code}`));
  // Could not even be started: 'exit' does not come then. Later errors are of a message to a process that is ending.
  child.on('error', (error) => {
    if (child.pid === undefined) exited(error.message);
  });
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
      exited = listener;
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
