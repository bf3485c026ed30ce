import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildHarness, show } from './harness.ts';
import type { ScenarioName } from './scenarios.ts';

const folder = resolve(import.meta.dirname, '../../../out/window-shots');

/** What is photographed: a scenario and the views in which it shows. */
const shots: readonly { scenario: ScenarioName; views: readonly string[] }[] = [
  { scenario: 'mains', views: ['Now', 'Plan', 'Runs', 'Setup'] },
  { scenario: 'no-ups', views: ['Now'] },
  { scenario: 'problems', views: ['Now', 'Plan', 'Setup'] },
  { scenario: 'counting', views: ['Now'] },
  { scenario: 'two-upses', views: ['Now'] },
  { scenario: 'before-line', views: ['Now', 'Runs'] },
  { scenario: 'past-line', views: ['Now', 'Runs'] },
  { scenario: 'waiting', views: ['Now', 'Runs'] },
  { scenario: 'cancelled', views: ['Runs'] },
  { scenario: 'failed', views: ['Runs'] },
  { scenario: 'broken', views: ['Plan'] },
  { scenario: 'empty', views: ['Now', 'Plan', 'Runs', 'Setup'] },
];

/** Photographs every view, light and dark, in a wide and in a narrow window. */
export async function takeShots(only?: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await buildHarness();
  for (const { scenario, views } of shots.filter((shot) => !only || shot.scenario === only)) {
    const { app, page, console: lines } = await show(scenario);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1280, 760]) {
        await page.setViewportSize({ width, height: 800 });
        for (const view of views) {
          await page.getByRole('tab', { name: view }).click();
          const row = page.getByRole('row', { name: 'Power off esx-1' });
          // With a selected step in one scenario, with none in the others.
          if (scenario === 'mains' && view === 'Plan' && (await row.count()) > 0) await row.first().click();
          await page.screenshot({
            path: resolve(folder, `${scenario}-${view.toLowerCase()}-${width}-${colorScheme}.png`),
          });
        }
      }
    }
    if (lines.length > 0) process.stdout.write(`${scenario}: ${lines.join('\n')}\n`);
    await app.close();
  }
}
