import type { Probe, StepActions, StepContext } from '../../core/ports.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { hostFault } from '../host-fault.ts';
import { lookAgainMs, OffTracker } from '../off-proof.ts';
import { pause } from '../pause.ts';
import { powerOffOf } from '../platforms/of-host.ts';
import { StepMemory } from '../step-memory.ts';
import { ownOn, sessionOf, stepOf, type TargetDeps, targetOf, wouldTo } from './deps.ts';

/**
 * No faster: OpenSSH since 9.8 (PerSourcePenalties) counts each look at an open port as a second of penalty, and would
 * shut us out. A closed port counts nothing.
 */
const lookEvery = 1000;

/** Ms after the end of the session at which a look may be worth it: its port may close a little later. */
const hintsAfter = [0, 100, 300];

interface Watch {
  tracker: OffTracker;
  /** When the command was sent that it took, in monotonic ms; null: none by this process. */
  toldAt: number | null;
  /** How many connections the host had ended by then: one more is the session that told it. */
  endings: number;
}

/**
 * Powers a host off. One look proves nothing: `done` takes the full evidence of `OffTracker`, so a host that is off
 * already is found by going on to look, after an act that could not reach it.
 */
export function powerOff(deps: TargetDeps, checks: KindChecks): StepActions {
  const { shell, clock, look } = deps;
  const watches = new StepMemory<Watch>();
  const watchOf = (context: StepContext): Watch =>
    watches.get(context) ??
    watches.set(context, {
      tracker: new OffTracker(stepOf(context, 'power-off').until, targetOf(context)),
      toldAt: null,
      endings: 0,
    });

  /** When the host ended the session over which it was told to go down; null: it did not. */
  const endOfSession = (context: StepContext): number | null => {
    const { toldAt, endings } = watchOf(context);
    const { count, at } = shell.endedByHost(targetOf(context));
    return toldAt !== null && count > endings ? at : null;
  };

  /** While its session stands, and was used just now, there is nothing to look for. */
  const isSurelyOn = (context: StepContext): boolean => {
    const { toldAt } = watchOf(context);
    return shell.stands(targetOf(context)) && (toldAt === null || clock.monotonic() - toldAt < lookEvery);
  };

  const lookOnce = async (context: StepContext): Promise<{ probe: Probe; closed: boolean }> => {
    const host = targetOf(context);
    const began = clock.monotonic();
    const seen = await look(host);
    const sessionEnded = endOfSession(context) !== null;
    const { proven, text } = watchOf(context).tracker.add(seen, began, clock.monotonic(), sessionEnded);
    if (seen === 'blind') {
      const remedy = 'Check the network of this computer, and that its switch has power.';
      const { fault } = hostFault(host, 'unreachable', `${text}: it has no way to the host`, remedy);
      return { probe: { state: 'unknown', fault }, closed: false };
    }
    const probe: Probe = proven ? { state: 'done', proof: text } : { state: 'not-done', seen: text };
    return { probe, closed: seen === 'closed' };
  };

  return {
    proveEvery: lookEvery,
    async probe(context) {
      if (isSurelyOn(context)) return { state: 'not-done', seen: 'our session with it stands' };
      const first = await lookOnce(context);
      const mayProve = stepOf(context, 'power-off').until === 'port-closed' && endOfSession(context) !== null;
      if (first.probe.state === 'done' || !first.closed || !mayProve) return first.probe;
      await pause(clock, lookAgainMs, context.signal);
      return (await lookOnce(context)).probe;
    },
    async act(context) {
      const host = targetOf(context);
      const watch = watchOf(context);
      const onSent = (): void => {
        watch.toldAt = clock.monotonic();
        watch.endings = shell.endedByHost(host).count;
      };
      try {
        await powerOffOf(host).act(sessionOf(deps, context, { onSent }));
      } catch (error) {
        watch.toldAt = null;
        throw error;
      }
      shell.leave(host);
      return {};
    },
    onHint(context, call) {
      if (stepOf(context, 'power-off').until !== 'port-closed') return () => undefined;
      const cancels: (() => void)[] = [];
      const callAt = (ended: number): void => {
        const now = clock.monotonic();
        for (const after of hintsAfter) if (ended + after > now) cancels.push(clock.after(ended + after - now, call));
      };
      const ended = endOfSession(context);
      if (ended !== null) callAt(ended);
      cancels.push(
        shell.onEndedByHost(targetOf(context), () => {
          call();
          callAt(clock.monotonic());
        }),
      );
      return () => {
        for (const cancel of cancels) cancel();
      };
    },
    check: (context) => checks.powerOff(context),
    would: (_step, host) => wouldTo(host, (one) => powerOffOf(one).would(one, ownOn(deps, one))),
  };
}
