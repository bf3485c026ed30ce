import type { WorkerCommand, WorkerMessage } from '../../../electron/ups/hid/messages.ts';
import type { WorkerProcess } from '../../../electron/ups/hid/worker-process.ts';

/** A worker process that says what the test tells it to. */
export class ScriptedWorker implements WorkerProcess {
  readonly commands: WorkerCommand[] = [];
  killed = false;
  #message: (message: unknown) => void = () => undefined;
  #exit: (how: string) => void = () => undefined;
  #exiting = false;

  post(command: WorkerCommand): void {
    if (this.#exiting) throw new Error('posted from the exit listener');
    this.commands.push(command);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }

  onExit(listener: (how: string) => void): void {
    this.#exit = listener;
  }

  kill(): void {
    this.killed = true;
  }

  say(message: WorkerMessage): void {
    this.#message(message);
  }

  /** Whatever a broken process may send. */
  babble(message: unknown): void {
    this.#message(message);
  }

  exit(how = 'ended with code 139'): void {
    this.#exiting = true;
    this.#exit(how);
    this.#exiting = false;
  }
}
