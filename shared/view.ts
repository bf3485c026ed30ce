import type { Fault } from './fault.ts';
import type { Host } from './inventory.ts';
import type { Problem } from './problem.ts';
import type { Reading, Ups } from './reading.ts';
import type { RunView } from './run.ts';
import type { RunCause } from './run-record.ts';
import type { Sequence } from './sequence.ts';

/** What the monitor concludes from readings. */
export type PowerState = 'unknown' | 'mains' | 'battery' | 'low' | 'lost-contact';

export interface PowerView {
  ups: Ups;
  state: PowerState;
  /** Since when it is so, ms since the epoch. */
  since: number;
  /** When the outage was confirmed; null on mains. */
  onBatterySince: number | null;
  reading: Reading | null;
  /** Seconds of battery left; null: not known. */
  runtimeLeft: number | null;
  /** Where that comes from: the UPS, or the last word of the UPS counted down on our own clock. */
  runtimeFrom: 'reported' | 'counted-down' | 'unknown';
  /** Set while there is no contact. */
  fault: Fault | null;
  /** "On mains, 98 %, 41 min". */
  sentence: string;
}

/** What the trigger thinks right now. */
export interface DecisionView {
  state: 'idle' | 'counting' | 'running' | 'waiting-for-return' | 'returning';
  armed: boolean;
  /** Seconds until a run would start, as far as it can be foreseen; null: nothing is counting. */
  startsIn: number | null;
  /** Why, or why not, in one sentence with its numbers. */
  sentence: string;
}

/** The margin: runtime left against what the plan needs (during a run: what it still needs), seconds. */
export interface MarginView {
  runtimeLeft: number | null;
  needs: number;
  spare: number | null;
}

export interface StatusView {
  powers: PowerView[];
  /** Trouble that belongs to no known UPS. */
  trouble: Fault | null;
  decision: DecisionView;
  margin: MarginView;
}

export interface PlannedStep {
  id: string;
  stageId: string;
  phase: 'down' | 'return';
  /** Seconds after the start, and how long it takes, both for p90. */
  start: number;
  seconds: number;
  critical: boolean;
}

/** A sequence compiled against the inventory. */
export interface CheckedPlan {
  problems: Problem[];
  /** Seconds on the critical path going down (p90). */
  needs: number;
  steps: PlannedStep[];
}

export interface RefusedFile {
  file: string;
  fault: Fault;
}

export interface PlanView {
  /** null: there is no sequence yet. */
  sequence: Sequence | null;
  hash: string;
  armed: boolean;
  checked: CheckedPlan;
  /** Files that were found and not taken; they are kept as they are. */
  refused: RefusedFile[];
}

export interface RunSummary {
  runId: string;
  begunAt: number;
  endedAt: number | null;
  cause: RunCause;
  sequenceName: string;
  result: RunView['result'];
  hostsOff: number;
}

export interface HostView {
  host: Host;
  /** A secret is kept for it in the keychain. The secret itself never comes here. */
  hasSecret: boolean;
}

export interface HostsView {
  hosts: HostView[];
  /** false: this desktop has no keyring, secrets are only lightly protected. */
  keychainIsStrong: boolean;
  refused: RefusedFile | null;
}

export interface SettingsView {
  startAtLogin: boolean;
  theme: 'system' | 'light' | 'dark';
  version: string;
  dataFolder: string;
}

/** Everything that the window shows, in whole slices. */
export interface Slices {
  status: StatusView;
  plan: PlanView;
  run: RunView | null;
  runs: RunSummary[];
  hosts: HostsView;
  settings: SettingsView;
}

export type SliceName = keyof Slices;
