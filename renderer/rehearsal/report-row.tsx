import { type ReactElement, useId, useState } from 'react';
import type { Check, RehearsalVerdict, RehearsedStep } from '../../shared/rehearsal.ts';
import type { StepKind } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { cx } from '../parts/cx.ts';
import { duration, unit } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import tones from '../parts/tone.module.css';
import styles from './report.module.css';
import { checkLabel, verdictWords } from './verdict-words.ts';

/** One step: what was found out about it in one line, and every look at it when it is opened. */
export function ReportRow({ step }: { step: RehearsedStep }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const result = verdictWords(step.verdict);
  const label = step.kind in stepKinds ? stepKinds[step.kind as StepKind].label : step.kind;
  return (
    <>
      <tr>
        <th scope="row">
          <button
            type="button"
            className={styles.opener}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            <span aria-hidden="true" className={styles.arrow}>
              {isOpen ? '▾' : '▸'}
            </span>
            <span>
              {step.hostName === '' ? label : `${label}: `}
              <span className={styles.host}>{step.hostName}</span>
            </span>
          </button>
        </th>
        <Cell label="Reachable" checks={of(step, 'reach')} />
        <Cell label="Signed in" checks={of(step, 'host-key', 'login')} />
        <Cell label="Allowed" checks={of(step, 'privilege')} />
        <td className={styles.would}>{step.would}</td>
        <td className={styles.takes} data-label="Takes">
          {duration(step.p90)}
        </td>
        <td>
          <span className={cx(styles.result, tones[result.tone])}>
            <Icon name={result.icon} size={14} />
            {result.words}
          </span>
        </td>
      </tr>
      <tr id={id} hidden={!isOpen} className={styles.checks}>
        <td colSpan={7}>
          {step.checks.length === 0 && <p className={styles.soft}>Nothing could be looked at.</p>}
          <ul>
            {step.checks.map((check) => (
              <CheckLine key={check.what} check={check} kind={step.hostKind} />
            ))}
          </ul>
        </td>
      </tr>
    </>
  );
}

function CheckLine({ check, kind }: { check: Check; kind: RehearsedStep['hostKind'] }): ReactElement {
  const { icon, words, tone } = verdictWords(check.verdict);
  return (
    <li>
      <span className={cx(styles.result, tones[tone])}>
        <Icon name={icon} size={14} />
        {words}
      </span>
      <span>
        <b>{checkLabel(check.what, kind)}</b>
        {`: ${check.detail}`}
        {check.ms !== null && <span className={styles.soft}>{` (${unit(Math.round(check.ms), 'ms')})`}</span>}
      </span>
    </li>
  );
}

const of = (step: RehearsedStep, ...what: Check['what'][]): Check[] =>
  step.checks.filter((check) => what.includes(check.what));

const order: readonly RehearsalVerdict[] = ['fails', 'cannot-check', 'ready'];

/** The worst of some checks as a sign; a dash where the step does not need it. */
function Cell({ label, checks }: { label: string; checks: readonly Check[] }): ReactElement {
  const worst = order.find((verdict) => checks.some((check) => check.verdict === verdict));
  if (!worst) {
    return (
      <td className={styles.sign} data-label={label}>
        <span aria-hidden="true">–</span>
        <span className="visually-hidden">{`${label}: not needed`}</span>
      </td>
    );
  }
  const { icon, words, tone } = verdictWords(worst);
  return (
    <td className={cx(styles.sign, tones[tone])} data-label={label}>
      <Icon name={icon} size={14} />
      <span className="visually-hidden">{`${label}: ${words}`}</span>
    </td>
  );
}
