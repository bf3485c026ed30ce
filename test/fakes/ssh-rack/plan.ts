import { join } from 'node:path';

export interface SshRackOptions {
  hosts: number;
  stages: number;
  /** Milliseconds from the command to dark: `dieMs` and up to `jitterMs` more, the same for the same seed. */
  dieMs?: number;
  jitterMs?: number;
  seed?: number;
}

/** One machine of the rack. */
export interface RackMachine {
  name: string;
  /** Of its own, on loopback. */
  address: string;
  port: number;
  /** 1 goes down first. */
  stage: number;
  /** Milliseconds from the command to dark. */
  timeToDie: number;
}

/** Small seeded generator (mulberry32): the same seed gives the same rack on any machine. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The machines, spread over the stages in blocks of one size, in the order of their names. */
export function planMachines({
  hosts,
  stages,
  dieMs = 3000,
  jitterMs = 2000,
  seed = 1,
}: SshRackOptions): RackMachine[] {
  const next = random(seed);
  return Array.from({ length: hosts }, (_, at) => ({
    name: `h${String(at + 1).padStart(3, '0')}`,
    address: `127.77.${1 + Math.floor(at / 250)}.${1 + (at % 250)}`,
    port: 2200,
    stage: 1 + Math.floor((at * stages) / hosts),
    timeToDie: dieMs + Math.floor(next() * (jitterMs + 1)),
  }));
}

/**
 * Milliseconds: the slowest machine of each stage, one stage after the other. Nobody who waits for a stage to be off
 * before the next can be faster; who is did not wait.
 */
export function physicalLimit(machines: readonly RackMachine[]): number {
  const slowest = new Map<number, number>();
  for (const { stage, timeToDie } of machines) slowest.set(stage, Math.max(slowest.get(stage) ?? 0, timeToDie));
  return [...slowest.values()].reduce((total, ms) => total + ms, 0);
}

/** Where everything of a rack lies. */
export const rackFiles = (folder: string) => ({
  folder,
  plan: join(folder, 'plan.json'),
  pipe: join(folder, 'pipe'),
  log: join(folder, 'log'),
  key: join(folder, 'client_key'),
  authorized: join(folder, 'authorized_keys'),
  known: join(folder, 'known_hosts'),
  home: join(folder, 'home'),
  passwd: join(folder, 'passwd'),
  bin: join(folder, 'bin'),
  standIn: join(folder, 'bin', '.power-command'),
  configOf: (name: string) => join(folder, `${name}.config`),
  hostKeyOf: (name: string) => join(folder, `${name}.key`),
});
export type RackFiles = ReturnType<typeof rackFiles>;

/** What the supervisor is told, and what it answers. */
export type RackQuestion = { id: number; ask: 'wake' | 'events' };
export type RackAnswer =
  | { ready: true }
  | { id: number; answer: 'wake' }
  | { id: number; answer: 'events'; machines: MachineRecord[] };

export interface MachineRecord {
  name: string;
  /** Ms since the epoch at which each of its commands was run. */
  commandedAt: number[];
  /** Ms since the epoch at which its server was killed; null: it is on. */
  offAt: number | null;
}
