import type { Host } from '../../shared/inventory.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { CheckedPlan, PlannedStep } from '../../shared/view.ts';
import { clock, duration } from '../../shared/words.ts';
import { printableRow } from './fault-line.ts';

/** What `plan` prints of a sequence that was compiled against the inventory. Steps on the critical path have a star. */
export function planText(sequence: Sequence, hash: string, checked: CheckedPlan, hosts: readonly Host[]): string {
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  const kinds = new Map(stepsOf(sequence).map((step) => [step.id, step.kind]));
  const row = (step: PlannedStep): string => {
    const kind = kinds.get(step.from);
    const usual = `usually ${duration(step.p50)}${step.samples > 0 ? `, ${step.samples} seen` : ''}`;
    return [
      `    ${clock(step.start).padStart(7)} - ${clock(step.start + step.seconds).padEnd(7)}`,
      step.critical ? '*' : ' ',
      (kind ? stepKinds[kind].label : step.id).padEnd(24),
      (step.hostId === null ? '' : (names.get(step.hostId) ?? step.hostId)).padEnd(20),
      `(${usual}) ${step.id}`,
    ].join(' ');
  };
  const stageLines = (stage: Stage, phase: PlannedStep['phase']): string[] => [
    ...(stage.id === sequence.pointOfNoReturn && phase === 'down' ? ['  -- point of no return --'] : []),
    `  ${stage.name}`,
    ...checked.steps.filter((step) => step.phase === phase && step.stageId === stage.id).map(row),
  ];
  const critical = checked.steps.filter(({ phase, critical: is }) => is && phase === 'down');
  const lines = [
    sequence.name,
    `Hash           ${hash}`,
    `Needs          ${duration(checked.needs)} (9 runs of 10), usually ${duration(checked.usually)}`,
    `Critical path  ${critical.map(({ id }) => id).join(' > ') || 'none'}`,
    'Going down',
    ...sequence.stages.flatMap((stage) => stageLines(stage, 'down')),
    ...(sequence.returnStages.length > 0 ? ['Coming back'] : []),
    ...sequence.returnStages.flatMap((stage) => stageLines(stage, 'return')),
    ...checked.problems.map((problem) => problemLine(problem, sequence)),
  ];
  return lines.map((line) => `${printableRow(line)}\n`).join('');
}

/** "error: Hosts, off-web: what. remedy" */
function problemLine({ severity, stageId, stepId, what, remedy }: Problem, sequence: Sequence): string {
  const stage = [...sequence.stages, ...sequence.returnStages].find(({ id }) => id === stageId);
  const place = [stage?.name, stepId].filter((part) => part !== undefined && part !== null).join(', ');
  const sentence = /[.!?]$/.test(what) ? what : `${what}.`;
  return `${severity}: ${place || sequence.name}: ${sentence} ${remedy}`;
}

const stepsOf = ({ stages, returnStages }: Sequence): Step[] =>
  [...stages, ...returnStages].flatMap(({ steps }) => steps);
