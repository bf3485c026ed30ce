import { FaultError } from '../../../shared/fault.ts';
import type { NutServer } from '../../../shared/supplies.ts';
import type { Clock } from '../../core/ports.ts';
import { noAnswer, nonsense } from '../net/server-fault.ts';
import { shown } from '../net/text.ts';
import { LineReader } from './lines.ts';
import { quoteWord, splitWords } from './words.ts';

/** Milliseconds that one answer may take, from its question to its last line. Readings older than 6 s are stale. */
const answerLimit = 4000;
/** Rows and characters of one list. The largest drivers have some 300 variables. */
const longestList = { rows: 2000, characters: 256 * 1024 };
/** Questions that wait behind the one that is asked. */
const longestQueue = 200;

/** @see https://networkupstools.org/docs/developer-guide.chunked/net-protocol.html#_error_responses */
const refusals = [
  'ACCESS-DENIED',
  'ALREADY-ATTACHED',
  'ALREADY-LOGGED-IN',
  'ALREADY-SET-PASSWORD',
  'ALREADY-SET-USERNAME',
  'ALREADY-SSL-MODE',
  'CMD-NOT-SUPPORTED',
  'DATA-STALE',
  'DRIVER-NOT-CONNECTED',
  'FAILED',
  'FEATURE-NOT-CONFIGURED',
  'FEATURE-NOT-SUPPORTED',
  'INSTCMD-FAILED',
  'INVALID-ARGUMENT',
  'INVALID-PASSWORD',
  'INVALID-USERNAME',
  'INVALID-VALUE',
  'PASSWORD-REQUIRED',
  'READONLY',
  'SET-FAILED',
  'TLS-ALREADY-ENABLED',
  'TLS-NOT-ENABLED',
  'TOO-LONG',
  'UNKNOWN',
  'UNKNOWN-COMMAND',
  'UNKNOWN-TYPE',
  'UNKNOWN-UPS',
  'USERNAME-REQUIRED',
  'VAR-NOT-SUPPORTED',
];

/** upsd's `ERR`: it understood, and says no. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** `DATA-STALE`, `ACCESS-DENIED` ...; no other words than upsd's own, since a peer could repeat a password to us. */
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Where the bytes go. */
export interface Wire {
  write(text: string): void;
  close(): void;
}

interface Question {
  line: string;
  /** For a list: what its lines begin with, as `VAR rack`. */
  list: string[] | null;
  rows: string[][] | null;
  characters: number;
  resolve: (rows: string[][]) => void;
  reject: (error: Error) => void;
}

/**
 * One conversation with a upsd: questions in turn, each with its one answer. Fed with bytes; knows no socket. Whatever
 * breaks the protocol (an answer too long, too late, unasked, of the wrong kind) ends it, once, with a fault.
 * @see https://www.rfc-editor.org/rfc/rfc9271
 */
export class Talk {
  readonly #server: NutServer;
  readonly #clock: Clock;
  readonly #wire: Wire;
  readonly #lines = new LineReader();
  readonly #queue: Question[] = [];
  readonly #limit: number;
  #fault: FaultError | null = null;
  /** A password was said: a peer could repeat it, so nothing that it sends is quoted any more. */
  #isSecret = false;
  #cancelLimit: () => void = () => undefined;
  /** Called once, when it is over. */
  onEnd: () => void = () => undefined;

  /** @param limit ms that one answer may take */
  constructor(server: NutServer, clock: Clock, wire: Wire, limit = answerLimit) {
    this.#server = server;
    this.#clock = clock;
    this.#wire = wire;
    this.#limit = limit;
  }

  /** The one line that answers. @throws Refusal; FaultError when the conversation is over */
  async ask(...words: string[]): Promise<string[]> {
    const [row] = await this.#put(words, null);
    return row ?? [];
  }

  /** What stands behind `words` in each row of a list. @throws Refusal; FaultError when the conversation is over */
  list(...words: string[]): Promise<string[][]> {
    return this.#put(['LIST', ...words], words);
  }

  /** Ends it, unless it is over. */
  end(fault: FaultError): void {
    if (this.#fault) return;
    this.#fault = fault;
    this.#cancelLimit();
    this.#wire.close();
    for (const question of this.#queue.splice(0)) question.reject(fault);
    this.onEnd();
  }

  feed(chunk: Buffer): void {
    if (this.#fault) return;
    try {
      for (const line of this.#lines.feed(chunk)) this.#take(line);
    } catch (error) {
      this.end(error instanceof FaultError ? error : nonsense(this.#server, `It sent ${(error as Error).message}.`));
    }
  }

  #put(words: string[], list: string[] | null): Promise<string[][]> {
    return new Promise((resolve, reject) => {
      const full = this.#queue.length >= longestQueue;
      const fault = this.#fault ?? (full ? noAnswer(this.#server, 'Too many questions wait for its answer.') : null);
      if (fault) {
        reject(fault);
        return;
      }
      const question = { line: words.map(quoteWord).join(' '), list, rows: null, characters: 0, resolve, reject };
      if (this.#queue.push(question) === 1) this.#send(question);
    });
  }

  #send(question: Question): void {
    this.#cancelLimit = this.#clock.after(this.#limit, () =>
      this.end(noAnswer(this.#server, `It has not answered within ${this.#limit / 1000} s.`)),
    );
    this.#isSecret ||= question.line.startsWith('PASSWORD ');
    this.#wire.write(`${question.line}\n`);
  }

  #take(line: string): void {
    if (this.#fault) return;
    const [question] = this.#queue;
    if (!question) throw nonsense(this.#server, `It sent a line that nothing asked for${this.#quoted(line)}.`);
    const words = splitWords(line);
    if (!words || words.length === 0) throw nonsense(this.#server, `It sent a broken line${this.#quoted(line)}.`);
    if (words[0] === 'ERR') this.#done(() => question.reject(new Refusal(refusalOf(words[1]))));
    else if (question.list) this.#row(question, question.list, words, line);
    else this.#done(() => question.resolve([words]));
  }

  #row(question: Question, list: string[], words: string[], line: string): void {
    if (question.rows === null) {
      if (!isSame(words, ['BEGIN', 'LIST', ...list])) throw this.#outOfOrder(line);
      question.rows = [];
      return;
    }
    const rows = question.rows;
    if (isSame(words, ['END', 'LIST', ...list])) {
      this.#done(() => question.resolve(rows));
      return;
    }
    if (!isSame(words.slice(0, list.length), list)) throw this.#outOfOrder(line);
    question.characters += line.length;
    if (rows.push(words.slice(list.length)) > longestList.rows || question.characters > longestList.characters) {
      throw nonsense(this.#server, 'It sent a list without an end.');
    }
  }

  #done(settle: () => void): void {
    this.#cancelLimit();
    this.#queue.shift();
    settle();
    const [next] = this.#queue;
    if (next) this.#send(next);
  }

  #outOfOrder(line: string): FaultError {
    return nonsense(this.#server, `It sent a line out of order${this.#quoted(line)}.`);
  }

  #quoted(line: string): string {
    return this.#isSecret ? '' : `: "${shown(line, 100)}"`;
  }
}

const refusalOf = (word: string | undefined): string =>
  word !== undefined && refusals.includes(word) ? word : 'an error of no known name';

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((word, at) => word === other[at]);
