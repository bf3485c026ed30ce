import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import type { Session } from '../platforms/session.ts';
import { serviceInstance } from '../soap/content.ts';
import { allLike } from './addresses.ts';
import { type EsxiSystem, listHosts } from './hosts.ts';
import { tellOnce } from './tell-once.ts';

/** Milliseconds of real time in which a vCenter says that it is there, or is gone around. */
const hereMs = 5000;

/** Milliseconds of the clock for which a vCenter that did not answer is not asked again. */
const awayMs = 120_000;

/** Until when a vCenter is not asked, by the clock of the run and its id; it is out when it answers again. */
const away = new WeakMap<object, Map<string, number>>();

const systems = new WeakMap<AbortSignal, Promise<EsxiSystem>>();

/** The vCenter that manages a host, in the same step; null: none does. */
export function vcenterOf(session: Session): Session | null {
  const { managedBy } = session.host;
  const found = managedBy === undefined ? null : session.other(managedBy);
  return found?.host.kind === 'vcenter' ? found : null;
}

/**
 * A host as its vCenter knows it. Addresses of networks that are not routed may be those of several hosts: then none of
 * them is taken for it.
 * @throws FaultError of `listHosts`; `reference-missing` when it knows none like it, or more than one
 */
export async function systemAt(vcenter: Session, host: Host): Promise<EsxiSystem> {
  const like = await allLike(host, await listHosts(vcenter.api, vcenter.host), vcenter.api.addresses);
  const [found] = like;
  if (found && like.length === 1) return found;
  const what = found ? `${like.length} hosts` : 'no host';
  throw hostFault(
    vcenter.host,
    'reference-missing',
    `it has ${what} of the name or address ${host.address}`,
    `Correct the address of ${host.name}, or what manages it.`,
  );
}

/**
 * The same, of a host that answers its vCenter: what that tells of any other is old, and what it is to do there waits.
 * @throws FaultError of `systemAt`; `command-failed` when it does not
 */
export async function systemInTouch(vcenter: Session, host: Host): Promise<EsxiSystem> {
  const system = await systemAt(vcenter, host);
  if (system.connected) return system;
  const remedy = 'Look at the host in the vSphere Client.';
  throw hostFault(vcenter.host, 'command-failed', `it has lost touch with ${host.name}`, remedy);
}

/**
 * Does something to a host through the vCenter that manages it, as long as that answers, and otherwise at the host
 * itself: a vCenter that dies in the middle of a run, or that says no, must not keep its hosts from going down. What it
 * did not do is told in the run's log, and that it does not answer is told once.
 */
export async function throughVcenter<T>(
  session: Session,
  by: (vcenter: Session, system: EsxiSystem) => Promise<T>,
  direct: () => Promise<T>,
): Promise<T> {
  const vcenter = vcenterOf(session);
  if (vcenter === null || isAway(vcenter)) return direct();
  try {
    const done = await by(vcenter, await systemInStep(vcenter, session));
    away.get(vcenter.clock)?.delete(vcenter.host.id);
    return done;
  } catch (error) {
    if (!(error instanceof FaultError) || session.signal.aborted) throw error;
    const { code, what } = error.fault;
    // Several guests are asked at a time: the first that finds it out tells it for all.
    if (isAway(vcenter)) return direct();
    const wasAway = away.get(vcenter.clock)?.has(vcenter.host.id) ?? false;
    const isGone = code === 'unreachable' || code === 'dead-peer';
    if (isGone) markAway(vcenter);
    if (!isGone || !wasAway)
      tellOnce(session, `not by ${vcenter.host.name}: ${what}. Going on at ${session.host.name} itself`);
    return direct();
  }
}

/** Asked once in a step: a step is for one host. */
function systemInStep(vcenter: Session, { host, signal }: Session): Promise<EsxiSystem> {
  const known = systems.get(signal);
  if (known) return known;
  const asked = isHere(vcenter).then(() => systemInTouch(vcenter, host));
  systems.set(signal, asked);
  return asked;
}

async function isHere({ api, host }: Session): Promise<void> {
  const { dropped } = await api.call('CurrentTime', serviceInstance, [], hereMs);
  if (dropped) throw hostFault(host, 'dead-peer', 'it went away when asked', 'Look whether it is still up.');
}

const isAway = ({ clock, host }: Session): boolean =>
  clock.monotonic() < (away.get(clock)?.get(host.id) ?? Number.NEGATIVE_INFINITY);

function markAway({ clock, host }: Session): void {
  const known = away.get(clock) ?? new Map<string, number>();
  away.set(clock, known);
  known.set(host.id, clock.monotonic() + awayMs);
}
