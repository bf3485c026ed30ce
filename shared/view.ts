import type { Fault } from './fault.ts';
import type { PowerEvent } from './history.ts';
import type { Host } from './inventory.ts';
import type { Problem } from './problem.ts';
import type { Reading, Ups } from './reading.ts';
import type { RunView } from './run.ts';
import type { RunCause } from './run-record.ts';
import type { Sequence } from './sequence.ts';
import type { KnownSupply, UpsServer } from './supplies.ts';

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
  /**
   * Where that comes from: the UPS; its last word counted down on our own clock; what this very UPS did at earlier
   * discharges; or a cautious rule for a UPS that was never seen discharging.
   */
  runtimeFrom: 'reported' | 'counted-down' | 'learned' | 'estimated' | 'unknown';
  /** Why what the UPS itself says is not taken, one sentence; null: it is taken, or there is nothing. */
  runtimeDoubt: string | null;
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

/** A host whose supply is failing, or would not outlast the plan. */
export interface CriticalHost {
  hostId: string;
  /** "fed by APC, on battery". */
  why: string;
}

export interface StatusView {
  powers: PowerView[];
  /** The hosts that lose their power when the batteries now in use are empty. */
  critical: CriticalHost[];
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

export interface ServerView {
  server: UpsServer;
  /** A password is kept for it in the keychain. */
  hasSecret: boolean;
  /** What keeps it from being read; null: it is read, or was not tried yet. */
  fault: Fault | null;
}

export interface SuppliesView {
  servers: ServerView[];
  known: KnownSupply[];
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
  supplies: SuppliesView;
  /** What happened to the UPSes, newest first, 200 at most. */
  events: PowerEvent[];
  settings: SettingsView;
}

export type SliceName = keyof Slices;
