import type { StepActions } from '../../core/ports.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { esxiShell } from '../esxi/shell.ts';
import { type Resync, resyncLeft } from '../esxi/vsan.ts';
import type { Session } from '../platforms/session.ts';
import { StepMemory } from '../step-memory.ts';
import { sessionOf, type TargetDeps, tellOrUnknown } from './deps.ts';

/** Waits until vSAN has no data on its way. How long that is, nobody can say before: the step's limit ends it. */
export function waitResync(deps: TargetDeps, checks: KindChecks): StepActions {
  const before = new StepMemory<Resync>();
  const ask = (session: Session) => resyncLeft(esxiShell(session), session.host);
  return {
    proveEvery: 5000,
    probe: (context) =>
      tellOrUnknown(context, async () => {
        const left = await ask(sessionOf(deps, context));
        if (isNone(left)) return { state: 'done', proof: 'nothing is left to resync' };
        const last = before.get(context);
        before.set(context, left);
        const isMore = last !== undefined && left.bytes > last.bytes;
        return { state: 'not-done', seen: `${words(left)}${isMore ? ', and it has become more' : ''}` };
      }),
    // A host that cannot tell would only be asked in vain until the limit.
    async act(context) {
      await ask(sessionOf(deps, context));
      return {};
    },
    check: (context) =>
      checks.manages(context, async (session) => {
        const left = await ask(session);
        return isNone(left) ? 'nothing is left to resync' : words(left);
      }),
    would: () => 'esxcli vsan debug resync summary get, until nothing is left',
  };
}

const isNone = ({ objects, bytes }: Resync): boolean => objects === 0 && bytes === 0;

const words = ({ objects, bytes }: Resync): string =>
  `${(bytes / 1e9).toFixed(2)} GB of ${objects} objects are left to resync`;
