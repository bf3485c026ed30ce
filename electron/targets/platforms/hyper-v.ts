import { hyperVGuests, listed, seenIn } from '../windows/hyper-v-guests.ts';
import { hyperVMaintenance } from '../windows/hyper-v-maintenance.ts';
import { listAgents, listMacs, listVms, listVmsAndCluster } from '../windows/hyper-v-scripts.ts';
import { powerOffWindows, windowsPowerOff } from '../windows/power-off.ts';
import { askPrivileges } from '../windows/privileges.ts';
import { exactly } from './exactly.ts';
import { refuseIfGuestsRun } from './guests-first.ts';
import type { Platform, PowerOffActs } from './platform.ts';
import type { Session } from './session.ts';
import { windowsSignIn } from './windows.ts';

/**
 * Never under a running VM: what Windows does with VMs when it shuts down is set for each of them, and may be to cut
 * their power.
 * @see https://learn.microsoft.com/powershell/module/hyper-v/set-vm (-AutomaticStopAction)
 */
const powerOff: PowerOffActs = {
  ...windowsPowerOff,
  async act(session) {
    await refuseIfGuestsRun(session.host, runningVms(session));
    await powerOffWindows(session);
  },
  looks: (session) => [
    ...windowsPowerOff.looks(session),
    { what: 'guests', see: async () => seenIn(await listed(session)) },
  ],
};

const runningVms = async (session: Session) => (await listed(session)).filter(({ on }) => on);

/** Windows with VMs. What is not about VMs is done as on any Windows. */
export const hyperV: Platform = {
  powerOff,
  guests: hyperVGuests,
  settings: { maintenance: hyperVMaintenance },
  signIn: windowsSignIn,
  macs: listMacs,
  harmless: [windowsSignIn, askPrivileges, listVms, listVmsAndCluster, listAgents, listMacs].map(exactly),
};
