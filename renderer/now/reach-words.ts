import type { ReachView } from '../../shared/view.ts';
import { count } from '../parts/format.ts';

/** "12 of 13 hosts signed in, 1 on its way". */
export function reachWords(reach: readonly ReachView[]): string {
  const of = (state: ReachView['state']) => reach.filter((each) => each.state === state).length;
  const opening = of('opening');
  const sentence = `${of('warm')} of ${count(reach.length, 'host')} signed in`;
  return opening > 0 ? `${sentence}, ${opening} on ${opening === 1 ? 'its' : 'their'} way` : sentence;
}
