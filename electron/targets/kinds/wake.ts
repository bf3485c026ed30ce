import { type FaultCode, FaultError, toFault } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { StepData } from '../../../shared/run-record.ts';
import type { StepActions, StepContext } from '../../core/ports.ts';
import { hasBmc, switchOn, type WithBmc } from '../bmc/switch-on.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { hostFault } from '../host-fault.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { answers } from '../wake/answers.ts';
import { ping } from '../wake/ping.ts';
import { sendPackets } from '../wake/send-packets.ts';
import { type TargetDeps, targetOf } from './deps.ts';

/** Milliseconds of the clock between two rounds: a packet can be lost, or come while the host still goes down. */
const againMs = 10_000;

/** Milliseconds of the clock for which a management controller is left alone that did not do what it was asked. */
const restMs = 60_000;

/** What another attempt would meet again. */
const forGood: ReadonlySet<FaultCode> = new Set([
  'login-refused',
  'not-allowed',
  'no-credential',
  'host-key-unknown',
  'host-key-changed',
]);

const isForGood = (error: unknown): boolean => error instanceof FaultError && forGood.has(error.fault.code);

/** null: the host cannot be woken by it, or it is being tried already. */
type Way = Promise<StepData> | null;

interface Efforts {
  /** When the last round began, in monotonic ms. */
  at: number;
  /** What its management controller said last; null: it has none, or has not said. */
  controller: string | null;
  /**
   * Monotonic ms before which its management controller is not asked again: one that failed is left alone for a
   * while, since it may count refused logins, and one that refused the login for good.
   */
  askAfter: number;
  /** Why its management controller did not do it when it was last asked; undefined: it did, or has not been asked. */
  failure: unknown;
  /** What was told of: each of it is told once. */
  told: Set<string>;
  /** It is awake: what is still being tried tells nothing any more. */
  isOver: boolean;
}

/**
 * Wakes a host by magic packets and by its management controller, by all that it has. The proof is what the host
 * itself says; its controller and its network card know nothing of the system.
 */
export function wake(deps: TargetDeps, checks: KindChecks): StepActions {
  const { clock, look, addresses, secrets } = deps;
  const efforts = new StepMemory<Efforts>();
  const effortsOf = (context: StepContext): Efforts =>
    efforts.get(context) ??
    efforts.set(context, {
      at: -Infinity,
      controller: null,
      askAfter: -Infinity,
      failure: undefined,
      told: new Set(),
      isOver: false,
    });

  const isAwake = async (host: Host): Promise<boolean> =>
    // What stands behind another host is seen through that one only.
    host.jump === undefined ? answers(host, addresses) : (await look(host)) === 'open';

  const tellOnce = (context: StepContext, what: string): void => {
    const { told, isOver } = effortsOf(context);
    if (!told.has(what) && !isOver) context.tell(what);
    told.add(what);
  };

  const askController = async (host: WithBmc, context: StepContext): Promise<StepData> => {
    const own = effortsOf(context);
    // Not twice at a time.
    own.askAfter = Number.POSITIVE_INFINITY;
    try {
      own.controller = await switchOn(host, secrets, context.signal, addresses);
      own.askAfter = clock.monotonic();
      return { controller: own.controller };
    } catch (error) {
      own.failure = error;
      if (!isForGood(error)) own.askAfter = clock.monotonic() + restMs;
      throw error;
    }
  };

  /** Each of the host's ways to be woken, begun; none waits for another, or fails with it. */
  const round = (host: Host, context: StepContext): { packets: Way; controller: Way } => {
    const own = effortsOf(context);
    own.at = clock.monotonic();
    const begun = (way: Promise<StepData>): Promise<StepData> => {
      way.catch((error: unknown) => tellOnce(context, toFault(error, host.name).what));
      return way;
    };
    return {
      controller: hasBmc(host) && own.at >= own.askAfter ? begun(askController(host, context)) : null,
      packets:
        host.macs.length > 0 ? begun(sendPackets(host, deps, (line) => tellOnce(context, line), context.signal)) : null,
    };
  };

  return {
    proveEvery: 2000,
    async probe(context) {
      const host = targetOf(context);
      const hint = host.jump === undefined ? ping(host.address) : null;
      if (await isAwake(host)) {
        const tried = efforts.get(context);
        if (tried) tried.isOver = true;
        return { state: 'done', proof: `answers on port ${host.port}` };
      }
      if (!efforts.get(context) && ownData(context)) effortsOf(context);
      const own = efforts.get(context);
      // Nobody waits here for a controller that does not answer.
      if (own && clock.monotonic() - own.at >= againMs) await round(host, context).packets?.catch(() => undefined);
      const card = (await hint)
        ? 'its network card answers, the system does not yet'
        : `no answer on port ${host.port} yet`;
      const controller = own?.controller ?? null;
      return { state: 'not-done', seen: controller === null ? card : `${card}; ${controller}` };
    },
    async act(context) {
      const host = targetOf(context);
      if (host.macs.length === 0 && host.bmc === null) {
        const remedy = 'Enter the MAC address of its network card, or its management controller, in the host settings.';
        throw hostFault(host, 'no-mac', 'it has no MAC address to wake it by', remedy);
      }
      const { controller, packets } = round(host, context);
      const ways = [controller, packets].filter((way) => way !== null);
      // Its controller is all that it has, and is left alone for now: another attempt may come when it is asked again.
      if (ways.length === 0) throw effortsOf(context).failure;
      return Promise.any(ways).catch(({ errors }: AggregateError) => {
        // What may pass is tried again, whatever the other one says for good.
        throw errors.find((error) => !isForGood(error)) ?? errors[0];
      });
    },
    check: (context) => checks.wake(context),
    would: (_step, host) => (host ? wouldWake(host) : 'nothing: there is no such host'),
  };
}

function wouldWake({ macs, bmc }: Host): string {
  const packets = macs.length > 0 ? [`send magic packets for ${macs.join(', ')}`] : [];
  const controller = bmc ? [`ask its management controller at ${bmc.address} to power it on`] : [];
  return [...controller, ...packets].join(', and ') || 'nothing: it has no MAC address';
}
