import { type ReactElement, useState } from 'react';
import type { DecisionKind } from '../../shared/decision.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { cx } from '../parts/cx.ts';
import { SelectInput } from '../parts/fields.tsx';
import { dateTime } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import page from '../parts/page.module.css';
import tones from '../parts/tone.module.css';
import { useSlice } from '../store/live.ts';
import { openRun } from '../store/ui.ts';
import { decisionLooks, decisionsText, kindsIn } from './decision-look.ts';
import styles from './history.module.css';

/** Why did it, and why did it not? Every decision as the sentence that was written down then, newest first. */
export function DecisionList(): ReactElement {
  const all = useSlice('decisions');
  const [wanted, setWanted] = useState<DecisionKind | 'all'>('all');
  const kinds = kindsIn(all);
  // A kind of which there is none any more hides nothing.
  const kind = wanted !== 'all' && kinds.includes(wanted) ? wanted : 'all';
  const shown = kind === 'all' ? all : all.filter((each) => each.kind === kind);
  return (
    <section className={page.card} aria-labelledby="decisions-title">
      <div className={styles.bar}>
        <h2 id="decisions-title">Decisions</h2>
        {all.length > 0 && (
          <div className={cx(styles.tools, styles.low)}>
            <SelectInput
              label="Show decisions"
              value={kind}
              options={[
                { value: 'all', label: 'All' },
                ...kinds.map((value) => ({ value, label: decisionLooks[value].label })),
              ]}
              onChange={setWanted}
            />
            <CopyButton key={`${kind} ${shown.length}`} label="Copy decisions" text={() => decisionsText(shown)} />
          </div>
        )}
      </div>
      {all.length === 0 && (
        <p className={styles.none}>
          Nothing was decided yet. From the first outage on it stands here why a run began or did not.
        </p>
      )}
      <ol className={cx(styles.events, styles.decisions)}>
        {shown.map((decision) => {
          const { label, icon, tone } = decisionLooks[decision.kind];
          const { runId } = decision;
          return (
            <li key={`${decision.at} ${decision.kind} ${decision.sentence}`}>
              <time dateTime={new Date(decision.at).toISOString()}>{dateTime(decision.at)}</time>
              <span className={cx(styles.kind, tones[tone])}>
                <Icon name={icon} />
                {label}
              </span>
              <span>{decision.sentence}</span>
              {runId !== null && (
                <span className={styles.toRun}>
                  <Button
                    label={`Show run of ${dateTime(decision.at)}`}
                    icon="list"
                    iconOnly
                    look="quiet"
                    tip="Show run"
                    onPress={() => openRun(runId)}
                  />
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
