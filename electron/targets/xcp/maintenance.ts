import { keptOf, wasBefore } from '../platforms/before.ts';
import { seenRunning } from '../platforms/guest-words.ts';
import type { SettingActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { patiently } from '../platforms/tool.ts';
import { uuid } from '../uuid.ts';
import { runningVms } from './vms.ts';
import { commandOf, doXe, mayUseXe, ownUuid, theOne } from './xe.ts';

const enabledOf = (id: string) => ({ of: 'host', fields: ['enabled'], where: { uuid: uuid(id) } }) as const;

const switching = (on: boolean, id: string): string => `${verbOf(on)} uuid=${uuid(id)}`;
const verbOf = (on: boolean): string => (on ? 'host-enable' : 'host-disable');

/** What a host is told, and asked, when it is shut down: one that will not go is enabled again. */
export const aroundShutdown = (id: string): string[] => [
  commandOf(enabledOf(id)),
  switching(false, id),
  switching(true, id),
];

/** Whether VMs are started on it. @throws FaultError those of `theOne` and `ownUuid` */
export async function isEnabled(session: Session): Promise<boolean> {
  const { enabled } = await theOne(session, enabledOf(await ownUuid(session)));
  // What it does not say plainly is not taken for "no".
  return enabled !== 'false';
}

/**
 * One that is so already takes it as well.
 * @throws FaultError those of `runTool` and `ownUuid`
 * @see https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi/xapi_host.ml (enable, disable)
 */
export async function enable(session: Session, on: boolean): Promise<void> {
  await doXe(session, switching(on, await ownUuid(session)), verbOf(on));
}

/** It is disabled, so that no VM is started or moved there, and none is left. Nothing is moved away from it. */
export const xcpMaintenance: SettingActs = {
  async read(session, left = []) {
    const enabled = await isEnabled(session);
    const running = await runningVms(session);
    const seen = `${enabled ? 'enabled' : 'disabled'}, ${seenRunning(running)}`;
    if (enabled) return { on: false, seen, data: keptOf(false) };
    if (wasBefore(left)) return { on: 'either', seen: `${seen}, as before this run` };
    return { on: running.length === 0 ? true : 'between', seen, data: keptOf(true) };
  },
  async set(session, on, { before }) {
    if (!on && wasBefore(before)) return {};
    if (on) await enable(session, false);
    else await patiently(session, 'the pool', () => enable(session, true));
    return {};
  },
  would: (on) => (on ? 'xe host-disable' : 'xe host-enable'),
  async maySet(session, on) {
    const { seen } = await xcpMaintenance.read(session);
    return `${await mayUseXe(session, [switching(!on, await ownUuid(session))])}; ${seen}`;
  },
};
