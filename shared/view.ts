import type { Channel } from './channels.ts';
import type { Decision } from './decision.ts';
import type { Fault } from './fault.ts';
import type { PowerEvent } from './history.ts';
import type { Host } from './inventory.ts';
import type { Problem } from './problem.ts';
import type { Reading, Ups } from './reading.ts';
import type { Rehearsal, RehearsalVerdict } from './rehearsal.ts';
import type { RunView } from './run.ts';
import type { RunCause } from './run-record.ts';
import type { SecretSlot } from './secret-slot.ts';
import type { Sequence, Shed } from './sequence.ts';
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
  /** Until when the user has put the start off, ms since the epoch; null: not put off. */
  postponedUntil: number | null;
  /** Seconds until the latest start at which the plan still fits the battery; null: nothing is counting, or not known. */
  latestStartIn: number | null;
}

/** The margin: runtime left against what the plan needs (during a run: what it still needs), seconds. */
export interface MarginView {
  runtimeLeft: number | null;
  needs: number;
  spare: number | null;
}

/** The margin of the hosts that hang on the same UPSes: what would be if these UPSes failed now. */
export interface BranchMargin extends MarginView {
  upsIds: string[];
  /** `all`: the hosts go down with the first of them; `any`: one is enough. */
  need: 'any' | 'all';
  hostIds: string[];
  failing: boolean;
}

/** What warming up found out about a host, before anything is decided. */
export interface ReachView {
  hostId: string;
  /** `opening`: on its way; `warm`: signed in, the connection is kept; `failed`: it cannot be reached or signed in to. */
  state: 'opening' | 'warm' | 'failed';
  fault: Fault | null;
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
  /** For each group of hosts that is fed alike; one that is the whole is there as well. */
  branches: BranchMargin[];
  /** The hosts to which connections are held while on battery. Empty on mains. */
  reach: ReachView[];
}

export interface PlannedStep {
  /** Of the compiled sequence. */
  id: string;
  /** The step of the sequence that it comes from, itself unless that one is aimed at several hosts. */
  from: string;
  hostId: string | null;
  stageId: string;
  phase: 'down' | 'return';
  /** Seconds after the start, and how long it takes, both for p90. */
  start: number;
  seconds: number;
  /** Seconds that it usually takes, and on how many samples that rests. */
  p50: number;
  samples: number;
  critical: boolean;
}

/** A sequence compiled against the inventory. */
export interface CheckedPlan {
  problems: Problem[];
  /** Seconds on the critical path going down (p90), and as it usually goes. */
  needs: number;
  usually: number;
  steps: PlannedStep[];
}

/** What the simulation is asked: how would it go if ... */
export interface WhatIf {
  /** The load, as a multiple of the present one. */
  load: number;
  /** A host that hangs: what is sent to it never ends. */
  hangs: string | null;
  /** Seconds after the cut at which the mains come back; null: they stay away. */
  powerBackAt: number | null;
}

/** One step as the simulation saw it; times in seconds after the cut. */
export interface SimulatedStep {
  id: string;
  hostId: string | null;
  phase: 'down' | 'return';
  startedAt: number | null;
  endedAt: number | null;
  state: 'waiting' | 'active' | 'done' | 'already' | 'failed' | 'skipped';
}

/** An outage played through with the plan on a virtual clock. Times in seconds after the cut. */
export interface SimulationView {
  whatIf: WhatIf;
  /** When the run began; null: it did not. */
  startsAt: number | null;
  noReturnAt: number | null;
  /** When everything was down; null: never. */
  downAt: number | null;
  returnedAt: number | null;
  endsAt: number;
  /** When the battery is empty if nothing is switched off; null: not known, and then a battery of an hour is played. */
  emptyAt: number | null;
  steps: SimulatedStep[];
  /** Hosts that were still on when their battery was empty, or their UPS was turned off. */
  cutHard: string[];
  shed: Shed[];
  /** Charge in percent over time, for the curve. */
  battery: { at: number; percent: number }[];
  /** What decided, in order. */
  sentences: { at: number; text: string }[];
}

/** A rehearsal that goes on. */
export interface RehearsalProgress {
  begunAt: number;
  done: number;
  of: number;
}

export interface RehearsalSummary {
  id: string;
  begunAt: number;
  sequenceName: string;
  /** Of the steps that it came to. */
  counts: Record<RehearsalVerdict, number>;
  /** Why it did not go to its end; null: it did. */
  brokenOff: string | null;
}

export interface RehearsalsView {
  running: RehearsalProgress | null;
  /** The newest that went to its end; null: none yet. */
  latest: Rehearsal | null;
  /** The plan or its hosts are others than were rehearsed. */
  editedSince: boolean;
  /** When the next one begins by itself, ms since the epoch; null: no schedule. */
  nextAt: number | null;
  list: RehearsalSummary[];
}

/** Who decides: this process, or a Glidepath that runs without a window on this computer. */
export interface ControllerView {
  who: 'this-app' | 'daemon';
  /** Of the daemon, and since when it runs, ms since the epoch. */
  pid: number | null;
  since: number | null;
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
  /** Which of its other secrets are kept; absent: none. */
  alsoKept?: readonly SecretSlot[];
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

/**
 * How telling by a channel goes. `ok`: what there was is told; `waiting`: something still has to be; `failed`: the last
 * one will not be told, or nothing is until the channel is edited.
 */
export interface ChannelState {
  state: 'ok' | 'waiting' | 'failed';
  /** How much still has to be told. */
  waiting: number;
  /** Why it is not told yet, or was not; null: nothing stands in its way so far. */
  fault: Fault | null;
}

export interface ChannelView {
  channel: Channel;
  /** Where it goes, for people: "hooks.example.com, not encrypted", "ada@example.com", "/usr/local/bin/tell". */
  where: string;
  /** A secret is kept for it in the keychain. The secret itself never comes here. */
  hasSecret: boolean;
  state: ChannelState;
}

export interface ChannelsView {
  channels: ChannelView[];
  refused: RefusedFile | null;
}

export interface SettingsView {
  startAtLogin: boolean;
  theme: 'system' | 'light' | 'dark';
  /** How often the plan is rehearsed by itself. */
  rehearse: 'never' | 'daily' | 'weekly' | 'monthly';
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
  /** What was decided, newest first, 200 at most. */
  decisions: Decision[];
  rehearsals: RehearsalsView;
  channels: ChannelsView;
  controller: ControllerView;
  settings: SettingsView;
}

export type SliceName = keyof Slices;
