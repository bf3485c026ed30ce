import { memo, type ReactElement } from 'react';
import type { HistoryPoint } from '../../shared/history.ts';
import { eventLook } from '../history/event-look.ts';
import { across, frame, type HistoryRead, onBattery, pathOf, type Scale } from '../history/lines.ts';
import { ranges } from '../history/ranges.ts';
import { loadScale, percent } from '../history/scales.ts';
import { extent, sumWords } from '../history/sum-words.ts';
import { useHistory } from '../history/use-history.ts';
import { cx } from '../parts/cx.ts';
import { count, dateTime, measured } from '../parts/format.ts';
import tones from '../parts/tone.module.css';
import { useSlice } from '../store/live.ts';
import styles from './day-strip.module.css';

/** The last 24 hours of a UPS in three thin lines; nothing where nothing is kept yet. Not drawn with every reading. */
export const DayStrip = memo(function DayStrip({ upsId }: { upsId: string }): ReactElement | null {
  const history = useHistory(upsId, ranges['24h'].ms);
  const all = useSlice('events');
  if (!history || !('points' in history) || history.points.length === 0) return null;
  const { points, span } = history;
  const events = all.filter((event) => event.upsId === upsId && event.at >= span.from);
  return (
    <div className={styles.strip}>
      <h3 className={styles.title}>Last 24 h</h3>
      <Line title="Charge" read={history} scale={percent} value={(point) => point.charge} tone="charge" />
      <Line title="Load" read={history} scale={loadScale(points)} value={(point) => point.load} tone="load" />
      <span className={styles.label}>Events</span>
      <ul className={styles.dots} aria-label="Events of the last 24 h">
        {events.map((event) => (
          <li
            key={`${event.at} ${event.kind}`}
            className={cx(styles.dot, tones[eventLook(event.kind).tone])}
            style={{ left: `${(Math.min(frame.width, across(event.at, span)) / frame.width) * 100}%` }}
            title={`${dateTime(event.at)}: ${event.sentence}`}
          >
            <span className="visually-hidden">{`${dateTime(event.at)}: ${event.sentence}`}</span>
          </li>
        ))}
      </ul>
      <span className={styles.range}>{events.length === 0 ? 'none' : count(events.length, 'event')}</span>
    </div>
  );
});

interface LineProps {
  title: string;
  read: HistoryRead;
  scale: Scale;
  value: (point: HistoryPoint) => number | null;
  tone: 'charge' | 'load';
}

function Line({ title, read, scale, value, tone }: LineProps): ReactElement | null {
  const { points, span } = read;
  const found = extent(points, value);
  if (!found) return null;
  const [low, high] = [found.low.toFixed(0), measured(found.high, '%')];
  return (
    <>
      <span className={styles.label}>{title}</span>
      <svg
        className={styles.line}
        viewBox={`0 0 ${frame.width} ${frame.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${sumWords(title, points, value, '%')}, last 24 h`}
      >
        {onBattery(read).map((stretch) => (
          <rect
            key={stretch.from}
            className={styles.battery}
            x={across(stretch.from, span)}
            y="0"
            width={Math.max(3, across(stretch.to, span) - across(stretch.from, span))}
            height={frame.height}
          />
        ))}
        <path className={cx(styles.path, styles[tone])} d={pathOf(read, value, scale)} />
      </svg>
      <span className={styles.range}>
        {found.low.toFixed(0) === found.high.toFixed(0) ? high : `${low} to ${high}`}
      </span>
    </>
  );
}
