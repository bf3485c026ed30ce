import { FaultError, toFault } from '../../shared/fault.ts';
import type { PlanView, Slices } from '../../shared/view.ts';

/** Ms between two looks at the daemon, and how many there are: it reads a file that was changed within a second. */
const lookEvery = 250;
const mostLooks = 40;

export interface TakingDeps {
  dataFolder: string;
  /** What the daemon shows now; null: there is none. @throws FaultError when it does not answer */
  shown(): Promise<Slices | null>;
  pause(ms: number): Promise<void>;
}

/**
 * Waits until the daemon that was there shows that it has taken what was just written into the settings.
 * @throws FaultError `refused` when it does not within some seconds: what was asked for is then not so
 */
export async function untilTaken(
  { dataFolder, shown, pause }: TakingDeps,
  live: Slices | null,
  isTaken: (plan: PlanView) => boolean,
): Promise<void> {
  if (live === null) return;
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const now = await shown().catch((error: unknown) => {
      throw notTaken(dataFolder, toFault(error, dataFolder).what);
    });
    if (now === null) throw notTaken(dataFolder, 'It is gone.');
    if (isTaken(now.plan)) return;
    await pause(lookEvery);
  }
  throw notTaken(dataFolder, `It does not act by it after ${(mostLooks * lookEvery) / 1000} s.`);
}

function notTaken(where: string, why: string): FaultError {
  const what = `It stands in the settings, but the daemon has not taken it. ${why}`;
  const remedy =
    'Look at “glidepath status” and at its log: one that cannot watch its files takes it when it is restarted.';
  return new FaultError({ code: 'refused', what, where, remedy });
}
