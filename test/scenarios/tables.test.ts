import { afterAll, describe, expect, test } from 'vitest';
import { judge } from './tables/judge.ts';
import { play } from './tables/play.ts';
import { tables } from './tables/rows.ts';
import { shown } from './tables/show.ts';

const printed: string[] = [];

for (const [theme, rows] of Object.entries(tables)) {
  describe(theme, () => {
    for (const row of rows) {
      test(row.name, async () => {
        const told = await play(row);
        printed.push(shown(row, told));
        judge(row, told);
      });
    }
  });
}

test('there are enough rows, and no two of one name', () => {
  const names = Object.values(tables).flatMap((rows) => rows.map((row) => row.name));
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(new Set(names).size).toBe(names.length);
});

afterAll(() => {
  process.stdout.write(`\nWhole outages, ${printed.length} rows:\n\n${printed.join('\n')}\n\n`);
});
