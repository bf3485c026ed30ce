import type { Host } from '../../../shared/inventory.ts';
import type { Setting } from '../../../shared/platforms.ts';
import type { Check } from '../../../shared/rehearsal.ts';
import type { StepData } from '../../../shared/run-record.ts';
import type { Step } from '../../../shared/sequence.ts';
import type { Session } from './session.ts';

/** How the hosts of one kind are handled. What it lacks, `platforms` in shared/platforms.ts does not promise. */
export interface Platform {
  /** null: it is no machine that could be powered off. */
  powerOff: PowerOffActs | null;
  guests?: GuestActs;
  settings?: Readonly<Partial<Record<Setting, SettingActs>>>;
  /** Shows that commands are run there, and does nothing; absent: `true`. */
  signIn?: string;
  /** Prints its MAC addresses, in any writing; absent: it cannot be asked. */
  macs?: string;
  /** Commands that only look, and that a rehearsal may send. All others are refused there. */
  harmless: readonly RegExp[];
}

export interface PowerOffActs {
  /** What is done, in words, as "systemctl poweroff". `own`: as that of a session. */
  would(host: Host, own: Host | null): string;
  /**
   * Tells the host to go down. Resolves when it took that, or when the connection was lost with the answer.
   * @throws FaultError `not-allowed`, `refused`, `command-failed`, and those of `Session.run`
   */
  act(session: Session): Promise<void>;
  /** What a rehearsal looks at. */
  looks(session: Session): readonly Look[];
}

/** One look of a rehearsal. Resolves with what was seen. @throws FaultError why it would not work; CannotTell */
export interface Look {
  what: Check['what'];
  see(): Promise<string>;
}

export interface Guest {
  /** As the host names it: checked by the platform before it becomes part of a command. */
  id: string;
  name: string;
  on: boolean;
}

export interface GuestActs {
  /** What is done, in words: asked to shut down, cut, started. */
  words: { ask: string; cut: string; start: string };
  /** What must run in a guest so that it can be asked, as "VMware Tools"; null: nothing has to. */
  agent: string | null;
  /** All that it knows, on or off. @throws FaultError when that cannot be told */
  list(session: Session): Promise<Guest[]>;
  /** Those that are on, when that is told sooner than by the whole list. */
  running?(session: Session): Promise<ReadonlyArray<{ name: string }>>;
  /** Those of `guests` that are on all the same, when a list says that none is. */
  stillOn?(session: Session, guests: readonly Guest[]): Promise<Guest[]>;
  /** Whether its agent runs; null: that cannot be told. */
  hasAgent?(session: Session, guest: Guest): Promise<boolean | null>;
  /** Returns at once. Null: asked, or off already; otherwise why this guest will not stop by itself. */
  shutDown(session: Session, guest: Guest): Promise<string | null>;
  /** Cuts their power. `round`: of these guests, 1, 2, ... as long as they are on. What it answers does not count. */
  cut(session: Session, guests: readonly Guest[], round: number): Promise<void>;
  /** Null: it starts, or is on already; otherwise why not. */
  start(session: Session, guest: Guest): Promise<string | null>;
  /** Whether this user may do of that what the step does. */
  mayManage(session: Session, step: Step): Promise<string>;
}

/** Something that is on or off, and is read back. */
export interface SettingActs {
  /**
   * @param left what the steps of this run left that switched it off, when it is to be as it was before them: then `on`
   * says whether it is
   */
  read(session: Session, left?: readonly StepData[]): Promise<SettingSeen>;
  /**
   * Returns when it was taken; the proof is reading it back.
   * @throws FaultError `not-allowed`, `refused`, `command-failed`
   */
  set(session: Session, on: boolean, by: SetBy): Promise<StepData>;
  would(on: boolean, step: Step): string;
  /** Whether this user may set it. @throws FaultError, CannotTell */
  maySet(session: Session, on: boolean, step: Step): Promise<string>;
}

export interface SettingSeen {
  /** `between`: neither yet, as while it is being switched. `either`: this host has nothing to switch, and it is as wanted. */
  on: boolean | 'between' | 'either';
  /** For people. */
  seen: string;
  /** What it takes to bring it back as it was. */
  data?: StepData;
}

export interface SetBy {
  step: Step;
  /** What the steps of this run left that switched it the other way. */
  before: readonly StepData[];
}
