import { isAlways } from '../../../shared/meant.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import type { Places } from './places.ts';
import { listed, warning } from './problem.ts';
import { switchesOff } from './weak-proofs.ts';

/** Commands that are done in every run, also on hosts that it leaves alone. In a plan for every host there are none. */
export function alwaysProblems({ scope, stages }: Sequence, { down, partsOf }: Places): Problem[] {
  if (scope === 'all') return [];
  const isDown = new Set(down.map(({ place }) => place.stepId));
  return stages.flatMap((stage) =>
    stage.steps.flatMap((step) => {
      if (step.kind !== 'command' || !isAlways(step) || !isDown.has(step.id)) return [];
      const place = { stageId: stage.id, stepId: step.id };
      const found: Problem[] = [];
      if (step.target === 'critical') {
        const what = 'It is aimed at the hosts that lose their power, and done on those that keep it as well';
        found.push(warning(place, what, 'Aim it at all, or let it be done only where the power is lost.'));
      }
      const names = listed(partsOf(step.id).flatMap(({ host }) => host?.name ?? []));
      if (switchesOff.test(step.command)) {
        const what = `This command would switch off ${names} in every run, also with the power there`;
        found.push(warning(place, what, 'Let it be done only where the power is lost.'));
      }
      return found;
    }),
  );
}
