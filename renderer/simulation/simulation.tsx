import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CheckedPlan, SimulationView, WhatIf } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { FaultBox } from '../parts/fault-box.tsx';
import { clock } from '../parts/format.ts';
import { Icon, type IconName } from '../parts/icons.tsx';
import { Segments } from '../parts/segments.tsx';
import tones from '../parts/tone.module.css';
import { targetWords } from '../plan/targets.ts';
import type { Tone } from '../shell/power-words.ts';
import { followSimulation, simulationStore, useSimulation } from '../store/simulation.ts';
import { say } from '../store/ui.ts';
import { SimChart } from './sim-chart.tsx';
import { simRows } from './sim-rows.ts';
import { SimTable } from './sim-table.tsx';
import { type Result, resultOf } from './sim-words.ts';
import styles from './simulation.module.css';
import { WhatIfControls } from './what-if.tsx';

interface SimulationProps {
  hosts: readonly Host[];
  checked: CheckedPlan;
}

const signs: Readonly<Record<Tone, IconName>> = { good: 'check', calm: 'question', warn: 'alert', bad: 'alert' };

/** An outage played through with the draft: its end in one sentence, and how it comes to it. */
export function Simulation({ hosts, checked }: SimulationProps): ReactElement {
  useEffect(() => followSimulation(), []);
  const played = useSimulation((simulation) => simulation.played);
  const fault = useSimulation((simulation) => simulation.fault);
  const result = useMemo(
    () => played && resultOf(played.view, played.sequence, checked, (id) => targetWords(id, hosts)),
    [played, checked, hosts],
  );
  useAnswersSaid(played?.view ?? null, result);
  return (
    <details className={styles.simulation}>
      <summary>
        <b>Simulation</b>{' '}
        {result && (
          <span className={cx(styles.result, tones[result.tone])}>
            <Icon name={signs[result.tone]} size={14} />
            {result.sentence}
          </span>
        )}
        {!played && (fault ? 'not possible with this draft.' : 'an outage is being played through…')}
      </summary>
      <div className={styles.body}>
        <WhatIfControls hosts={hosts} />
        {fault && <FaultBox fault={fault} />}
        {played && <Played {...played} hosts={hosts} checked={checked} />}
      </div>
    </details>
  );
}

const keyOf = ({ load, hangs, powerBackAt }: WhatIf): string => JSON.stringify([load, hangs, powerBackAt]);

/**
 * The answer to another "what if" is said; that to an edit is not, since the edit itself was. Nor is that to what was
 * asked before this was shown; but the first answer is said if another question was put while it was awaited.
 */
function useAnswersSaid(view: SimulationView | null, result: Result | null): void {
  const before = useRef(keyOf(simulationStore.getState().whatIf));
  useEffect(() => {
    if (!view || !result) return;
    const answered = keyOf(view.whatIf);
    if (answered !== before.current) say(result.sentence);
    before.current = answered;
  }, [view, result]);
}

interface PlayedProps extends SimulationProps {
  view: SimulationView;
  sequence: Sequence;
}

function Played({ view, sequence, hosts, checked }: PlayedProps): ReactElement {
  const [look, setLook] = useState<'chart' | 'table'>('chart');
  const rows = useMemo(() => simRows(view, sequence, checked, hosts), [view, sequence, checked, hosts]);
  return (
    <>
      <div>
        <Segments
          label="Simulation shown as"
          value={look}
          options={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
          onChange={setLook}
        />
      </div>
      {look === 'chart' ? <SimChart view={view} rows={rows} /> : <SimTable rows={rows} hosts={hosts} />}
      {view.sentences.length > 0 && (
        <section className={styles.decided} aria-label="What decides">
          <h3>What decides</h3>
          <ol>
            {view.sentences.map(({ at, text }) => (
              <li key={`${at} ${text}`}>
                <span className={styles.soft}>{clock(at)}</span>
                <span>{text}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}
