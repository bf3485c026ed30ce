import { type WorkerCommand, type WorkerMessage, workerCommandSchema } from './messages.ts';

/** Electron's utility process has it, a forked one has not. @see https://www.electronjs.org/docs/latest/api/parent-port */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

export interface WorkerPort {
  send(message: WorkerMessage): void;
  onCommand(listener: (command: WorkerCommand) => void): void;
}

/** The line to the process that started this one. When it is cut this process ends: nobody would hear it. */
export function openWorkerPort(): WorkerPort {
  const parentPort = (process as NodeJS.Process & { parentPort?: ParentPort }).parentPort;
  process.once('disconnect', () => process.exit(0));
  // Whoever started it was gone before it came to listen.
  if (!parentPort && !process.connected) process.exit(0);
  return {
    send(message) {
      if (parentPort) parentPort.postMessage(message);
      else if (process.connected) process.send?.(message);
    },
    onCommand(listener) {
      const take = (data: unknown) => {
        const command = workerCommandSchema.safeParse(data);
        if (command.success) listener(command.data);
      };
      if (parentPort) parentPort.on('message', (event) => take(event.data));
      else process.on('message', take);
    },
  };
}
