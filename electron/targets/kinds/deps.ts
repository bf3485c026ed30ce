import { FaultError, toFault } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Step, StepKind } from '../../../shared/sequence.ts';
import { type StepKindInfo, stepKinds } from '../../../shared/step-kinds.ts';
import { isOwnCarrier } from '../../../shared/this-computer.ts';
import type { Addresses, Clock, HostPasswords, Notifier, Probe, StepContext, UpsOrders } from '../../core/ports.ts';
import { commandMs, fewTimes, type Session } from '../platforms/session.ts';
import type { LookAt } from '../reach.ts';
import { apiOf } from '../soap/api.ts';
import type { SoapServers } from '../soap/pool.ts';
import type { RemoteShell } from '../ssh/pool.ts';
import type { Destination } from '../wake/send-wake.ts';

/** What the step kinds work with. */
export interface TargetDeps {
  clock: Clock;
  shell: RemoteShell;
  soap: SoapServers;
  notifier: Notifier;
  /** How a host's port is looked at; `lookAt` of reach.ts in the product. */
  look: LookAt;
  /** Where names lead. */
  addresses: Addresses;
  /** A host of the inventory; null: there is none of that id. */
  hosts(id: string): Host | null;
  /** The computer that we run on; null: it is no host of the inventory. */
  own(): Host | null;
  /** What wakes a host besides its MAC address. */
  secrets: HostPasswords;
  /** What tells a UPS to turn off. */
  orders: UpsOrders;
  /** Where magic packets go besides every network of this computer. */
  wakeTo: readonly Destination[];
}

/** The context's step as the kind that it must be. */
export function stepOf<K extends StepKind>(context: Pick<StepContext, 'step'>, kind: K): Extract<Step, { kind: K }> {
  if (context.step.kind !== kind) throw new Error(`a ${context.step.kind} step was given to ${kind}`);
  return context.step as Extract<Step, { kind: K }>;
}

/** @throws FaultError `reference-missing` when the step has no target, or one of a kind that it cannot be aimed at */
export function targetOf(context: Pick<StepContext, 'step' | 'host'>): Host {
  const info: StepKindInfo = stepKinds[context.step.kind];
  if (context.host && info.targets?.includes(context.host.kind)) return context.host;
  throw new FaultError({
    code: 'reference-missing',
    what: `"${info.label}" cannot be aimed at ${context.host ? `a host of the kind ${context.host.kind}` : 'nothing'}`,
    where: context.host?.name ?? context.step.id,
    remedy: 'Choose another target for the step.',
  });
}

/** Milliseconds in which the step must be proven. */
export const limitMsOf = (step: Step): number => (step.limit ?? stepKinds[step.kind].limit) * 1000;

/** A look that failed cannot tell; it does not end the step. */
export async function tellOrUnknown(context: StepContext, look: () => Promise<Probe>): Promise<Probe> {
  try {
    return await look();
  } catch (error) {
    return { state: 'unknown', fault: toFault(error, context.host?.name ?? context.step.id) };
  }
}

/** The step's host, for its platform. */
export function sessionOf(
  deps: TargetDeps,
  context: StepContext,
  options: { patience?: number; host?: Host; onSent?: () => void } = {},
): Session {
  const { clock, shell, soap, hosts } = deps;
  const { host = targetOf(context), patience = fewTimes, onSent } = options;
  return {
    host,
    clock,
    signal: context.signal,
    patience,
    run: (command, limitMs = commandMs) =>
      shell.run(host, command, { limitMs, signal: context.signal, ...(onSent && { onSent }) }),
    api: apiOf(soap, host, { signal: context.signal, ...(onSent && { onSent }) }),
    tell: context.tell,
    other: (id) => {
      const found = hosts(id);
      return found && sessionOf(deps, context, { patience, host: found });
    },
    own: ownOn(deps, host),
    spared: () => context.spared(),
  };
}

/** The guest of a host in which we run; null: we run elsewhere. */
export function ownOn({ own }: Pick<TargetDeps, 'own'>, host: Host): Host | null {
  const guest = own();
  return isOwnCarrier(host, guest) ? guest : null;
}

/** What would be done to a step's host, in words; also when it is none that this can be done to. */
export function wouldTo(host: Host | null, words: (host: Host) => string): string {
  if (host === null) return 'nothing: there is no such host';
  try {
    return words(host).slice(0, 2000);
  } catch (error) {
    return `nothing: ${toFault(error, host.name).what}`.slice(0, 2000);
  }
}
