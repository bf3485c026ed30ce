import { mayManage } from '../checks/privilege.ts';
import {
  enterMaintenance,
  exitMaintenance,
  isInMaintenance,
  isInMaintenanceForVsan,
  setMaintenanceWords,
} from '../esxi/maintenance.ts';
import { orderlyPowerOff, powerOffEsxi } from '../esxi/power-off.ts';
import { powerOffUnderUs, seeOwnVm, underUsWords } from '../esxi/power-off-under-us.ts';
import { esxiShell } from '../esxi/shell.ts';
import { vsanMember } from '../esxi/vsan.ts';
import { esxiGuests, whichRun } from './esxi-guests.ts';
import { memberUpdates, memberUpdatesAsked } from './esxi-member-updates.ts';
import type { Look, Platform, SettingActs } from './platform.ts';
import type { Session } from './session.ts';

/** The host itself says whether it is in maintenance mode, and that is the proof. On the way back vSAN has to agree. */
const maintenance: SettingActs = {
  async read(session, left) {
    const on = await isInMaintenance(esxiShell(session), session.host);
    if (!on && left && (await isInMaintenanceForVsan(session)))
      return { on: 'between', seen: 'not in maintenance mode, but vSAN takes it for being in it' };
    return { on, seen: on ? 'in maintenance mode' : 'not in maintenance mode' };
  },
  async set(session, on, { step }) {
    await (on ? enterMaintenance(session, step) : exitMaintenance(session));
    return {};
  },
  would: setMaintenanceWords,
  async maySet(session) {
    // Whether it holds vSAN data has to be told, whichever way it is.
    await vsanMember(esxiShell(session), session.host);
    return mayEnter(session);
  },
};

/** It has the right, and the host tells its maintenance mode, without which nothing that needs it is proven. */
async function mayEnter(session: Session): Promise<string> {
  const { on } = await maintenance.read(session);
  return `${await mayManage(session)}; maintenance mode is ${on ? 'on' : 'off'}`;
}

/** Of the host that we run on: our VM is known, and can be shut down. */
function ownVm(session: Session): Look[] {
  const { own } = session;
  return own === null ? [] : [{ what: 'tools', see: () => seeOwnVm(session, own) }];
}

/** ESXi by its own shell. */
export const esxi: Platform = {
  powerOff: {
    would: (_host, own) => (own ? underUsWords(own) : orderlyPowerOff),
    act: (session) =>
      session.own ? powerOffUnderUs(session, session.own) : powerOffEsxi(esxiShell(session), session.host),
    // It is never powered off without having told whether guests run.
    looks: (session) => [
      { what: 'privilege', see: () => mayEnter(session) },
      { what: 'guests', see: () => whichRun(session) },
      ...ownVm(session),
    ],
  },
  guests: esxiGuests,
  settings: { maintenance, 'member-updates': memberUpdates },
  macs: 'esxcli network nic list',
  harmless: [
    /^esxcli network nic list$/,
    /^esxcli system permission list$/,
    /^esxcli system maintenanceMode get$/,
    /^esxcli vm process list$/,
    /^esxcli vsan (cluster|debug resync summary) get$/,
    memberUpdatesAsked,
    /^vim-cmd vmsvc\/getallvms$/,
    /^vim-cmd vmsvc\/(power\.getstate|get\.guest) \d{1,10}$/,
  ],
};
