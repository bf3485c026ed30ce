import { join } from 'node:path';
import { type Decision, decisionSchema } from '../../shared/decision.ts';
import type { Log } from './log.ts';
import { NewestLines } from './newest-lines.ts';

/** What was decided, and why: decisions.jsonl, a decision a line. */
export class DecisionsFile extends NewestLines<Decision> {
  constructor(dataFolder: string, log: Log) {
    super({ path: join(dataFolder, 'decisions.jsonl'), schema: decisionSchema, what: 'the list of decisions' }, log);
  }
}
