import { join } from 'node:path';
import { type PowerEvent, powerEventSchema } from '../../shared/history.ts';
import type { Log } from './log.ts';
import { NewestLines } from './newest-lines.ts';

/** What happened to the UPSes: events.jsonl, an event a line. */
export class EventsFile extends NewestLines<PowerEvent> {
  constructor(dataFolder: string, log: Log) {
    super({ path: join(dataFolder, 'events.jsonl'), schema: powerEventSchema, what: 'the list of events' }, log);
  }
}
