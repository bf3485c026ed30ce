import { assertNever } from '../../../shared/assert-never.ts';
import { type Fault, FaultError } from '../../../shared/fault.ts';
import type { Detail, Ups } from '../../../shared/reading.ts';
import type { Order } from '../../../shared/ups-command.ts';
import type { Clock, UpsEvent, UpsSource } from '../../core/ports.ts';
import { lostFault } from './lost-fault.ts';
import {
  type RawDump,
  type TakenAnswer,
  type TakenMessage,
  type WorkerCommand,
  workerMessageSchema,
} from './messages.ts';
import { Requests } from './requests.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Milliseconds. A worker that says nothing for longer is dead, whatever the system thinks. */
const silenceLimit = 5000;
/** A worker that ran for longer was a good one: its end was an accident, and every second without eyes counts. */
const soundAfter = 10_000;
const restartAfter = { accident: 250, first: 2000, longest: 30_000 };
/**
 * Restarting and re-opening are two things. A new process is harmless, so it starts soon; but a device that was open in
 * the dead one is left alone for 2 s from its end, since some units crash when opened again too soon. The new worker is
 * told so (`begin`) and uses the time to load. Its own back-off, up to 30 s, holds for devices that do not open.
 * @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/docs/man/usbhid-ups.txt
 */
const leaveAlone = 2000;
const stopLimit = 3000;
/** For an answer. An order is some writes, each read back; a dump may meet many reports that stall for 5 s. */
const answerWithin = { command: 30_000, details: 5000, dump: 120_000 };

/** A worker that ends before it has said anything cannot even load. Once may be an accident. */
const stillbornAfter = 2;

interface Running {
  process: WorkerProcess;
  startedAt: number;
  /** It has said something. */
  lived: boolean;
  ended: boolean;
}

/** UPSes on USB, read in a worker process that may crash or hang at any time. */
export class HidSupervisor implements UpsSource {
  readonly #spawn: () => WorkerProcess;
  readonly #clock: Clock;
  readonly #known = new Map<string, Ups>();
  /** Every UPS that was ever found, by id: its name. */
  readonly #seen = new Map<string, string>();
  readonly #requests: Requests;
  #listener: (event: UpsEvent) => void = () => undefined;
  #worker: Running | null = null;
  #onBattery = false;
  #troubled = false;
  #failures = 0;
  /** Workers in a row that ended before they said anything. */
  #stillborn = 0;
  #endedAt = Number.NEGATIVE_INFINITY;
  #cancelSilence: () => void = () => undefined;
  #cancelRestart: () => void = () => undefined;
  #stopping: (() => void) | null = null;

  constructor(spawn: () => WorkerProcess, clock: Clock) {
    this.#spawn = spawn;
    this.#clock = clock;
    this.#requests = new Requests(clock);
  }

  start(listener: (event: UpsEvent) => void): void {
    this.#listener = listener;
    this.#launch();
  }

