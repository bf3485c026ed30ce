import { FaultError, toFault } from '../../../shared/fault.ts';
import { CannotTell } from '../checks/check.ts';
import { mayPowerOff } from '../checks/privilege.ts';
import { uuid } from '../uuid.ts';
import { xcpHa } from '../xcp/ha.ts';
import { aroundShutdown, enable, isEnabled, xcpMaintenance } from '../xcp/maintenance.ts';
import { runningVms, xcpVms } from '../xcp/vms.ts';
import { doXe, harmlessXe, mayUseXe, ownUuid, theOne } from '../xcp/xe.ts';
import { powerOffByCommand, powerOffCommandOf } from './by-command.ts';
import { seenRunning } from './guest-words.ts';
import { refuseIfGuestsRun } from './guests-first.ts';
import type { Platform, PowerOffActs } from './platform.ts';
import type { Session } from './session.ts';

const words = 'xe host-disable; xe host-shutdown';

/**
 * A host is shut down by its pool, which takes that of a disabled one alone, and of none with running VMs.
 * @see https://docs.xenserver.com/en-us/xenserver/8/command-line-interface (host-shutdown)
 */
const powerOff: PowerOffActs = {
  would: (host) => (host.powerOffCommand === undefined ? words : powerOffCommandOf(host)),
  async act(session) {
    await refuseIfGuestsRun(session.host, runningVms(session));
    if (session.host.powerOffCommand === undefined) await shutDown(session);
    else await powerOffByCommand.act(session);
  },
  looks: (session) => [
    {
      what: 'privilege',
      see: () =>
        session.host.powerOffCommand === undefined
          ? mayShutDown(session)
          : mayPowerOff(session, powerOffCommandOf(session.host)),
    },
    { what: 'guests', see: () => seenByItsPool(session) },
  ],
};

/**
 * Only the master of its pool tells what runs on a member: once that is off, the member is left on.
 * @throws CannotTell when it is a member, and its master is not known to go down after it; FaultError
 * @see https://docs.xenserver.com/en-us/xenserver/8/command-line-interface (pool parameters: master)
 */
async function seenByItsPool(session: Session): Promise<string> {
  const seen = seenRunning(await runningVms(session));
  if (session.host.managedBy !== undefined) return seen;
  const { master } = await theOne(session, { of: 'pool', fields: ['master'] });
  if (master === (await ownUuid(session))) return seen;
  const advice = 'enter that under Setup as what manages it, and let it go down last';
  throw new CannotTell(`${seen}; it goes down only while the master of its pool is on: ${advice}`);
}

async function mayShutDown(session: Session): Promise<string> {
  const here = await ownUuid(session);
  return mayUseXe(session, [...aroundShutdown(here), shuttingDown(here)]);
}

const shuttingDown = (id: string): string => `host-shutdown uuid=${uuid(id)}`;

async function shutDown(session: Session): Promise<void> {
  const wasEnabled = await isEnabled(session);
  if (wasEnabled) await enable(session, false);
  const here = await ownUuid(session);
  try {
    await doXe(session, shuttingDown(here), 'host-shutdown');
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    // It went down with the answer, or keeps silent: its proof will tell.
    if (error.fault.code === 'dead-peer') return;
    // Broken off it may go down all the same.
    if (wasEnabled && error.fault.code !== 'limit-reached') await enableAgain(session);
    throw error;
  }
}

/** It stays on: its VMs must be able to start there as before. */
async function enableAgain(session: Session): Promise<void> {
  try {
    await enable(session, true);
  } catch (error) {
    session.tell(`it is left disabled: ${toFault(error, session.host.name).what}`);
  }
}

/** Of the host itself, in dom0. */
const macs = 'cat /sys/class/net/*/address';

/** XCP-ng and XenServer. What it is told it tells its pool. */
export const xcpNg: Platform = {
  powerOff,
  guests: xcpVms,
  settings: { maintenance: xcpMaintenance, ha: xcpHa },
  macs,
  harmless: harmlessXe,
};
