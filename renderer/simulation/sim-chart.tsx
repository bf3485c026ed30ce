import type { CSSProperties, ReactElement } from 'react';
import type { SimulationView } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { clock, duration, unit } from '../parts/format.ts';
import { percentAt, shareOf, ticksOf, type Window, windowOf } from './sim-axis.ts';
import type { Bar, SimRow } from './sim-rows.ts';
import { type Mark, marksOf } from './sim-words.ts';
import styles from './simulation.module.css';

interface SimChartProps {
  view: SimulationView;
  rows: readonly SimRow[];
}

/** The battery and the steps on one axis. The same stands in the table. */
export function SimChart({ view, rows }: SimChartProps): ReactElement {
  const window = windowOf(view);
  const marks = marksOf(view);
  const inside = marks.filter((mark) => mark.at >= window.from && mark.at <= window.to);
  const place = (at: number): CSSProperties => ({ left: `${shareOf(at, window)}%` });
  return (
    <>
      <ul className={styles.legend} aria-label="Marks">
        {marks.map((mark) => (
          <li key={mark.kind}>
            <span className={cx(styles.swatch, styles[mark.kind])} aria-hidden="true" />
            {`${mark.words} ${duration(mark.at)}`}
          </li>
        ))}
      </ul>
      <div className={styles.chart}>
        <span className={styles.title}>Battery</span>
        <Curve view={view} window={window} />
        <span className={styles.time}>{chargeWords(view, window)}</span>
        {rows.map((row) => (
          <StepLine key={row.id} row={row} window={window} />
        ))}
        <span className={styles.title}>After the cut</span>
        <span className={styles.axis} aria-hidden="true">
          {ticksOf(window).map((at) => (
            <span key={at} style={place(at)}>
              {clock(at)}
            </span>
          ))}
        </span>
        <span />
        <Marks marks={inside} place={place} />
      </div>
    </>
  );
}

function Curve({ view, window }: { view: SimulationView; window: Window }): ReactElement {
  const { from, to } = window;
  const points = view.battery.map(({ at, percent }) => `${at},${100 - percent}`);
  const [first] = view.battery;
  const last = view.battery.at(-1);
  return (
    <svg
      className={styles.curve}
      viewBox={`${from} 0 ${to - from} 100`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Charge: ${chargeWords(view, window)}`}
    >
      {first && last && (
        <polygon className={styles.area} points={`${first.at},100 ${points.join(' ')} ${last.at},100`} />
      )}
      <polyline className={styles.charge} points={points.join(' ')} />
    </svg>
  );
}

function chargeWords({ battery }: SimulationView, { from, to }: Window): string {
  const [begin, end] = [percentAt(battery, from), percentAt(battery, to)];
  if (begin === null || end === null) return 'not known';
  return `${Math.round(begin)} to ${unit(Math.round(end), '%')}`;
}

function StepLine({ row, window }: { row: SimRow; window: Window }): ReactElement {
  return (
    <>
      <span className={styles.title}>{row.title}</span>
      <span className={styles.track} aria-hidden="true">
        {row.bars
          .filter((bar) => bar.startedAt !== null)
          .map((bar) => (
            <span key={bar.id} className={cx(styles.bar, styles[toneOf(bar)])} style={extent(bar, window)} />
          ))}
      </span>
      <span className={styles.time}>{row.time}</span>
    </>
  );
}

const toneOf = (bar: Bar): string => (bar.state === 'failed' ? 'failed' : bar.critical ? 'critical' : 'usual');

function extent(bar: Bar, window: Window): CSSProperties {
  const from = shareOf(bar.startedAt ?? 0, window);
  return { left: `${from}%`, width: `${shareOf(bar.endedAt ?? window.to, window) - from}%` };
}

interface MarksProps {
  marks: readonly Mark[];
  place: (at: number) => CSSProperties;
}

/** Lines through all rows. */
function Marks({ marks, place }: MarksProps): ReactElement {
  return (
    <span className={styles.marks} aria-hidden="true">
      {marks.map((mark) => (
        <span key={mark.kind} className={styles[mark.kind]} style={place(mark.at)} />
      ))}
    </span>
  );
}
