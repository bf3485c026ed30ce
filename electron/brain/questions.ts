import { FaultError } from '../../shared/fault.ts';

/** What a native dialog says. The button names the act, never "OK". */
export interface Question {
  message: string;
  detail: string;
  button: string;
}

/** `basis`: what the words are about, to the letter. When it is another by the time of the answer, the answer is void. */
export interface BoundQuestion extends Question {
  basis: string;
}

/**
 * Every change that the user asks for passes here, from the window and from the tray. A change that needs a yes is
 * alone: what was begun before is waited for, what comes while the question is open is refused, so nothing else can
 * become true between what the user reads and what is done.
 */
export class Questions {
  readonly #ask: (question: Question) => Promise<boolean>;
  readonly #changing = new Set<Promise<unknown>>();
  #isOpen = false;

  constructor(ask: (question: Question) => Promise<boolean>) {
    this.#ask = ask;
  }

  /** @throws FaultError `refused` while a question is open */
  requireNone(where: string): void {
    if (this.#isOpen) throw fault('refused', where, 'A question is open.', 'Answer it first.');
  }

  /**
   * `find`: the question that stands before this act as things are now; null when none does.
   * @throws FaultError `not-confirmed`; `refused` while a question is open, or when the answer came too late; and
   * whatever `find` and `act` throw
   */
  async change<T>(where: string, find: () => BoundQuestion | null, act: () => T | Promise<T>): Promise<T> {
    this.requireNone(where);
    if (find() === null) return this.#track(Promise.resolve(act()));
    this.#isOpen = true;
    try {
      await Promise.allSettled(this.#changing);
      await this.#confirm(where, find);
    } finally {
      this.#isOpen = false;
    }
    // Begun in the same breath; what takes long, as a command to a UPS, does not keep a run from being stopped.
    return this.#track(Promise.resolve(act()));
  }

  async #confirm(where: string, find: () => BoundQuestion | null): Promise<void> {
    const question = find();
    if (question === null) return;
    if (!(await this.#ask(question))) throw fault('not-confirmed', where, 'It was not confirmed.', 'Nothing was done.');
    if (find()?.basis === question.basis) return;
    throw fault('refused', where, 'Something changed while the question was open.', 'Look at it as it is now.');
  }

  async #track<T>(change: Promise<T>): Promise<T> {
    this.#changing.add(change);
    try {
      return await change;
    } finally {
      this.#changing.delete(change);
    }
  }
}

function fault(code: 'refused' | 'not-confirmed', where: string, what: string, remedy: string): FaultError {
  return new FaultError({ code, what, where, remedy });
}
