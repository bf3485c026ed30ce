import type { ReactElement } from 'react';
import { cx } from '../parts/cx.ts';
import { count, dateTime } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import page from '../parts/page.module.css';
import tones from '../parts/tone.module.css';
import { useSlice } from '../store/live.ts';
import { eventLook } from './event-look.ts';
import styles from './history.module.css';

/** What happened to a UPS, newest first. */
export function EventList({ upsId, ms }: { upsId: string; ms: number }): ReactElement {
  const all = useSlice('events').filter((event) => event.upsId === upsId);
  const since = Date.now() - ms;
  const events = all.filter((event) => event.at >= since);
  const older = all.length - events.length;
  return (
    <section className={page.card} aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      {events.length === 0 && <p className={styles.none}>Nothing happened in this time.</p>}
      <ol className={styles.events}>
        {events.map((event) => {
          const { icon, tone } = eventLook(event.kind);
          return (
            <li key={`${event.at} ${event.kind}`}>
              <time dateTime={new Date(event.at).toISOString()}>{dateTime(event.at)}</time>
              <span className={cx(styles.icon, tones[tone])}>
                <Icon name={icon} />
              </span>
              <span>{event.sentence}</span>
            </li>
          );
        })}
      </ol>
      {older > 0 && (
        <p
          className={styles.none}
        >{`${count(older, 'older event is', 'older events are')} not shown: choose a longer time.`}</p>
      )}
    </section>
  );
}
