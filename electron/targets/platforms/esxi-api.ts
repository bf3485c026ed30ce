import { vmGuests } from '../vmware/guests.ts';
import { onlyHost } from '../vmware/hosts.ts';
import { isInMaintenance, setMaintenance, setWords } from '../vmware/maintenance.ts';
import { powerOffByApi } from '../vmware/power-off.ts';
import { mayDo } from '../vmware/privileges.ts';
import { seenRunning } from './guest-words.ts';
import type { GuestActs, Platform, SettingActs } from './platform.ts';
import type { Session } from './session.ts';

/** Its own agents are guests here, too: nothing may run on a host that goes down. */
const guests: GuestActs = vmGuests(async (_session, vms) => vms.filter((vm) => !vm.isTemplate));

/** The host itself says whether it is in maintenance mode, and that is the proof. */
const maintenance: SettingActs = {
  async read(session) {
    const on = await isInMaintenance(session, await onlyHost(session.api, session.host));
    return { on, seen: on ? 'in maintenance mode' : 'not in maintenance mode' };
  },
  async set(session, on, { step }) {
    await setMaintenance(session, await onlyHost(session.api, session.host), on, step);
    return {};
  },
  would: setWords,
  maySet: mayEnter,
};

async function mayEnter(session: Session): Promise<string> {
  const { on } = await maintenance.read(session);
  return `${await mayDo(session, ['Host.Config.Maintenance'])}; maintenance mode is ${on ? 'on' : 'off'}`;
}

const running = async (session: Session) => (await guests.list(session)).filter(({ on }) => on);

/** One ESXi host by its own API (HostAgent). Its free licence only lets it be read. */
export const esxiApi: Platform = {
  powerOff: {
    would: () => 'ShutdownHost_Task, in maintenance mode or when nothing runs on it',
    act: powerOffByApi,
    // It is never powered off without having told whether guests run.
    looks: (session) => [
      { what: 'privilege', see: () => mayDo(session, ['Host.Config.Maintenance']) },
      { what: 'guests', see: async () => seenRunning(await running(session)) },
    ],
  },
  guests,
  settings: { maintenance },
  harmless: [],
};
