import { fstatSync } from 'node:fs';
import type { ClosingNotifier } from '../brain/announcer.ts';
import type { Notice } from '../core/ports.ts';
import { printable } from './fault-line.ts';

/** As syslog counts: critical, and normal but significant. */
const levels: Readonly<Record<Notice['urgency'], string>> = { critical: '<2>', normal: '<5>' };

/**
 * Whether what is written to this descriptor goes to systemd's journal. `stream`: JOURNAL_STREAM, which whatever a service
 * starts inherits, wherever its output goes.
 * @see man systemd.exec(5)
 */
export function isJournal(stream: string | undefined, descriptor: number): boolean {
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    // It is closed.
    return false;
  }
}

/**
 * Notices as lines. `isJournal`: with the level in front that systemd's journal takes out.
 * @see man sd-daemon(3)
 */
export function printedNotices(write: (line: string) => void, isJournal: boolean): ClosingNotifier {
  return {
    notify({ urgency, title, body }) {
      write(printable(`${isJournal ? levels[urgency] : ''}${title}: ${body}`));
    },
    // What was said stays said.
    close: () => undefined,
  };
}
