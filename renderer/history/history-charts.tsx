import { memo, type PointerEvent, type ReactElement, useState } from 'react';
import { dateTime, measured, notReported } from '../parts/format.ts';
import styles from './chart.module.css';
import { Chart } from './chart.tsx';
import { gaps, type HistoryRead, longestPause, onBattery } from './lines.ts';
import { ticks } from './ranges.ts';
import { loadScale, percent, voltScale } from './scales.ts';
import { sumWords } from './sum-words.ts';

/**
 * Three lines over one time: what is pointed at in one of them is read out for all. Live readings come four times a second
 * and do not change what was: it is drawn anew only when it was read anew.
 */
export const HistoryCharts = memo(function HistoryCharts({ read }: { read: HistoryRead }): ReactElement {
  const { points, span } = read;
  const [at, setAt] = useState<number | null>(null);
  const marks = { ticks: ticks(span), battery: onBattery(read), gaps: gaps(read), at };
  const follow = (event: PointerEvent<HTMLElement>) => {
    const plot = event.currentTarget.querySelector('[data-plot]')?.getBoundingClientRect();
    if (!plot) return;
    const share = (event.clientX - plot.left) / plot.width;
    setAt(share < 0 || share > 1 ? null : span.from + share * (span.to - span.from));
  };
  const volts = voltScale(points);
  return (
    <div className={styles.charts} onPointerMove={follow} onPointerLeave={() => setAt(null)}>
      <p className={styles.readout}>{at === null ? <Legend hasGaps={marks.gaps.length > 0} /> : readout(read, at)}</p>
      <Chart
        title="Charge"
        unit="%"
        scale={percent}
        value={(point) => point.charge}
        tone="charge"
        words={sumWords('Charge', points, (point) => point.charge, '%')}
        read={read}
        marks={marks}
      />
      <Chart
        title="Load"
        unit="%"
        scale={loadScale(points)}
        value={(point) => point.load}
        tone="load"
        words={sumWords('Load', points, (point) => point.load, '%')}
        read={read}
        marks={marks}
      />
      <Chart
        title="Input"
        unit="V"
        scale={volts}
        value={(point) => point.inputVoltage}
        tone="volts"
        words={sumWords('Input', points, (point) => point.inputVoltage, 'V')}
        read={read}
        marks={marks}
        hasTimes
      />
    </div>
  );
});

function Legend({ hasGaps }: { hasGaps: boolean }): ReactElement {
  return (
    <>
      <span className={styles.key}>
        <span className={styles.batteryKey} aria-hidden="true" /> on battery
      </span>
      {hasGaps && (
        <span className={styles.key}>
          <span className={styles.gapKey} aria-hidden="true" /> nothing known
        </span>
      )}
    </>
  );
}

/** What was known at that moment, in one line. */
function readout({ points, span }: HistoryRead, at: number): string {
  const point = points.findLast((each) => each.at <= at);
  if (!point || at - point.at > longestPause(span)) return `${dateTime(at)} · nothing known`;
  const volts = measured(point.inputVoltage, 'V');
  return [
    dateTime(point.at),
    point.onBattery ? 'on battery' : 'on mains',
    `charge ${measured(point.charge, '%')}`,
    `load ${measured(point.load, '%')}`,
    volts === notReported ? `input ${volts}` : volts,
  ].join(' · ');
}
