import type { ReactElement } from 'react';
import type { Problem } from '../../shared/problem.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { cx } from '../parts/cx.ts';
import { Icon } from '../parts/icons.tsx';
import { jumpTo, useDraft } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import styles from './problems.module.css';
import { allStages, findStep, stepTitle } from './step-words.ts';

/** Everything that is wrong with the draft; each line leads to its row. */
export function Problems({ sequence }: { sequence: Sequence }): ReactElement | null {
  const problems = useDraft((draft) => draft.checked.problems);
  const { hosts } = useSlice('hosts');
  if (problems.length === 0) return null;
  const place = (problem: Problem): string => {
    const step = problem.stepId === null ? undefined : findStep(sequence, problem.stepId);
    if (step)
      return stepTitle(
        step,
        hosts.map((each) => each.host),
      );
    return allStages(sequence).find((stage) => stage.id === problem.stageId)?.name ?? 'The whole plan';
  };
  return (
    <section aria-label="Problems">
      <ul className={styles.list}>
        {problems.map((problem, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole by each check.
          <li key={index}>
            <button type="button" className={styles.problem} onClick={() => jump(sequence, problem)}>
              <span className={cx(styles.severity, styles[problem.severity])}>
                <Icon name="alert" />
                {problem.severity === 'error' ? 'Error' : 'Warning'}
              </span>
              <span>
                <b>{place(problem)}</b>
                {`: ${problem.what}`}
                <span className={styles.remedy}>{problem.remedy}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function jump(sequence: Sequence, problem: Problem): void {
  const stage = allStages(sequence).find((each) => each.id === problem.stageId);
  const stepId = problem.stepId ?? stage?.steps[0]?.id;
  if (stepId !== undefined) jumpTo(stepId);
}
