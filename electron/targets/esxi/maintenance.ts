import type { Host } from '../../../shared/inventory.ts';
import type { Step } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { pause } from '../pause.ts';
import type { Session } from '../platforms/session.ts';
import { type EsxiRun, esxiFault, esxiShell } from './shell.ts';
import { vsanMember } from './vsan.ts';

/** Whether the host is in maintenance mode. @throws FaultError `command-failed` when it does not say */
export async function isInMaintenance(run: EsxiRun, host: Host): Promise<boolean> {
  const answer = await run('esxcli system maintenanceMode get');
  const said = answer.text.trim();
  if (!answer.failed && (said === 'Enabled' || said === 'Disabled')) return said === 'Enabled';
  throw esxiFault(host, 'asking for the maintenance mode', answer, 'Look at the host by hand.');
}

/** Seconds that the host itself waits. Never 0, which waits for ever and lets no guest be started meanwhile. */
const waitSeconds = 60;

const vsanModes = {
  'no-action': 'noAction',
  'ensure-accessibility': 'ensureObjectAccessibility',
  full: 'evacuateAllData',
};

/** What of a step decides how a vSAN member enters: what becomes of its data, and the seconds that moving it may take. */
function entering(step: Step): { mode: string; seconds: number } {
  const evacuation = step.kind === 'enter-maintenance' ? step.evacuation : 'no-action';
  const limit = step.limit ?? stepKinds[step.kind].limit;
  return { mode: vsanModes[evacuation], seconds: evacuation === 'no-action' ? waitSeconds : limit };
}

/** In words; whether it is a vSAN member only the host knows. */
export function setMaintenanceWords(on: boolean, step: Step): string {
  if (!on) return command(false, waitSeconds);
  const { mode, seconds } = entering(step);
  const usual = command(true, waitSeconds);
  return `${usual}; of a vSAN member: ${command(true, seconds, mode)}`;
}

/** @param seconds that the host itself waits @param isVsanMember one that leaves its data where it is */
export const maintenanceCommand = (on: boolean, seconds: number, isVsanMember = false): string =>
  command(on, seconds, isVsanMember ? vsanModes['no-action'] : undefined);

const command = (on: boolean, seconds: number, mode?: string): string =>
  `esxcli system maintenanceMode set -e ${on} -t ${seconds}${mode === undefined ? '' : ` -m ${mode}`}`;

/**
 * Returns when the host is in maintenance mode. Only a vSAN member is told what becomes of its data: others know no
 * such thing. Without a word a member would move data for as long as it takes.
 * @throws FaultError `command-failed`, `dead-peer`
 * @see https://knowledge.broadcom.com/external/article/326330/
 */
export async function enterMaintenance(session: Session, step: Step): Promise<void> {
  const run = esxiShell(session);
  const { mode, seconds } = entering(step);
  const isMember = (await vsanMember(run, session.host)) !== null;
  await set(run, session.host, true, isMember ? { seconds, mode } : { seconds: waitSeconds });
}

/** Looks at vSAN after the host has left maintenance mode, and ms of the clock between two of them. */
const looks = 4;
const lookMs = 5000;

/**
 * Returns when the host has left maintenance mode, also for vSAN: that may go on taking it for being in it, and does
 * not once it has entered and left it again.
 * @throws FaultError `command-failed`, `dead-peer`
 * @see https://knowledge.broadcom.com/external/article/440571/
 */
export async function exitMaintenance(session: Session): Promise<void> {
  const { host, clock, signal } = session;
  const run = esxiShell(session);
  if (await isInMaintenance(run, host)) await set(run, host, false, { seconds: waitSeconds });
  for (let look = 1; ; look += 1) {
    if (!(await isInMaintenanceForVsan(session)) || signal.aborted) return;
    if (look === looks) break;
    await pause(clock, lookMs, signal);
  }
  session.tell(`vSAN takes ${host.name} for being in maintenance mode: it enters and leaves it once more`);
  await set(run, host, true, { seconds: waitSeconds, mode: vsanModes['no-action'] });
  await set(run, host, false, { seconds: waitSeconds });
}

/** Whether vSAN takes the host for being in maintenance mode. @throws FaultError of `vsanMember` */
export const isInMaintenanceForVsan = async (session: Session): Promise<boolean> =>
  (await vsanMember(esxiShell(session), session.host))?.inMaintenance ?? false;

/** What the host answers does not count: it also says no when it is there already. */
async function set(run: EsxiRun, host: Host, on: boolean, how: { seconds: number; mode?: string }): Promise<void> {
  const answer = await run(command(on, how.seconds, how.mode), (how.seconds + 30) * 1000);
  if (!answer.failed) return;
  if (!answer.dropped && (await isInMaintenance(run, host)) === on) return;
  throw esxiFault(
    host,
    on ? 'entering maintenance mode' : 'leaving maintenance mode',
    answer,
    on
      ? 'A guest may still be on: shut the guests down first.'
      : 'Try it by hand: esxcli system maintenanceMode set -e false',
  );
}
