import { FaultError } from '../../../shared/fault.ts';
import { lostFault } from './lost-fault.ts';

interface Job {
  run(): Promise<void>;
  drop(fault: FaultError): void;
}

/** What is to be done with a device between two polls: only one may talk to it at a time. */
export class Jobs {
  readonly #where: string;
  readonly #waiting: Job[] = [];
  #running: Job | null = null;
  #over = false;

  /** `where`: the device, for people. */
  constructor(where: string) {
    this.#where = where;
  }

  /** Resolves with what the work gives. @throws FaultError `ups-lost` when the device is lost before or meanwhile */
  add<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const drop = (fault: FaultError) => reject(fault);
      if (this.#over) {
        drop(this.#gone('it is not connected'));
        return;
      }
      const run = async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error instanceof FaultError ? error : this.#gone(error));
          // What is no fault of the work is the end of the device: the one who polls has to know.
          if (!(error instanceof FaultError)) throw error;
        }
      };
      this.#waiting.push({ run, drop });
    });
  }

  get waiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Does the first one. Throws when the device is gone. */
  async next(): Promise<void> {
    this.#running = this.#waiting.shift() ?? null;
    await this.#running?.run();
    this.#running = null;
  }

  /** Nothing more is done. What goes on is lost too: what its calls still say comes from closing the device. */
  end(why: unknown): void {
    this.#over = true;
    this.#running?.drop(this.#gone(why));
    for (const { drop } of this.#waiting.splice(0)) drop(this.#gone(why));
  }

  #gone(why: unknown): FaultError {
    return new FaultError(lostFault(this.#where, why));
  }
}
