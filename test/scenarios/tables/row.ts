import type { Rack } from './racks.ts';

/** What must come of an outage. Times are minutes and seconds since the row begins: "4:49". */
export interface Outcome {
  /** Every run, as "4:49 runtime: a part of the sentence that says why"; empty: none is started. */
  runs: string[];
  /** Which hosts are not as they were, at these times: "esx, nas going down, guests of esx", or "all up". */
  state: Record<string, string>;
  /** Everything that reached a host and takes something away, in order: "guests esx, off web"; empty: nothing. */
  down: string;
  /** Everything that reached a host on the way back, in order. */
  back: string;
  /** How every run ended, or where it stands when the row is over: "done, going down". */
  ends: string;
  /** The hosts that lost their power while they were on; absent: none. */
  cut?: string;
  /** Each of these is said in a decision, in the journal, on the screen, or as the reason of a refusal. */
  says?: string[];
  /** None of these is said anywhere. */
  never?: string[];
}

/** One outage as a user could read it. */
export interface Row {
  name: string;
  rack: Rack;
  /** What happens, as "0:15 mains back". */
  happens: string[];
  outcome: Outcome;
}

/** "4:49" in seconds. @throws Error when it is no time */
export function secondsOf(text: string): number {
  const [, minutes, seconds] = /^(\d+):([0-5]\d)$/.exec(text) ?? [];
  if (minutes === undefined || seconds === undefined) throw new Error(`"${text}" is no time`);
  return Number(minutes) * 60 + Number(seconds);
}

/** Seconds as "4:49". */
export const timeOf = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** "4:49 something" in its two halves. */
export function timed(line: string): { at: number; text: string } {
  const space = line.indexOf(' ');
  return { at: secondsOf(line.slice(0, space)), text: line.slice(space + 1) };
}
