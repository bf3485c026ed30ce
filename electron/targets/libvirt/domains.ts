import { FaultError } from '../../../shared/fault.ts';
import type { Step } from '../../../shared/sequence.ts';
import { atMost } from '../at-most.ts';
import type { Guest, GuestActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { mayRunTool, patiently, runTool } from '../platforms/tool.ts';
import { anyUuid, uuid } from '../uuid.ts';
import { activeDomains, listDomains, virsh } from './virsh.ts';

/** Commands to one host at a time. */
const width = 4;

/**
 * Milliseconds of real time for a command that changes a domain: libvirt asks an agent that hangs for a minute before it
 * presses the power button.
 * @see https://libvirt.org/html/libvirt-libvirt-qemu.html (VIR_DOMAIN_QEMU_AGENT_COMMAND_SHUTDOWN)
 */
const changeMs = 90_000;

/**
 * The guest's end of the agent's channel is open.
 * @see https://libvirt.org/formatdomain.html#channel (state)
 */
const agentIsThere = /<target type='virtio' name='org\.qemu\.guest_agent\.0' state='connected'\/>/;

/** The domains of one libvirt host, by its virsh. */
export const libvirtDomains: GuestActs = {
  words: { ask: 'virsh shutdown', cut: 'virsh destroy', start: 'virsh start' },
  agent: 'the QEMU guest agent',
  list: listDomains,
  running: activeDomains,
  /** One without an agent is asked by its power button. Whether it heeds that nobody can tell. */
  async hasAgent(session, guest) {
    const doing = `asking for the agent of ${guest.name}`;
    const xml = await runTool(session, virsh(session.host), `dumpxml ${uuid(guest.id)}`, doing);
    return agentIsThere.test(xml) ? true : null;
  },
  shutDown: (session, guest) => change(session, guest, 'shutdown', false),
  async cut(session, guests) {
    const { command } = virsh(session.host);
    await atMost(width, guests, ({ id }) => session.run(`${command} destroy ${uuid(id)}`, changeMs));
  },
  async start(session, guest) {
    // After a boot its daemon may not be there yet.
    await patiently(session, 'libvirt', () => activeDomains(session));
    return change(session, guest, 'start', true);
  },
  /** Whoever is let into the system's connection may do all there. Sudo may allow some of it. */
  async mayManage(session, step) {
    const { host } = session;
    if (host.sudo)
      return mayRunTool(
        session,
        virsh(host),
        verbsOf(step).map((verb) => `${verb} ${anyUuid}`),
      );
    await activeDomains(session);
    return `${host.user} is let into qemu:///system`;
  },
};

function verbsOf(step: Step): string[] {
  if (step.kind !== 'shut-down-guests') return ['start'];
  return step.force ? ['shutdown', 'destroy'] : ['shutdown'];
}

/** Null when it took that, or is so already; otherwise why not. */
async function change(session: Session, guest: Guest, verb: 'shutdown' | 'start', on: boolean): Promise<string | null> {
  try {
    await runTool(session, virsh(session.host), `${verb} ${uuid(guest.id)}`, `virsh ${verb}`, changeMs);
    return null;
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== 'command-failed') throw error;
    const active = await activeDomains(session);
    return active.some(({ id }) => id === guest.id) === on ? null : error.fault.what;
  }
}
