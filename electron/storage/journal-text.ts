import { FaultError } from '../../shared/fault.ts';
import { type RunRecord, runRecordSchema } from '../../shared/run-record.ts';
import { migrateBegun } from './sequence-migrations.ts';

export interface JournalText {
  /** Every whole record, in order. */
  records: RunRecord[];
  /** Bytes up to the end of the last whole record; what follows is a broken tail. */
  wholeBytes: number;
  /** Lines before that end that are no record, as after damage to the disk: left in their place, not read. */
  damagedLines: number;
}

const newline = 0x0a;

/**
 * Reads a journal of which any part may be damaged. A record counts once its line end is there: until then its
 * append has not been confirmed to anybody. Damage in the middle does not cut off what follows, since a lost `ended`
 * would make an old run look unfinished, and the runner probes whatever a lost record leaves open.
 * @throws FaultError `file-newer` when it was begun by a newer Glidepath, which must finish it
 */
export function readJournalText(file: string, bytes: Buffer): JournalText {
  const text: JournalText = { records: [], wholeBytes: 0, damagedLines: 0 };
  let badSinceGood = 0;
  let start = 0;
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    const value = parseLine(bytes.subarray(start, end));
    start = end + 1;
    if (value !== undefined && text.records.length === 0) refuseNewer(file, value);
    const record = runRecordSchema.safeParse(migrateBegun(value));
    if (record.success) {
      text.records.push(record.data);
      text.wholeBytes = start;
      text.damagedLines += badSinceGood;
      badSinceGood = 0;
    } else {
      badSinceGood += 1;
    }
  }
  return text;
}

/** undefined: not JSON. */
function parseLine(line: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch {
    return undefined;
  }
}

function refuseNewer(file: string, value: unknown): void {
  if (value === null || typeof value !== 'object' || !('type' in value) || !('version' in value)) return;
  if (value.type !== 'begun' || typeof value.version !== 'number' || value.version <= 3) return;
  throw new FaultError({
    code: 'file-newer',
    what: `This run was begun by a newer Glidepath (journal version ${value.version}).`,
    where: file,
    remedy: 'Install the newer Glidepath. The file is kept as it is.',
  });
}
