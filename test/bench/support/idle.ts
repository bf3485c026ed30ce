import { setTimeout as wait } from 'node:timers/promises';
import { cpuOf, pssOf, strangers, treeOf } from './process-tree.ts';
import { electron, PlainApp, type Startable } from './spied-app.ts';

/** Milliseconds: what a start leaves to be done is done by then; and how long is looked. */
const settled = 8000;
const watched = 20_000;

export interface Idle {
  /** MiB. */
  pss: number;
  /** Percent of one processor. */
  cpu: number;
  processes: number;
  strangers: number;
}

/** What an application takes while nobody does anything with it. */
export async function idle(how: Startable): Promise<Idle> {
  const app = new PlainApp(how);
  try {
    await wait(settled);
    const tree = treeOf(app.pid);
    const before = { cpu: cpuOf(tree), at: performance.now() };
    await wait(watched);
    const used = cpuOf(tree) - before.cpu;
    const took = performance.now() - before.at;
    return { pss: pssOf(tree), cpu: (100 * used) / took, processes: tree.length, strangers: strangers(electron, tree) };
  } finally {
    await app.close();
  }
}
