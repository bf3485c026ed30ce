import type { Detail } from '../../shared/reading.ts';

/** Those that have the words of the filter, in whatever order and case, somewhere in them. */
export function filterDetails(details: readonly Detail[], filter: string): Detail[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return details.filter((detail) => {
    const text = Object.values(detail).join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

const columns = ['name', 'place', 'raw', 'value', 'feeds', 'repair'] as const;

/** With tabs, as a spreadsheet and an issue both take it. */
export function detailsText(details: readonly Detail[]): string {
  const cell = (value: string | null) => (value ?? '').replace(/[\t\r\n]+/g, ' ');
  const lines = details.map((detail) => columns.map((column) => cell(detail[column])).join('\t'));
  return `${[columns.join('\t'), ...lines].join('\n')}\n`;
}
