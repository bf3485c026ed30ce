import type { Host } from '../../../shared/inventory.ts';
import { digits, type Guest, listGuests, listRunning } from './guests.ts';
import type { EsxiRun } from './shell.ts';

/** Milliseconds: the command answers at once, or hangs on a question that the guest asks its host. */
const powerOffMs = 10_000;

/** Cuts a guest's power. What it prints does not count; whoever asks looks at the guest afterwards. */
export async function powerOffGuest(run: EsxiRun, guest: { id: string }): Promise<void> {
  await run(`vim-cmd vmsvc/power.off ${digits(guest.id)}`, powerOffMs);
}

/** Ends the processes of `guests`: the way that also works when a guest waits for an answer. */
export async function killRunning(run: EsxiRun, host: Host, guests: ReadonlyArray<{ id: string }>): Promise<void> {
  const ids = new Set(guests.map((guest) => guest.id));
  const known = await listGuests(run, host);
  const [meant, spared] = [known.filter(({ id }) => ids.has(id)), known.filter(({ id }) => !ids.has(id))];
  for (const running of await listRunning(run, host)) {
    const isLike = ({ vmx }: Guest): boolean => vmx === running.vmx;
    const isIt = (guest: Guest): boolean => isLike(guest) && guest.name === running.name;
    // Copies on other datastores have the same file: then the name decides, and if that is the same, too, none is ended.
    const isMeant = spared.some(isLike) ? meant.some(isIt) && !spared.some(isIt) : meant.some(isLike);
    if (isMeant) await run(`esxcli vm process kill --type hard --world-id ${digits(running.world)}`);
  }
}
