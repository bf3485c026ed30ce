import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { sum } from './numbers.ts';

/** The fields of /proc/<pid>/stat behind the name in brackets, which may hold anything. */
function stat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

const parentOf = (pid: number): number => Number(stat(pid)[1]);

const allPids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** What a process that has just ended cannot tell. */
function ifThere<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}

/** The process and all that came from it. */
export function treeOf(root: number): number[] {
  const parents = new Map(allPids().map((pid) => [pid, ifThere(() => parentOf(pid))]));
  const grow = (pid: number): number[] => [
    pid,
    ...[...parents].filter(([, of]) => of === pid).flatMap(([child]) => grow(child)),
  ];
  return grow(root);
}

/** MiB: memory that is shared counts in equal parts for those who share it. */
export function pssOf(pids: readonly number[]): number {
  const kib = pids.map((pid) =>
    ifThere(() => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1])),
  );
  return sum(kib.map((value) => value ?? 0)) / 1024;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']).toString());

/** Milliseconds of processor time, in user and in system, since the processes began. */
export function cpuOf(pids: readonly number[]): number {
  const ticks = pids.map((pid) => ifThere(() => Number(stat(pid)[11]) + Number(stat(pid)[12])));
  return (sum(ticks.map((value) => value ?? 0)) * 1000) / ticksPerSecond;
}

/** Milliseconds of processor time of all processes that this one has started and seen the end of, theirs included. */
export function cpuOfEnded(): number {
  const fields = stat(process.pid);
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / ticksPerSecond;
}

/** Processes outside of the tree that run the same program: they share its memory and so make it look smaller. */
export function strangers(executable: string, tree: readonly number[]): number {
  const same = (pid: number) => ifThere(() => readlinkSync(`/proc/${pid}/exe`)) === executable;
  return allPids().filter((pid) => !tree.includes(pid) && same(pid)).length;
}
