import type { Problem } from '../../../shared/problem.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { lostBy } from './losses.ts';
import type { Places } from './places.ts';
import { error, listed, whole } from './problem.ts';
import { mayBothBeDone } from './together.ts';

/** With the computer that Glidepath runs on the run ends: whatever takes it away comes after everything else. */
export function thisComputerProblems(places: Places): Problem[] {
  const [own, ...others] = [...places.hosts.values()].filter((host) => host.isThisComputer);
  if (!own) return [];
  if (others.length > 0) {
    const names = listed([own, ...others].map(({ name }) => name));
    const what = `${names} are all said to be the computer on which Glidepath runs, and one can be at most`;
    return [error(whole, what, 'Say under Setup which of them it is.')];
  }
  const told = new Set<string>();
  return places.down.flatMap((taking) => {
    if (told.has(taking.place.stepId) || !lostBy(taking, places).includes(own)) return [];
    const late = places.down.find(
      (other) => other !== taking && !places.isBefore(other, taking) && mayBothBeDone(other, taking, places),
    );
    if (!late) return [];
    told.add(taking.place.stepId);
    const act = `"${stepKinds[late.step.kind].label}"${late.host ? ` on ${late.host.name}` : ''}`;
    return [
      error(
        taking.place,
        `${own.name}, on which Glidepath runs, would go off before, or beside, ${act}: nothing more would be done then`,
        'Put it alone into the last stage.',
      ),
    ];
  });
}
