import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import type { Guest } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { runTool, type Tool } from '../platforms/tool.ts';
import { uuidPattern } from '../uuid.ts';

/**
 * Always the host's own domains: without a URI a user who is not root is shown their own, which are none.
 * @see https://libvirt.org/uri.html (Default URI choice), https://libvirt.org/drvqemu.html (connections)
 */
const system = '-c qemu:///system';

const path = '/usr/bin/virsh';

export const virsh = ({ sudo }: Pick<Host, 'sudo'>): Tool => ({
  path,
  command: `${sudo ? 'sudo -n ' : ''}${path} ${system}`,
});

/**
 * UUIDs and names, of all or of the active ones, in no language: what is paused, suspended inside or going down is
 * active; what is off, or saved to disk, is not.
 * @see https://libvirt.org/manpages/virsh.html#list
 */
const listAll = 'list --all --uuid --name';
const listActive = 'list --uuid --name';

type Domain = Pick<Guest, 'id' | 'name'>;

const row = new RegExp(`^(${uuidPattern})\\s+(\\S.*)$`);

/** @throws FaultError `unexpected-answer`: a list of which a part is not understood proves nothing */
function domainsIn(host: Host, text: string): Domain[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, id, name] = row.exec(line.trimEnd()) ?? [];
      if (id !== undefined && name !== undefined) return { id, name };
      const what = `its list of domains has a line that is no domain: ${line.trim().slice(0, 200)}`;
      throw hostFault(host, 'unexpected-answer', what, `On the host, run: virsh ${system} ${listActive}`);
    });
}

/** @throws FaultError those of `runTool`; `unexpected-answer` */
export async function activeDomains(session: Session): Promise<Domain[]> {
  return domainsIn(session.host, await runTool(session, virsh(session.host), listActive, 'listing the active domains'));
}

/** @throws FaultError those of `runTool`; `unexpected-answer` */
export async function listDomains(session: Session): Promise<Guest[]> {
  const all = domainsIn(session.host, await runTool(session, virsh(session.host), listAll, 'listing the domains'));
  // What was started in between is in the second list only.
  const active = await activeDomains(session);
  const on = new Set(active.map(({ id }) => id));
  const off = all.filter(({ id }) => !on.has(id));
  return [...active.map((domain) => ({ ...domain, on: true })), ...off.map((domain) => ({ ...domain, on: false }))];
}

/** What a rehearsal may send, with sudo or without. */
export const harmlessVirsh: readonly RegExp[] = [
  new RegExp(`^(sudo -n )?${path} ${system} list (--all )?--uuid --name$`),
  new RegExp(`^(sudo -n )?${path} ${system} dumpxml ${uuidPattern}$`),
];
