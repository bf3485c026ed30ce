import type { DurationsFile } from '../../shared/durations.ts';
import type { Fault } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { LearnedFile } from '../../shared/learned.ts';
import type { NoticeCategory, NoticesFile } from '../../shared/notices.ts';
import type { Detail, Reading, Ups } from '../../shared/reading.ts';
import type { Check, Rehearsal } from '../../shared/rehearsal.ts';
import type { RunRecord, StepData } from '../../shared/run-record.ts';
import type { Step } from '../../shared/sequence.ts';
import type { Offered, Order } from '../../shared/ups-command.ts';

/** Time. The core knows no other; tests and the simulation bring a manual one. */
export interface Clock {
  /** Milliseconds since the epoch. May jump (NTP, sleep): for people and records only. */
  now(): number;
  /** Milliseconds that never go back: for durations and countdowns. */
  monotonic(): number;
  /** Calls once after `ms`; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
}

export type Fresh = 'poll' | 'interrupt' | 'none';

/** What a UPS source tells. `lost` means: no contact; it may come back under the same id. */
export type UpsEvent =
  | { type: 'found'; ups: Ups }
  /** `fresh`: by which way the status bits in this reading were just confirmed. `none`: it tells other things only. */
  | { type: 'reading'; reading: Reading; fresh: Fresh }
  | { type: 'lost'; upsId: string; fault: Fault }
  /** The user has taken away what told of it: nothing that it said last is proof of anything any more. */
  | { type: 'gone'; upsId: string }
  /** Trouble that belongs to no known UPS, as "found one but may not open it"; null when it is over. */
  | { type: 'trouble'; fault: Fault | null };

export interface UpsSource {
  start(listener: (event: UpsEvent) => void): void;
  stop(): Promise<void>;
  /** Polls at the faster pace of an outage, or at the calm one. */
  hurry(onBattery: boolean): void;
  /** Whether it is this source that speaks of that UPS. */
  has(upsId: string): boolean;
  /**
   * Sends the order and reads back what became of it. Whether it may be sent is decided before. Resolves with what the
   * UPS will do, in one sentence with the delay as it really is; or that the order was taken and nothing proves it yet.
   * @throws FaultError `ups-refused` when it is not offered or not accepted; `ups-lost`
   */
  command(upsId: string, order: Order): Promise<string>;
  /** @throws FaultError `ups-lost` */
  details(upsId: string): Promise<Detail[]>;
}

/** What the UPSes have taught about their batteries, kept over restarts. */
export interface LearnedStore {
  /** What is kept; what cannot be read counts as nothing. */
  load(): Promise<LearnedFile>;
  save(file: LearnedFile): Promise<void>;
}

/** The durable record of one run. `append` resolves when the record is on disk (fsync). */
export interface Journal {
  append(record: RunRecord): Promise<void>;
  close(): Promise<void>;
}

export interface JournalStore {
  create(runId: string): Promise<Journal>;
  /** Records of an unfinished run that can be appended to, or null. */
  unfinished(): Promise<{ runId: string; records: RunRecord[]; journal: Journal } | null>;
  /** Records of the newest run that has ended, or null. */
  latestEnded(): Promise<RunRecord[] | null>;
}

export interface StepContext {
  step: Step;
  /** The step's target, resolved; null for kinds that have none. */
  host: Host | null;
  /** Data that steps of this run left, this one included, in the order of the sequence. */
  earlier: ReadonlyArray<{ step: Step; data: StepData }>;
  /** Aborted when the step's limit is over, it is skipped or the run is cancelled. */
  signal: AbortSignal;
  /** Nothing more may be taken away: the run was cancelled, and this step is only followed to its end. */
  isCancelled(): boolean;
  /** The battery will not last: what may be forced is forced now. */
  isPressed(): boolean;
  /** The hosts that keep their power: this run is not for them. */
  spared(): readonly Host[];
  /** One short line about what is going on, for the run's log. */
  tell(line: string): void;
}

/**
 * `done`: its effect is there, with what proves it. `not-done`: it is not; its data is on disk before the act, so that
 * what the act takes away is remembered whatever happens. `unknown`: cannot be told (with why).
 */
export type Probe =
  | { state: 'done'; proof: string; data?: StepData }
  | { state: 'not-done'; seen: string; data?: StepData }
  | { state: 'unknown'; fault: Fault };

/** How one step kind meets the world. Faults are thrown as FaultError. */
export interface StepActions {
  /**
   * One look: is the step's effect there already? Also its proof after the act, polled. Before an act it changes
   * nothing; after one it may go on with what the act began (send a magic packet again, power off a guest that hangs).
   */
  probe(context: StepContext): Promise<Probe>;
  /** Does it. Resolving means "accepted", never "done". The data is handed to later steps. */
  act(context: StepContext): Promise<StepData>;
  /**
   * Looks whether it would work, for a rehearsal. Changes nothing anywhere; never throws. Its host may be off, or may
   * have been changed since: all of that is told by the checks.
   */
  check(context: CheckContext): Promise<Check[]>;
  /** What it would do, in words, as "systemctl poweroff". */
  would(step: Step, host: Host | null): string;
  /**
   * Takes back an effect that is still to come, when the run is cancelled or lets go those whom it would meet: what this
   * step began would go on by itself.
   * Resolves with the proof, one sentence. @throws FaultError it may still come
   */
  undo?(step: Step): Promise<string>;
  /** Milliseconds between two looks while waiting for the proof. */
  readonly proveEvery: number;
  /** Calls when another look may be worth it before that, as when a connection ends. Returns what ends it. */
  onHint?(context: StepContext, call: () => void): () => void;
}

export interface CheckContext {
  step: Step;
  host: Host | null;
  signal: AbortSignal;
}

/** Connections that are opened before they are needed. */
export interface Warmer {
  /**
   * Signs in and keeps the connection until `release`, or until it ends.
   * @throws FaultError why it cannot be used
   */
  warm(host: Host, signal: AbortSignal): Promise<void>;
  /** Calls with the id of a host whose kept connection has ended. Returns what ends it. */
  onLost(call: (hostId: string) => void): () => void;
  /** The connections need not be kept any longer. */
  release(): void;
  /** A run begins: each password that a host has refused may be tried once more in it, but no more often. */
  runBegins(): void;
}

/** What was learned of how long steps take, kept over restarts. */
export interface DurationStore {
  /** What is kept; what cannot be read counts as nothing. */
  load(): Promise<DurationsFile>;
  save(file: DurationsFile): Promise<void>;
}

export interface RehearsalStore {
  save(rehearsal: Rehearsal): Promise<void>;
  /** Newest first; what cannot be read is left out. */
  list(): Promise<Rehearsal[]>;
}

export type StepTable = Readonly<Record<Step['kind'], StepActions>>;

/** A secret that signs in to a host, kept in the keychain. Lives in memory only for as long as a connection is being made. */
export type SecretCredential =
  | { kind: 'password'; password: string }
  | { kind: 'key'; privateKey: string; passphrase: string };

/** What signs in to a host. `agent`: an SSH agent of this computer has the key and signs; no secret is kept here. */
export type Credential = SecretCredential | { kind: 'agent' };

/** The keychain, as the targets see it. */
export interface Credentials {
  /** @throws FaultError `no-credential` when none is kept, or it cannot be decrypted here. */
  for(host: Host): Promise<Credential>;
}

export interface Address {
  address: string;
  family: 4 | 6;
}

/** Where names lead, also when nobody answers who could say so. */
export interface Addresses {
  /** An IP address is its own. Empty: not known. Takes 2 s at most, and never rejects. */
  of(name: string): Promise<readonly Address[]>;
}

/** What is kept for waking a host, besides what signs in to it. */
export interface HostPasswords {
  /** The SecureOn password of its network card, as it is written. @throws FaultError `no-credential` */
  secureOn(host: Host): Promise<string>;
  /** Of its management controller. @throws FaultError `no-credential`, also when it was entered for another one */
  bmc(host: Host): Promise<string>;
}

/** How a step tells a UPS what to do. Our own rules stand before it, as before what the user tells it. */
export interface UpsOrders {
  /** null: it has not been found, or does not answer. */
  find(upsId: string): OrderedUps | null;
  /** @throws FaultError as `UpsSource.command`; `refused` by our own rules */
  give(upsId: string, order: Order): Promise<string>;
  /**
   * Asks it anew. `outlet`: of that group of its outlets alone.
   * @throws FaultError `ups-lost`, `refused` when nobody knows it
   */
  countdown(upsId: string, outlet?: number | null): Promise<Countdown>;
}

export interface OrderedUps extends Offered {
  name: string;
  /** The user has allowed commands to be sent to it. */
  allowed: boolean;
}

/**
 * What a UPS shows of its outlets. `counting`: they go off in so many seconds; null: it does not say when. `none`: it
 * shows its countdown, and none runs. `not-told`: it shows none, and one may run all the same.
 */
export type Countdown = { state: 'counting'; seconds: number | null } | { state: 'off' | 'none' | 'not-told' };

export type { NoticeCategory };

/** A desktop notification, and a message by the channels. One live notice per category: a newer one replaces the older. */
export interface Notice {
  category: NoticeCategory;
  urgency: 'normal' | 'critical';
  title: string;
  body: string;
  /** The channels that tell it, by id, or all there are; absent: those that tell its category. */
  channels?: readonly string[] | 'all';
}

/** The notices that still have to be told by a channel, kept over restarts. */
export interface NoticeStore {
  /** What is kept; what cannot be read counts as nothing. */
  load(): Promise<NoticesFile>;
  save(file: NoticesFile): Promise<void>;
}

/** What a channel is used with. Lives in memory only for as long as something is being delivered. */
export type ChannelSecret =
  /** `token`: empty for none. */
  { kind: 'webhook'; url: string; token: string } | { kind: 'mail'; password: string };

export interface Notifier {
  notify(notice: Notice): void;
}