  async stop(): Promise<void> {
    this.#cancelRestart();
    this.#cancelSilence();
    this.#requests.fail(lostFault('USB', 'Glidepath is being closed'));
    const worker = this.#worker;
    if (!worker) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(stopLimit, () => {
        worker.process.kill();
        resolve();
      });
      this.#stopping = () => {
        cancel();
        resolve();
      };
      worker.process.post({ type: 'stop' });
    });
    worker.ended = true;
    this.#worker = null;
  }

  hurry(onBattery: boolean): void {
    if (this.#onBattery === onBattery) return;
    this.#onBattery = onBattery;
    this.#worker?.process.post({ type: 'hurry', onBattery });
  }

  /** Also one that is lost now. */
  has(upsId: string): boolean {
    return this.#seen.has(upsId);
  }

  async command(upsId: string, order: Order): Promise<string> {
    const answer = await this.#ask(upsId, 'command', (request) => ({ type: 'command', request, upsId, order }));
    return answer.sentence;
  }

  async details(upsId: string): Promise<Detail[]> {
    return (await this.#ask(upsId, 'details', (request) => ({ type: 'details', request, upsId }))).details;
  }

  /** All that the device says, undecoded. Takes some seconds, a minute when many reports stall. @throws FaultError `ups-lost` */
  async dump(upsId: string): Promise<RawDump> {
    return (await this.#ask(upsId, 'dump', (request) => ({ type: 'dump', request, upsId }))).dump;
  }

  async #ask<T extends TakenAnswer['to']>(
    upsId: string,
    to: T,
    command: (request: number) => WorkerCommand,
  ): Promise<Extract<TakenAnswer, { to: T }>> {
    const name = this.#seen.get(upsId) ?? upsId;
    const worker = this.#worker;
    if (!worker || !this.#known.has(upsId)) throw new FaultError(lostFault(name, 'it is not connected now'));
    const ms = answerWithin[to];
    // An order may have been carried out all the same: that is for the user to know.
    const late = lostFault(name, `no answer to the ${to} within ${ms / 1000} s; whether it was taken is not known`);
    const answer = await this.#requests.ask((request) => worker.process.post(command(request)), ms, late);
    if (isTo(answer, to)) return answer;
    throw new FaultError(lostFault(name, `the answer was to something else (${answer.to})`));
  }

  #launch(): void {
    const startedAt = this.#clock.monotonic();
    let spawned: WorkerProcess;
    try {
      spawned = this.#spawn();
    } catch (error) {
      this.#restart(false);
      this.#neverLived(error instanceof Error ? error.message : String(error));
      return;
    }
    const worker: Running = { process: spawned, startedAt, lived: false, ended: false };
    this.#worker = worker;
    worker.process.onMessage((message) => this.#take(worker, message));
    worker.process.onExit((how) => this.#end(worker, how));
    const quietMs = Math.max(0, this.#endedAt + leaveAlone - this.#clock.monotonic());
    worker.process.post({ type: 'begin', quietMs });
    worker.process.post({ type: 'hurry', onBattery: this.#onBattery });
    this.#awaitLife(worker);
  }

  /** A message that does not parse is no sign of life: a worker that only sends such is replaced. */
  #take(worker: Running, data: unknown): void {
    if (worker.ended || this.#stopping) return;
    const message = workerMessageSchema.safeParse(data);
    if (!message.success) return;
    worker.lived = true;
    if (this.#stillborn >= stillbornAfter) this.#tell({ type: 'trouble', fault: null });
    this.#stillborn = 0;
    this.#awaitLife(worker);
    this.#tell(message.data);
  }

  #tell(message: TakenMessage): void {
    switch (message.type) {
      case 'heartbeat':
        return;
      case 'answer':
        this.#requests.answered(message.request, message.answer);
        return;
      case 'refused':
        this.#requests.refused(message.request, message.fault);
        return;
      case 'found':
        this.#known.set(message.ups.id, message.ups);
        this.#seen.set(message.ups.id, message.ups.name);
        break;
      case 'lost':
        this.#known.delete(message.upsId);
        break;
      case 'trouble':
        this.#troubled = message.fault !== null;
        break;
      case 'reading':
        break;
      default:
        assertNever(message, 'worker message');
    }
    this.#listener(message);
  }

  #awaitLife(worker: Running): void {
    this.#cancelSilence();
    const armedAt = this.#clock.now();
    this.#cancelSilence = this.#clock.after(silenceLimit, () => {
      // This process itself did not run (the computer slept): what the worker sent meanwhile is still to be read.
      if (this.#clock.now() - armedAt > 2 * silenceLimit) {
        this.#awaitLife(worker);
        return;
      }
      worker.process.kill();
      // Not waiting for its exit, which never comes from a process that hangs in the kernel.
      this.#end(worker, `silent for ${silenceLimit / 1000} s, so it was ended`);
    });
  }

  #end(worker: Running, how: string): void {
    if (worker.ended) return;
    worker.ended = true;
    this.#cancelSilence();
    this.#worker = null;
    this.#requests.fail(lostFault('USB', `the process that reads it has ended: ${how}`));
    if (this.#stopping) {
      this.#stopping();
      return;
    }
    this.#endedAt = this.#clock.monotonic();
    this.#restart(this.#endedAt - worker.startedAt > soundAfter);
    const lost = [...this.#known.values()];
    this.#known.clear();
    for (const ups of lost) this.#listener({ type: 'lost', upsId: ups.id, fault: endedFault(ups.name, how) });
    // The next worker tells its own troubles, but not that this one's are over.
    if (this.#troubled && this.#stillborn === 0) this.#tell({ type: 'trouble', fault: null });
    if (!worker.lived) this.#neverLived(how);
  }

  #neverLived(how: string): void {
    this.#stillborn += 1;
    if (this.#stillborn === stillbornAfter) this.#tell({ type: 'trouble', fault: cannotLoad(how) });
  }

  #restart(sound: boolean): void {
    this.#failures = sound ? 0 : this.#failures + 1;
    const wait = sound
      ? restartAfter.accident
      : Math.min(restartAfter.longest, restartAfter.first * 2 ** (this.#failures - 1));
    this.#cancelRestart = this.#clock.after(wait, () => this.#launch());
  }
}

function isTo<T extends TakenAnswer['to']>(answer: TakenAnswer, to: T): answer is Extract<TakenAnswer, { to: T }> {
  return answer.to === to;
}

function cannotLoad(how: string): Fault {
  return {
    code: 'ups-worker-ended',
    what: `UPSes on USB cannot be read, as the process for it does not start: ${how}`.slice(0, 2000),
    where: 'USB',
    remedy: 'Glidepath keeps trying. Install it again for this system; if that does not help, report it with the log.',
  };
}

function endedFault(where: string, how: string): Fault {
  return {
    code: 'ups-worker-ended',
    what: `The process that reads it has ended: ${how}`.slice(0, 2000),
    where,
    remedy: 'Nothing to do: it is being restarted. If this comes again and again, report it with the log.',
  };
}
