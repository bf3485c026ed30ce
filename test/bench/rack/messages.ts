import type { Host } from '../../../shared/inventory.ts';

/** What the program that runs the rack down is told. */
export type ToRunner =
  | { do: 'warm'; hosts: Host[]; privateKey: string; dataFolder: string }
  /** The ids of the hosts that each stage powers off. */
  | { do: 'run'; stages: string[][] };

export interface Used {
  /** Milliseconds of processor time, user's and system's. */
  cpuMs: number;
  /** Resident, at the end. */
  rssMiB: number;
  /** Milliseconds by the clock on the wall. */
  tookMs: number;
}

/** When a host's step began, was accepted and was proven; ms since the epoch. */
export interface StepTimes {
  hostId: string;
  state: string;
  proof: string;
  startedAt: number;
  acceptedAt: number;
  endedAt: number;
}

export type FromRunner =
  | { is: 'ready' }
  | ({ is: 'warm'; failed: string[] } & Used)
  | ({ is: 'down'; begunAt: number; steps: StepTimes[] } & Used);
