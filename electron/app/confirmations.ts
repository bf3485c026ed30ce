import { FaultError } from '../../shared/fault.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { HostView, PlanView } from '../../shared/view.ts';
import { countText, namesText } from './words.ts';

/** What a native dialog says. The button names the act, never "OK". */
export interface Question {
  message: string;
  detail: string;
  button: string;
}

type Subject = 'plan.arm' | 'run.start' | 'plan.disarm';

/**
 * The words before an act after which machines may be switched off, or stay on when they should not.
 * `hash`: of the plan that is meant, so that what the user reads is what is done.
 * @throws FaultError `refused` when there is no plan, or another one by now
 */
export function questionFor(subject: Subject, hash: string, plan: PlanView, hosts: readonly HostView[]): Question {
  const { sequence } = plan;
  if (!sequence || plan.hash !== hash) {
    throw new FaultError({
      code: 'refused',
      what: sequence ? 'The plan has been changed since it was shown.' : 'There is no plan.',
      where: sequence?.name ?? 'plan',
      remedy: 'Look at the plan as it is now.',
    });
  }
  const machines = machineNames(sequence, hosts);
  const list = namesText(machines, 12);
  const count = countText(machines.length, 'machine');
  switch (subject) {
    case 'plan.arm':
      return {
        message: `Arm “${sequence.name}”?`,
        detail: `When the battery runs low, Glidepath will act on ${count} without asking again: ${list}. Their services stop and guests are shut down.`,
        button: 'Arm',
      };
    case 'run.start':
      return {
        message: `Shut down ${count} now?`,
        detail: `“${sequence.name}” will act at once on: ${list}. Their services stop and guests are shut down. It can be stopped until stage “${lineName(sequence)}” begins.`,
        button: 'Shut down now',
      };
    case 'plan.disarm':
      return {
        message: `Disarm “${sequence.name}”?`,
        detail: `No one will shut down ${list} when the battery runs low.`,
        button: 'Disarm',
      };
  }
}

/** The machines from which the way down takes something away, in the order in which it comes to them. */
function machineNames(sequence: Sequence, hosts: readonly HostView[]): string[] {
  const names = new Map(hosts.map(({ host }) => [host.id, host.name]));
  const steps = sequence.stages.flatMap((stage) => stage.steps).filter((step) => stepKinds[step.kind].destructive);
  const targets = new Set(steps.flatMap((step) => ('target' in step ? [step.target] : [])));
  return [...targets].map((id) => names.get(id) ?? id);
}

function lineName(sequence: Sequence): string {
  return sequence.stages.find((stage) => stage.id === sequence.pointOfNoReturn)?.name ?? sequence.pointOfNoReturn;
}
