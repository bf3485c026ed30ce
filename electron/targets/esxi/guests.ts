import type { Host } from '../../../shared/inventory.ts';
import { atMost } from '../at-most.ts';
import { type EsxiAnswer, type EsxiRun, esxiFault } from './shell.ts';

export interface Guest {
  /** Digits only, as the host printed it: safe in a command. */
  id: string;
  name: string;
  /** The file that is the VM: `folder/name.vmx`, without its datastore. */
  vmx: string;
}

/** Commands to one host at a time: it allows ten sessions, and its management service is slow. */
export const width = 4;

/**
 * Two blanks end a name where the columns leave room; one does where the name fills its column. Annotations hold what
 * anybody has written there, so no part can take what another one would: else a line of blanks takes hours.
 */
const rows = [
  /^(\d{1,10})\s+(\S(?:.*?\S)?)\s{2,}\[[^\]]+\] (.*?\.vmx)\s+\S+\s+vmx-\d+(?:\s|$)/,
  /^(\d{1,10})\s+(\S(?:.*?\S)?)\s+\[[^\]]+\] (.*?\.vmx)\s+\S+\s+vmx-\d+(?:\s|$)/,
];

/** Characters of a line that can be a row, before the annotation. */
const longestRow = 2000;

/**
 * Registered guests, on or off. Columns are padded differently per version and names hold blanks and brackets, so
 * lines are matched whole; what does not match (annotations over several lines, `Skipping invalid VM`) is no guest.
 */
export function parseGuests(text: string): Guest[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const row = line.slice(0, longestRow);
    const [, id, name, vmx] = rows[0]?.exec(row) ?? rows[1]?.exec(row) ?? [];
    return id && name && vmx ? [{ id, name, vmx }] : [];
  });
}

/**
 * The guests that are registered, which only hostd knows. Without it there are none to deal with if none runs.
 * @throws FaultError `command-failed`, `dead-peer`
 */
export async function listGuests(run: EsxiRun, host: Host): Promise<Guest[]> {
  const answer = await run('vim-cmd vmsvc/getallvms');
  if (!answer.failed) return parseGuests(answer.text);
  if (answer.isSick && (await listRunning(run, host)).length === 0) return [];
  throw esxiFault(host, 'listing the guests', answer, 'Look at the host: services.sh restart hostd.');
}

export type GuestPower = 'on' | 'off' | 'suspended';

/** The truth about one guest, whatever another command said. Null: it cannot be told (an invalid registration). */
export async function powerOf(run: EsxiRun, id: string): Promise<GuestPower | null> {
  const answer = await run(`vim-cmd vmsvc/power.getstate ${digits(id)}`);
  if (answer.failed) return null;
  const last = answer.text.trim().split('\n').at(-1)?.trim().toLowerCase();
  if (last === 'powered on') return 'on';
  if (last === 'powered off') return 'off';
  return last === 'suspended' ? 'suspended' : null;
}

/**
 * Those of `guests` that are on. One of which that cannot be told is, if the kernel says that one of its name runs.
 * @throws FaultError of `listRunning`
 */
export async function guestsOn<T extends { id: string; name: string }>(
  run: EsxiRun,
  host: Host,
  guests: readonly T[],
): Promise<T[]> {
  const states = await atMost(width, guests, (guest) => powerOf(run, guest.id));
  const running = states.includes(null) ? await listRunning(run, host) : [];
  const runs = (name: string): boolean => running.some((guest) => guest.name === name);
  return guests.filter(({ name }, at) => (states[at] === null ? runs(name) : states[at] === 'on'));
}

/** Whether VMware Tools runs in a guest, without which it cannot be shut down. @throws FaultError `command-failed` */
export async function hasTools(run: EsxiRun, host: Host, guest: { id: string; name: string }): Promise<boolean> {
  const answer = await run(`vim-cmd vmsvc/get.guest ${digits(guest.id)}`);
  if (answer.failed)
    throw esxiFault(host, `asking for the Tools of ${guest.name}`, answer, 'Look at the guest by hand.');
  return saysTools(answer);
}

export const saysTools = ({ text }: EsxiAnswer): boolean => /toolsRunningStatus = "guestToolsRunning"/.test(text);

/** A guest that runs, as the kernel knows it. */
export interface RunningGuest {
  world: string;
  name: string;
  vmx: string;
}

/**
 * `esxcli vm process list`: what runs and nothing else; no output when nothing does.
 * @throws FaultError `command-failed`
 */
export async function listRunning(run: EsxiRun, host: Host): Promise<RunningGuest[]> {
  const answer = await run('esxcli vm process list');
  if (answer.failed) throw esxiFault(host, 'listing the running guests', answer, 'Look at the host by hand.');
  return parseRunning(answer.text);
}

export function parseRunning(text: string): RunningGuest[] {
  return [...text.matchAll(/^ +World ID: (\d+)$([\s\S]*?)(?=^\S|$(?![\s\S]))/gm)].map(([, world = '', rest = '']) => ({
    world,
    name: /^ +Display Name: (.*)$/m.exec(rest)?.[1]?.trim() ?? `world ${world}`,
    // The path begins with the datastore's id; what follows is as getallvms prints it.
    vmx: /^ +Config File: \/vmfs\/volumes\/[^/]+\/(.*)$/m.exec(rest)?.[1]?.trim() ?? '',
  }));
}

/** Ids come from the host and from journals; nothing but digits ever becomes part of a command. */
export function digits(id: string): string {
  if (!/^\d{1,10}$/.test(id)) throw new Error(`not a guest's id: ${JSON.stringify(id.slice(0, 40))}`);
  return id;
}
