import { seenRunning } from '../platforms/guest-words.ts';
import type { SettingActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { patiently } from '../platforms/tool.ts';
import { uuid } from '../uuid.ts';
import { runningVms } from './vms.ts';
import { doXe, mayUseXe, ownUuid, theOne } from './xe.ts';

/** Whether VMs are started on it. @throws FaultError those of `theOne` and `ownUuid` */
export async function isEnabled(session: Session): Promise<boolean> {
  const { enabled } = await theOne(session, {
    of: 'host',
    fields: ['enabled'],
    where: { uuid: await ownUuid(session) },
  });
  // What it does not say plainly is not taken for "no".
  return enabled !== 'false';
}

/**
 * One that is so already takes it as well.
 * @throws FaultError those of `runTool` and `ownUuid`
 * @see https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi/xapi_host.ml (enable, disable)
 */
export async function enable(session: Session, on: boolean): Promise<void> {
  const verb = on ? 'host-enable' : 'host-disable';
  await doXe(session, `${verb} uuid=${uuid(await ownUuid(session))}`, verb);
}

/** It is disabled, so that no VM is started or moved there, and none is left. Nothing is moved away from it. */
export const xcpMaintenance: SettingActs = {
  async read(session) {
    const enabled = await isEnabled(session);
    const running = await runningVms(session);
    const seen = `${enabled ? 'enabled' : 'disabled'}, ${seenRunning(running)}`;
    if (enabled) return { on: false, seen };
    return { on: running.length === 0 ? true : 'between', seen };
  },
  async set(session, on) {
    if (on) await enable(session, false);
    else await patiently(session, 'the pool', () => enable(session, true));
    return {};
  },
  would: (on) => (on ? 'xe host-disable' : 'xe host-enable'),
  async maySet(session) {
    const { seen } = await xcpMaintenance.read(session);
    return `${await mayUseXe(session)}; ${seen}`;
  },
};
