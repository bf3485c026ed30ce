import type { ReactElement } from 'react';
import type { HistoryPoint } from '../../shared/history.ts';
import { cx } from '../parts/cx.ts';
import { unit as withUnit } from '../parts/format.ts';
import styles from './chart.module.css';
import { across, frame, type HistoryRead, pathOf, type Scale, type Span } from './lines.ts';
import type { Tick } from './ranges.ts';

export interface Marks {
  ticks: readonly Tick[];
  battery: readonly Span[];
  gaps: readonly Span[];
  /** The moment that is pointed at. */
  at: number | null;
}

interface ChartProps {
  title: string;
  unit: string;
  scale: Scale;
  read: HistoryRead;
  value: (point: HistoryPoint) => number | null;
  tone: 'charge' | 'load' | 'volts';
  /** The same in words. */
  words: string;
  marks: Marks;
  /** The times stand under it. */
  hasTimes?: boolean;
}

/** One line over time. Letters stand beside it as text, so that they grow with it and the drawing stretches freely. */
export function Chart(props: ChartProps): ReactElement {
  const { title, unit, scale, read, value, tone, words, marks, hasTimes = false } = props;
  const { span } = read;
  const percent = (at: number) => `${(across(at, span) / frame.width) * 100}%`;
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.title}>{title}</figcaption>
      <div className={styles.scale} aria-hidden="true">
        <span>{withUnit(scale.high, unit)}</span>
        <span>{`${scale.isCut ? '≤\u00a0' : ''}${withUnit(scale.low, unit)}`}</span>
      </div>
      <svg
        className={styles.plot}
        data-plot
        viewBox={`0 0 ${frame.width} ${frame.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
      >
        {marks.gaps.map((gap) => (
          <Band key={gap.from} of={gap} span={span} className={styles.gap} />
        ))}
        {marks.battery.map((stretch) => (
          <Band key={stretch.from} of={stretch} span={span} className={styles.battery} />
        ))}
        {marks.ticks.map((tick) => (
          <line
            key={tick.at}
            className={styles.tick}
            x1={across(tick.at, span)}
            x2={across(tick.at, span)}
            y1="0"
            y2={frame.height}
          />
        ))}
        <path className={cx(styles.line, styles[tone])} d={pathOf(read, value, scale)} />
        {marks.at !== null && (
          <line
            className={styles.pointed}
            x1={across(marks.at, span)}
            x2={across(marks.at, span)}
            y1="0"
            y2={frame.height}
          />
        )}
      </svg>
      {hasTimes && (
        <div className={styles.times} aria-hidden="true">
          {marks.ticks.filter(hasRoom(span)).map((tick) => (
            <span key={tick.at} style={{ left: percent(tick.at) }}>
              {tick.label}
            </span>
          ))}
        </div>
      )}
    </figure>
  );
}

/** A time at the very edge would be cut off. */
const hasRoom = (span: Span) => (tick: Tick) => {
  const x = across(tick.at, span) / frame.width;
  return x > 0.03 && x < 0.97;
};

function Band({ of, span, className }: { of: Span; span: Span; className: string | undefined }): ReactElement {
  const from = Math.max(0, across(of.from, span));
  // An outage of a minute in a month must still be seen.
  const width = Math.max(3, Math.min(frame.width, across(of.to, span)) - from);
  return <rect className={cx(className)} x={from} y="0" width={width} height={frame.height} />;
}
