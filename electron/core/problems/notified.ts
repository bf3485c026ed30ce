import type { Problem } from '../../../shared/problem.ts';
import type { Places } from './places.ts';
import { warning } from './problem.ts';

/** A message that nobody would be told. On the desktop it is shown all the same. */
export function notifiedProblems({ down, back }: Places, channelIds: ReadonlySet<string>): Problem[] {
  return [...down, ...back].flatMap(({ step, place }) => {
    if (step.kind !== 'notify' || step.channels === undefined) return [];
    return step.channels
      .filter((id) => !channelIds.has(id))
      .map((id) => {
        const what = `It is told by the channel "${id}", and there is none: nobody gets it that way`;
        return warning(place, what, 'Choose another channel, or add it under Setup.');
      });
  });
}
