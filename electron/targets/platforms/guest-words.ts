import { count } from '../../../shared/words.ts';

/** Names for a sentence, cut where it would become too long. */
export const namesOf = (guests: ReadonlyArray<{ name: string }>, most = 300): string =>
  guests
    .map((guest) => guest.name)
    .join(', ')
    .slice(0, most);

export const seenRunning = (running: ReadonlyArray<{ name: string }>): string =>
  running.length === 0 ? 'no guest is on' : `${count(running.length, 'guest')} on: ${namesOf(running, 1000)}`;
