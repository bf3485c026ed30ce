import type { Host } from '../../../shared/inventory.ts';
import { digits, type Guest, listGuests, listRunning } from './guests.ts';
import type { EsxiRun } from './shell.ts';

/** Milliseconds: the command answers at once, or hangs on a question that the guest asks its host. */
const powerOffMs = 10_000;

/** Cuts a guest's power. What it prints does not count; whoever asks looks at the guest afterwards. */
export async function powerOffGuest(run: EsxiRun, guest: Guest): Promise<void> {
  await run(`vim-cmd vmsvc/power.off ${digits(guest.id)}`, powerOffMs);
}

/** Ends the processes of `guests`: the way that also works when a guest waits for an answer. */
export async function killRunning(run: EsxiRun, host: Host, guests: readonly Guest[]): Promise<void> {
  const ids = new Set(guests.map((guest) => guest.id));
  const files = new Set((await listGuests(run, host)).filter((guest) => ids.has(guest.id)).map((guest) => guest.vmx));
  for (const running of await listRunning(run, host)) {
    if (files.has(running.vmx)) await run(`esxcli vm process kill --type hard --world-id ${digits(running.world)}`);
  }
}
