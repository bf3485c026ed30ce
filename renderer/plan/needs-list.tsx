import type { ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import type { Stage, Step } from '../../shared/sequence.ts';
import { cx } from '../parts/cx.ts';
import { Tick } from '../parts/fields.tsx';
import { edit } from '../store/draft.ts';
import styles from './fieldset.module.css';
import { wouldCircle } from './needs.ts';
import { stepTitle } from './step-words.ts';

interface NeedsProps {
  stage: Stage;
  step: Step;
  hosts: readonly Host[];
}

/** Which steps of the same stage must have ended well first. What would make a circle cannot be chosen. */
export function Needs({ stage, step, hosts }: NeedsProps): ReactElement {
  const others = stage.steps.filter((each) => each.id !== step.id);
  return (
    <fieldset className={cx(styles.fieldset, styles.close)}>
      <legend>Needs, of the same stage</legend>
      {others.length === 0 && <p className={styles.soft}>This is the only step of its stage.</p>}
      {others.map((other) => {
        const has = step.needs.includes(other.id);
        const isCircle = !has && wouldCircle(stage, step.id, other.id);
        return (
          <Tick
            key={other.id}
            label={stepTitle(other, hosts)}
            isSelected={has}
            isDisabled={isCircle}
            {...(isCircle ? { hint: 'Itself waits for this step' } : {})}
            onChange={() => edit({ type: 'toggle-need', stepId: step.id, needId: other.id })}
          />
        );
      })}
    </fieldset>
  );
}
