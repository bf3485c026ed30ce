import type { ClosingNotifier } from '../brain/announcer.ts';
import type { Notice } from '../core/ports.ts';
import { printable } from './fault-line.ts';

/** As syslog counts: critical, and normal but significant. */
const levels: Readonly<Record<Notice['urgency'], string>> = { critical: '<2>', normal: '<5>' };

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
