import type { Host } from '../../../shared/inventory.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import type { Probe, StepActions, StepContext } from '../../core/ports.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { type ClusterWay, clusterWords, dataMember, isThere, saysDone } from '../esxi/reboot-helper.ts';
import { esxiShell } from '../esxi/shell.ts';
import { type VsanMember, vsanMember } from '../esxi/vsan.ts';
import { hostFault } from '../host-fault.ts';
import { pause } from '../pause.ts';
import type { Session } from '../platforms/session.ts';
import type { CommandResult } from '../ssh/exec.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { limitMsOf, sessionOf, type TargetDeps, targetOf, tellOrUnknown } from './deps.ts';

const helper = (way: ClusterWay): string => `python /usr/lib/vmware/vsan/bin/reboot_helper.py ${way}`;

/** Ms of the clock between two looks at a cluster of which it is not known whether the helper is at work there. */
const lookMs = 5000;

/** `not-sent`: nothing was run. `in-doubt`: it may have been. `told`: it has ended. */
type Fate = 'not-sent' | 'in-doubt' | 'told';

/**
 * Prepares a whole vSAN cluster for going down, or brings it together again, from one of its hosts. What the helper
 * prints is no proof: the members that the host sees are. It is never run from two hosts of a cluster at once, nor again
 * while the first may still be at work: they would get in each other's way.
 * @see https://techdocs.broadcom.com/us/en/vmware-cis/vsan.html (Manually Shut Down and Restart the vSAN Cluster)
 */
export function vsanCluster(deps: TargetDeps, checks: KindChecks, way: ClusterWay): StepActions {
  const { clock } = deps;
  const fates = new StepMemory<Fate>();
  /** Which host does it right now, by the cluster. */
  const atWork = new Map<string, Host>();

  const isInDoubt = (context: StepContext): boolean => {
    const fate = fates.get(context);
    if (fate !== undefined) return fate === 'in-doubt';
    // After a restart of Glidepath: what its look found is kept with the intent, and the exit code when it has ended.
    const data = ownData(context);
    return data !== undefined && data.exitCode === undefined;
  };

  /** Looks for as long as it usually takes. Null: it is not so, and the helper may still be at work. */
  const untilThere = async (session: Session, context: StepContext): Promise<VsanMember | null> => {
    const until = clock.monotonic() + stepKinds[context.step.kind].usual * 1000;
    for (;;) {
      const seen = await vsanMember(esxiShell(session), session.host).catch(() => null);
      if (seen && isThere(way, seen, context.earlier)) return seen;
      if (context.signal.aborted || clock.monotonic() >= until) return null;
      await pause(clock, lookMs, context.signal);
    }
  };

  const look = async (context: StepContext): Promise<Probe> => {
    const session = sessionOf(deps, context);
    const seen = isInDoubt(context) ? await untilThere(session, context) : await dataMember(session);
    if (seen === null) return { state: 'unknown', fault: inDoubt(session.host, way).fault };
    if (isThere(way, seen, context.earlier)) return { state: 'done', proof: clusterWords(seen) };
    return { state: 'not-done', seen: clusterWords(seen), data: dataOf(seen) };
  };

  /** @returns its exit code */
  const run = async (context: StepContext): Promise<number> => {
    const session = sessionOf(deps, context);
    const { run: send } = sessionOf(deps, context, { onSent: () => fates.set(context, 'in-doubt') });
    fates.set(context, 'not-sent');
    const result = await send(helper(way), limitMsOf(context.step));
    if (result.dropped) {
      context.tell('the connection was lost while reboot_helper.py ran: looking whether it goes on');
      if (await untilThere(session, context)) return 0;
      throw inDoubt(session.host, way);
    }
    fates.set(context, 'told');
    const isDone = result.code === 0 || saysDone[way].test(textOf(result));
    if (isDone || isThere(way, await dataMember(session), context.earlier)) return result.code ?? 0;
    throw failed(session.host, way, result);
  };

  return {
    proveEvery: lookMs,
    probe: (context) => tellOrUnknown(context, () => look(context)),
    async act(context) {
      const host = targetOf(context);
      const member = await dataMember(sessionOf(deps, context));
      const other = atWork.get(member.cluster);
      if (other) throw besides(host, other);
      atWork.set(member.cluster, host);
      try {
        return { ...dataOf(member), exitCode: await run(context) };
      } finally {
        atWork.delete(member.cluster);
      }
    },
    check: (context) => checks.manages(context, async (session) => clusterWords(await dataMember(session))),
    would: () => helper(way),
  };
}

const dataOf = ({ members, cluster }: VsanMember) => ({ members, cluster });

const textOf = ({ stdout, stderr }: CommandResult): string => `${stdout}\n${stderr}`;

const inDoubt = (host: Host, way: ClusterWay) =>
  hostFault(
    host,
    'state-unknown',
    `nothing tells whether reboot_helper.py ${way} has been run, or is at work`,
    'Look at the vSAN cluster and decide whether to run it by hand.',
  );

const besides = (host: Host, other: Host) =>
  hostFault(
    host,
    'refused',
    `${other.name} does it for the same vSAN cluster just now`,
    'Leave one of the two steps out: one host does it for all.',
  );

function failed(host: Host, way: ClusterWay, result: CommandResult) {
  const last = textOf(result).trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  return hostFault(
    host,
    'command-failed',
    `reboot_helper.py ${way} failed (exit code ${result.code ?? 'none'}): ${last}`,
    'Look at the health of the vSAN cluster, and run it by hand on one of its hosts.',
  );
}
