import { type FaultCode, FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import { seenRunning } from './guest-words.ts';

/** Of ESXi, the steps after which it may be powered off. */
export const downAndInMaintenance = 'the steps "Shut down guests" and "Enter maintenance mode"';

type Running = ReadonlyArray<{ name: string }>;

/**
 * Never under a running guest: what a host does with its guests when it goes down differs with its settings, and may be
 * to cut their power.
 * @param running tells those that are on
 * @param before the steps after which none is
 * @throws FaultError `refused` when some are, or why that is not told
 */
export async function refuseIfGuestsRun(
  host: Host,
  running: Promise<Running>,
  before = 'the step "Shut down guests"',
): Promise<void> {
  const guests = await orNotBlindly(running);
  if (guests.length === 0) return;
  throw hostFault(
    host,
    'refused',
    `its guests would be cut off: ${seenRunning(guests)}`,
    `Put ${before} before this one.`,
  );
}

const untold = new Set<FaultCode>(['command-failed', 'not-allowed', 'unexpected-answer']);

/** A host that does not say what runs on it is not powered off blindly. */
export async function orNotBlindly<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof FaultError) || !untold.has(error.fault.code)) throw error;
    throw new FaultError({
      ...error.fault,
      what: `not powered off, as guests may run: ${error.fault.what}`.slice(0, 2000),
    });
  }
}
