import { FaultError } from '../../shared/fault.ts';
import type { Who } from '../control/who.ts';
import { timeOfDay } from './time-of-day.ts';

const kinds: Readonly<Record<Who['kind'], string>> = {
  app: 'The Glidepath application',
  daemon: 'The Glidepath daemon',
};

/** Somebody else controls the folder. `by`: null when it has not said who it is. */
export function heldBy(dataFolder: string, by: Who | null, remedy: string): FaultError {
  const who = by ? `${kinds[by.kind]} (process ${by.pid}, since ${timeOfDay(by.since)})` : 'Another Glidepath';
  return new FaultError({ code: 'refused', what: `${who} controls this folder.`, where: dataFolder, remedy });
}
