import type { WorkerCommand } from './messages.ts';

/** A process that runs worker.ts: Electron's `utilityProcess`, or a plain fork. */
export interface WorkerProcess {
  post(command: WorkerCommand): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with how it ended. Nothing may be posted from the listener. */
  onExit(listener: (how: string) => void): void;
  /** Ends it at once, whatever it is doing (SIGKILL). */
  kill(): void;
}
