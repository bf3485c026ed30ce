import type { Detail, Reading } from '../../../shared/reading.ts';
import { shown } from '../net/text.ts';
import { amountRows, beeperRow, dateRows, readingOf, testResultRow, type Variables } from './variables.ts';

const rows = [...amountRows, ...dateRows, testResultRow, beeperRow];

/** Every variable as upsd tells it, and which entry of the reading it gives. */
export function detailsOf(upsId: string, at: number, all: Variables): Detail[] {
  const reading = readingOf(upsId, at, all);
  return [...all].map(([name, text]) => detail(name, text, reading, all));
}

function detail(name: string, text: string, reading: Reading, all: Variables): Detail {
  const raw = shown(text, 300);
  const row = rows.find((one) => one.name === name);
  const common = { name: shown(name, 300), place: '', raw };
  if (!row) return { ...common, value: raw, feeds: name === 'ups.status' ? 'acPresent' : null, repair: '' };
  const believed = row.read(text, all) !== null;
  return {
    ...common,
    value: shown(`${raw} ${row.unit}`, 300),
    feeds: reading[row.feeds] !== null && believed ? row.feeds : null,
    repair: believed ? '' : 'Not used: no such value can be true, or it means "not known".',
  };
}
