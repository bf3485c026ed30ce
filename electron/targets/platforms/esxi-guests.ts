import { atMost } from '../at-most.ts';
import { mayManage } from '../checks/privilege.ts';
import { killRunning, powerOffGuest } from '../esxi/force.ts';
import { digits, guestsOn, hasTools, listGuests, listRunning, powerOf, saysTools, width } from '../esxi/guests.ts';
import { esxiFault, esxiShell } from '../esxi/shell.ts';
import { seenRunning } from './guest-words.ts';
import type { GuestActs } from './platform.ts';
import type { Session } from './session.ts';

/** The hypervisor's management service tells its guests. @throws FaultError `command-failed` */
export const whichRun = async (session: Session): Promise<string> =>
  seenRunning(await listRunning(esxiShell(session), session.host));

/**
 * The VMs of one ESXi host, through its shell. What is on is told by the kernel's list of what runs, and by the state of
 * each registered VM; never by what a command printed that shuts one down.
 */
export const esxiGuests: GuestActs = {
  words: { ask: 'vim-cmd vmsvc/power.shutdown', cut: 'power.off', start: 'vim-cmd vmsvc/power.on' },
  agent: 'VMware Tools',
  async list(session) {
    const run = esxiShell(session);
    const guests = await listGuests(run, session.host);
    const states = await atMost(width, guests, (guest) => powerOf(run, guest.id));
    // That a state cannot be told is no "off": the kernel knows what runs.
    const running = states.includes(null) ? await listRunning(run, session.host) : [];
    const runs = (vmx: string): boolean => running.some((guest) => guest.vmx === vmx);
    return guests.map(({ id, name, vmx }, at) => ({
      id,
      name,
      on: states[at] === null ? runs(vmx) : states[at] === 'on',
    }));
  },
  running: (session) => listRunning(esxiShell(session), session.host),
  stillOn: (session, guests) => guestsOn(esxiShell(session), session.host, guests),
  hasAgent: (session, guest) => hasTools(esxiShell(session), session.host, guest),
  async shutDown(session, guest) {
    const run = esxiShell(session);
    const { host } = session;
    const answer = await run(`vim-cmd vmsvc/power.shutdown ${digits(guest.id)}`);
    if (answer.dropped) throw esxiFault(host, `shutting down ${guest.name}`, answer, '');
    if (!answer.failed) return null;
    const power = answer.isSick ? null : await powerOf(run, guest.id);
    if (power === 'off' || power === 'suspended') return null;
    // Who does not tell that does not tell this either, and takes its time for it.
    const tools = power === null ? null : await run(`vim-cmd vmsvc/get.guest ${digits(guest.id)}`);
    const isWithout = tools !== null && !tools.failed && !saysTools(tools);
    return isWithout ? 'VMware Tools is not running in it' : esxiFault(host, 'shutting down', answer, '').fault.what;
  },
  async cut(session, guests, round) {
    const run = esxiShell(session);
    if (round === 1) await atMost(width, guests, (guest) => powerOffGuest(run, guest));
    // A guest with a question pending does not even go off; its process can still be ended.
    else await killRunning(run, session.host, guests);
  },
  async start(session, guest) {
    const run = esxiShell(session);
    const answer = await run(`vim-cmd vmsvc/power.on ${digits(guest.id)}`);
    if (answer.dropped) throw esxiFault(session.host, `starting ${guest.name}`, answer, '');
    if (!answer.failed || (await powerOf(run, guest.id)) === 'on') return null;
    return esxiFault(session.host, `starting ${guest.name}`, answer, '').fault.what;
  },
  mayManage: (session: Session) => mayManage(session),
};
