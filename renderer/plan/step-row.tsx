import type { ReactElement } from 'react';
import { Button as AriaButton, GridListItem } from 'react-aria-components';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import type { CheckedPlan } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { duration } from '../parts/format.ts';
import { Icon, stepIcon } from '../parts/icons.tsx';
import { MenuButton } from '../parts/menu.tsx';
import { useSupplies } from '../supply/use-supplies.ts';
import { stepEntries } from './lane-menus.ts';
import { stepNotes } from './step-notes.ts';
import styles from './step-row.module.css';
import { limitOf, proofWords, stepTitle } from './step-words.ts';

interface StepRowProps {
  step: Step;
  stage: Stage;
  sequence: Sequence;
  hosts: readonly Host[];
  checked: CheckedPlan;
}

export function StepRow({ step, stage, sequence, hosts, checked }: StepRowProps): ReactElement {
  const { nameOf } = useSupplies();
  const title = stepTitle(step, hosts);
  const problems = checked.problems.filter((problem) => problem.stepId === step.id);
  const worst = problems.find((problem) => problem.severity === 'error') ?? problems[0];
  const needs = stage.steps.filter((each) => step.needs.includes(each.id)).map((each) => stepTitle(each, hosts));
  return (
    <GridListItem id={step.id} textValue={title} className={cx(styles.row)}>
      <AriaButton slot="drag" className={cx(styles.grip)}>
        <Icon name="grip" />
      </AriaButton>
      <span className={styles.kind}>
        <Icon name={stepIcon(step.kind)} />
      </span>
      <span className={styles.title}>{title}</span>
      {worst && (
        <span className={cx(styles.problem, styles[worst.severity])}>
          <Icon name="alert" />
          {worst.severity}
        </span>
      )}
      <span className={styles.facts}>
        {needs.length > 0 && <span>{`after ${needs.join(', ')}`}</span>}
        {step.kind === 'ups-off' && <span>{nameOf(step.ups)}</span>}
        <span>{proofWords(step)}</span>
        {stepNotes(step).map((note) => (
          <span key={note} className={styles.note}>
            {note}
          </span>
        ))}
      </span>
      <span className={styles.limit}>{step.kind === 'wait' ? '' : `≤ ${duration(limitOf(step))}`}</span>
      <span className={styles.menu}>
        <MenuButton label={`Actions for ${title}`} icon="more" entries={stepEntries(sequence, stage, step)} />
      </span>
    </GridListItem>
  );
}
