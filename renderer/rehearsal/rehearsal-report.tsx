import type { ReactElement } from 'react';
import type { Rehearsal } from '../../shared/rehearsal.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { cx } from '../parts/cx.ts';
import { Remedy } from '../parts/fault-box.tsx';
import { dateTime, duration } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import titles from '../parts/title.module.css';
import tones from '../parts/tone.module.css';
import { NewGuests } from './new-guests.tsx';
import { rehearsalCsv } from './rehearsal-csv.ts';
import styles from './report.module.css';
import { ReportRow } from './report-row.tsx';
import { toMend } from './to-mend.ts';
import { countWords, outcomeOf, summaryWords } from './verdict-words.ts';

interface RehearsalReportProps {
  rehearsal: Rehearsal;
  /** The plan or its hosts are others now. */
  isOld: boolean;
}

/** Would it work? Step by step, with what is to be mended first. */
export function RehearsalReport({ rehearsal, isOld }: RehearsalReportProps): ReactElement {
  const outcome = outcomeOf(rehearsal);
  const { icon, words, tone } = summaryWords(outcome);
  const mend = toMend(rehearsal.steps);
  return (
    <article className={styles.report} aria-label={`Rehearsal of ${dateTime(rehearsal.begunAt)}`}>
      <header className={styles.head}>
        <div className={titles.title}>
          <h2>{dateTime(rehearsal.begunAt)}</h2>
          <span className={cx(titles.chip, tones[tone])}>
            <Icon name={icon} />
            {words}
          </span>
          <span className={styles.copy}>
            <CopyButton key={rehearsal.id} label="Copy as CSV" text={() => rehearsalCsv(rehearsal)} />
          </span>
        </div>
        <p>{`Rehearsal of ${rehearsal.sequenceName}, ${causes[rehearsal.cause]}: ${countWords(outcome)}. Nothing was switched off.`}</p>
        {isOld && (
          <p className={cx(styles.note, tones.warn)}>
            <Icon name="alert" />
            The plan or its hosts were edited since, so it may be otherwise now.
          </p>
        )}
        {rehearsal.brokenOff !== null && (
          <p className={cx(styles.note, tones.warn)}>
            <Icon name="stop" />
            {`Broken off: ${rehearsal.brokenOff}`}
          </p>
        )}
        <p className={styles.soft}>{timeWords(rehearsal)}</p>
      </header>
      {mend.length > 0 && (
        <section className={styles.mend} aria-label="To mend">
          <h3>To mend</h3>
          <ul>
            {mend.map((fault) => (
              <li key={`${fault.where} ${fault.what}`}>
                <p>
                  <b>{fault.where}</b>
                  {`: ${fault.what}`}
                </p>
                <Remedy text={fault.remedy} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <NewGuests steps={rehearsal.steps} />
      <table className={styles.table} aria-label="Steps">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Reachable</th>
            <th scope="col">Signed in</th>
            <th scope="col">Allowed</th>
            <th scope="col">Would do</th>
            <th scope="col">Takes</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {rehearsal.steps.map((step) => (
            <ReportRow key={step.stepId} step={step} />
          ))}
        </tbody>
      </table>
    </article>
  );
}

const causes: Readonly<Record<Rehearsal['cause'], string>> = { 'by-hand': 'begun by hand', schedule: 'by schedule' };

function timeWords({ needs, runtimeLeft }: Rehearsal): string {
  const takes = `The way down usually takes ${duration(needs.p50)}, at most ${duration(needs.p90)} in nine of ten.`;
  return runtimeLeft === null
    ? `${takes} How long the battery lasted was not known.`
    : `${takes} The battery lasted ${duration(runtimeLeft)} then.`;
}
