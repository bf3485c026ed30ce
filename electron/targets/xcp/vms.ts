import { FaultError } from '../../../shared/fault.ts';
import type { Step } from '../../../shared/sequence.ts';
import { atMost } from '../at-most.ts';
import type { Guest, GuestActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { patiently } from '../platforms/tool.ts';
import { anyUuid, uuid } from '../uuid.ts';
import { beginXe, commandOf, doXe, listOf, mayUseXe, membersOf, ownUuid, type Row } from './xe.ts';

/** Commands to one host at a time. */
const width = 4;

/** Milliseconds of real time in which a VM has started, or was refused. */
const startMs = 120_000;

const shown = ['name-label', 'power-state', 'resident-on', 'allowed-operations', 'current-operations'] as const;
type Vm = Row<(typeof shown)[number]>;

/** In these nothing is in memory that would be lost; what is not known counts as on. */
const offStates = new Set(['halted', 'suspended']);

const isOn = (vm: Vm): boolean => !offStates.has(vm['power-state']);

/** The VMs of its whole pool, without what is a part of its hosts themselves. */
const allVms = (session: Session): Promise<Vm[]> =>
  listOf(session, { of: 'vm', fields: shown, where: { 'is-control-domain': 'false' } });

const queryOf = (id: string) => ({ of: 'vm', fields: shown, where: { uuid: uuid(id) } }) as const;

const words = {
  ask: (id: string): string => `vm-shutdown uuid=${uuid(id)}`,
  cut: (id: string): string => `vm-shutdown uuid=${uuid(id)} force=true`,
  start: (id: string): string => `vm-start uuid=${uuid(id)}`,
} as const;

/** What a step has xe do for each of its guests. */
function wordsOf(step: Step): string[] {
  const all = step.kind === 'shut-down-guests' ? [words.ask, ...(step.force ? [words.cut] : [])] : [words.start];
  return [commandOf(queryOf(anyUuid)), ...all.map((one) => one(anyUuid))];
}

/** Null: its pool does not have it any more. */
async function oneVm(session: Session, { id }: Guest): Promise<Vm | null> {
  const found = await listOf(session, queryOf(id));
  return found.find((vm) => vm.uuid === id) ?? null;
}

const gone = ({ name }: Guest): string => `${name} is not there any more`;

const guestOf = (vm: Vm): Guest => ({ id: vm.uuid, name: vm['name-label'], on: isOn(vm) });

/** Those that are on, on this very host. @throws FaultError those of `listOf` and `ownUuid` */
export async function runningVms(session: Session): Promise<Guest[]> {
  const here = await ownUuid(session);
  return (await allVms(session)).filter((vm) => isOn(vm) && vm['resident-on'] === here).map(guestOf);
}

/**
 * The pool allows this only where the guest takes part, by its management agent.
 * @see https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi/xapi_vm_lifecycle.ml
 */
const mayBeAsked = (vm: Vm): boolean => membersOf(vm['allowed-operations']).includes('clean_shutdown');

const wasAsked = (vm: Vm): boolean => membersOf(vm['current-operations']).includes('clean_shutdown');

/**
 * The VMs of one host of XCP-ng, by its xe. A VM that is off belongs to no host: it is listed by each of its pool. What
 * shuts one down ends with the VM, so that it is begun and not waited for.
 */
export const xcpVms: GuestActs = {
  words: { ask: 'xe vm-shutdown', cut: 'xe vm-shutdown force=true', start: 'xe vm-start' },
  agent: 'the management agent',
  async list(session) {
    const here = await ownUuid(session);
    return (await allVms(session)).filter((vm) => !isOn(vm) || vm['resident-on'] === here).map(guestOf);
  },
  running: runningVms,
  /** On whichever host: one that has moved is on all the same. */
  async stillOn(session, guests) {
    const on = new Set((await allVms(session)).filter(isOn).map((vm) => vm.uuid));
    return guests.filter(({ id }) => on.has(id));
  },
  async hasAgent(session, guest) {
    const vm = await oneVm(session, guest);
    return vm && (mayBeAsked(vm) || wasAsked(vm));
  },
  async shutDown(session, guest) {
    const vm = await oneVm(session, guest);
    if (vm === null) return gone(guest);
    if (!isOn(vm) || wasAsked(vm)) return null;
    if (!mayBeAsked(vm)) return 'the management agent does not run in it, or it is busy with something else';
    return beginXe(session, words.ask(guest.id), `shutting down ${guest.name}`);
  },
  /**
   * What asks them to shut down is broken off by it.
   * @see https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi/message_forwarding.ml (VM.hard_shutdown)
   */
  async cut(session, guests) {
    await atMost(width, guests, async ({ id, name }) => {
      const why = await beginXe(session, words.cut(id), `powering off ${name}`);
      if (why !== null) session.tell(why);
    });
  },
  async start(session, guest) {
    // After a boot the pool's service is not there at once.
    const before = await patiently(session, 'the pool', () => oneVm(session, guest));
    if (before === null) return gone(guest);
    if (isOn(before)) return null;
    try {
      await doXe(session, words.start(guest.id), `starting ${guest.name}`, startMs);
      return null;
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== 'command-failed') throw error;
      const after = await oneVm(session, guest);
      return after && isOn(after) ? null : error.fault.what;
    }
  },
  mayManage: (session, step) => mayUseXe(session, wordsOf(step)),
};
