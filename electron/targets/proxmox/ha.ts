import type { StepData } from '../../../shared/run-record.ts';
import { count } from '../../../shared/words.ts';
import type { SettingActs, SettingSeen } from '../platforms/platform.ts';
import { type HaStatus, haStatus, isArmed, managed, type Service, whenQuorate } from './ha-status.ts';
import { at, mayUse, order } from './node.ts';

/** Releases all watchdogs; guests can be shut down as if HA did not know them, which `freeze` would hold back. */
const disarm = `${at.haManager} crm-command disarm-ha ignore`;
const arm = `${at.haManager} crm-command arm-ha`;

const setState = (sid: string, state: string): string => `${at.haManager} set ${sid} --state ${state}`;

/**
 * High availability of the whole cluster of a node: it would start guests on other nodes while theirs go down, and
 * reset nodes that lose quorum. Since 9.2 it is disarmed; before, each guest is taken from it (`ignored`) and given
 * back as it was.
 * @see https://pve.proxmox.com/pve-docs/ha-manager.1.html (crm-command disarm-ha, arm-ha; set --state ignored)
 */
export const ha: SettingActs = {
  async read(session, left) {
    const status = await haStatus(session);
    return left ? asBefore(status, left) : asItIs(status);
  },
  async set(session, on, { before }) {
    const status = await whenQuorate(session);
    if (!on) {
      const { on: is, data } = asItIs(status);
      if (is !== true || data === undefined) return {};
      if (status.arms !== null) await order(session, disarm);
      else for (const { sid } of managed(status)) await order(session, setState(sid, 'ignored'));
      return data;
    }
    if (status.arms && !isArmed(status.arms) && wasDisarmed(before)) await order(session, arm);
    for (const { sid, wanted } of stillIgnored(status, before)) await order(session, setState(sid, wanted));
    return {};
  },
  would: (on) =>
    on
      ? `${arm}, or before 9.2 the states back that this run took from HA`
      : `${disarm}, or before 9.2 --state ignored for every guest of HA`,
  async maySet(session, on) {
    const { seen } = asItIs(await haStatus(session));
    const commands = on ? [arm, setState('vm:100', 'started')] : [disarm, setState('vm:100', 'ignored')];
    return `${await mayUse(session, commands)}; ${seen}`;
  },
};

function asItIs(status: HaStatus): SettingSeen {
  const services = managed(status);
  if (services.length === 0) return { on: false, seen: 'HA looks after no guest' };
  const seen = `HA looks after ${count(services.length, 'guest')}`;
  if (status.arms === null) return { on: true, seen, data: { services: services.map(written) } };
  const { state, mode } = status.arms;
  if (isArmed(status.arms)) return { on: true, seen: `${seen} and is ${state}`, data: { disarmed: 1 } };
  return { on: state === 'disarmed' ? false : 'between', seen: `HA is ${state} (${mode})` };
}

/** Guests that are gone since are nobody's. */
function asBefore(status: HaStatus, left: readonly StepData[]): SettingSeen {
  const ignored = stillIgnored(status, left);
  if (ignored.length > 0) return { on: false, seen: `HA still ignores ${ignored.map(({ sid }) => sid).join(', ')}` };
  if (!wasDisarmed(left) || status.arms === null || isArmed(status.arms))
    return { on: true, seen: wasDisarmed(left) || servicesIn(left).length > 0 ? 'HA is on' : 'this run left HA on' };
  return { on: status.arms.state === 'disarmed' ? false : 'between', seen: `HA is ${status.arms.state}` };
}

const wasDisarmed = (left: readonly StepData[]): boolean => left.some(({ disarmed }) => disarmed === 1);

const stillIgnored = ({ services }: HaStatus, left: readonly StepData[]): Service[] =>
  servicesIn(left).filter(({ sid }) => services.some((one) => one.sid === sid && one.wanted === 'ignored'));

const written = ({ sid, wanted }: Service): string => `${sid} ${wanted}`;

/** From the journal, so each is looked at again before it becomes part of a command. */
function servicesIn(left: readonly StepData[]): Service[] {
  return left.flatMap(({ services }) =>
    (Array.isArray(services) ? services : []).flatMap((text) => {
      const [, sid = '', wanted = ''] = /^((?:vm|ct):\d{3,9}) ([a-z]{1,20})$/.exec(text) ?? [];
      return sid === '' ? [] : [{ sid, wanted }];
    }),
  );
}
