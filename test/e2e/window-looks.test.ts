import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { driveWindow, open, sideways, violations } from '../fakes/window/drive.ts';
import type { ScenarioName } from '../fakes/window/scenarios.ts';

driveWindow();

const looks: readonly { scenario: ScenarioName; views: readonly string[] }[] = [
  { scenario: 'mains', views: ['Now', 'Plan', 'Runs', 'History', 'Setup'] },
  { scenario: 'problems', views: ['Now', 'Plan', 'Setup'] },
  { scenario: 'two-upses', views: ['Now', 'Setup'] },
  { scenario: 'two-feeds', views: ['Now', 'History', 'Setup'] },
  { scenario: 'four-upses', views: ['Now', 'History', 'Setup'] },
  { scenario: 'no-history', views: ['History'] },
  { scenario: 'postponed', views: ['Now', 'Runs'] },
  { scenario: 'grouped', views: ['Plan', 'Setup'] },
  { scenario: 'platforms', views: ['Plan', 'Setup'] },
  { scenario: 'turning-off', views: ['Runs'] },
  { scenario: 'widened', views: ['Runs'] },
  { scenario: 'daemon', views: ['Now', 'Plan'] },
  { scenario: 'past-line', views: ['Now', 'Runs'] },
  { scenario: 'failed', views: ['Runs'] },
  { scenario: 'broken', views: ['Plan'] },
  { scenario: 'empty', views: ['Now', 'Plan', 'Runs', 'History', 'Setup'] },
];

describe('every view', () => {
  it.each(looks)(
    'of "$scenario" has no serious accessibility violation, in light and dark',
    async ({ scenario, views }) => {
      const page = await open(scenario, 'Now');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const view of views) {
          await page.getByRole('tab', { name: view }).click();
          const first = page.getByRole('row').first();
          if (view === 'Plan' && (await first.count()) > 0) await first.click();
          expect(await violations(page), `${view}, ${colorScheme}`).toEqual([]);
        }
      }
    },
  );

  it.each(looks)(
    'of "$scenario" needs no sideways scrolling at 760 px, nor with text twice as large',
    async ({ scenario, views }) => {
      const page = await open(scenario, 'Now', 760);
      await page.setViewportSize({ width: 760, height: 800 });
      for (const size of ['87.5%', '175%']) {
        await page.evaluate((fontSize) => document.documentElement.style.setProperty('font-size', fontSize), size);
        for (const view of views) {
          await page.getByRole('tab', { name: view }).click();
          expect(await sideways(page), `${view} at ${size}`).toEqual([]);
        }
      }
    },
  );
});

const menu = (of: string, item: string) => async (page: Page) => {
  await page.getByRole('button', { name: `Actions for ${of}`, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

/** What opens from a view, and how. */
const opened: readonly { what: string; view: string; open: (page: Page) => Promise<void> }[] = [
  { what: 'the details of a UPS', view: 'Now', open: menu('Eaton 5P 1550', 'What it says…') },
  { what: 'its commands', view: 'Now', open: menu('Eaton 5P 1550', 'Commands…') },
  { what: 'its name', view: 'Setup', open: menu('Eaton 5P 1550', 'Edit…') },
  { what: 'a host', view: 'Setup', open: menu('esx-1', 'Edit…') },
  { what: 'a server', view: 'Setup', open: readCertificate },
  {
    what: 'the table of the history',
    view: 'History',
    open: (page) => page.getByRole('radio', { name: 'Table' }).click(),
  },
];

/** The same in a plan that says everything that can be said. */
const openedOfGrouped: typeof opened = [
  {
    what: 'every setting of the plan and of a step',
    view: 'Plan',
    open: async (page) => {
      await page.getByRole('row', { name: 'Shut down guests on hosts tagged hypervisors' }).click();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.getByRole('list', { name: 'Marks' }).waitFor();
    },
  },
  {
    what: 'the table of the simulation',
    view: 'Plan',
    open: async (page) => {
      await page.locator('summary', { hasText: 'Simulation' }).click();
      await page.getByRole('radio', { name: 'Table' }).click();
    },
  },
  {
    what: 'the settings of a stage',
    view: 'Plan',
    open: async (page) => {
      await page.getByRole('button', { name: 'Stage Hypervisors' }).click();
      await page.getByRole('menuitem', { name: 'Settings…' }).click();
    },
  },
  { what: 'a host that knows of others', view: 'Setup', open: menu('esx-1', 'Edit…') },
  {
    what: 'the report of a rehearsal',
    view: 'Now',
    open: async (page) => {
      await page.getByRole('button', { name: 'Show report' }).click();
      await page.getByRole('button', { name: 'Power off: nas-1' }).click();
    },
  },
];

/** The same where there are hosts of every kind. */
const openedOfPlatforms: typeof opened = [
  {
    what: 'a host that is woken in every way',
    view: 'Setup',
    open: async (page) => {
      await menu('linux-1', 'Edit…')(page);
      await page.getByRole('dialog').locator('summary').click();
    },
  },
  { what: 'a host with an API', view: 'Setup', open: menu('esxi-api-1', 'Edit…') },
  {
    what: 'a certificate',
    view: 'Setup',
    open: async (page) => {
      await menu('vcenter-1', 'Read certificate…')(page);
      await page.getByText('00:01:02').waitFor();
    },
  },
  {
    what: 'a webhook',
    view: 'Setup',
    open: async (page) => {
      await page.getByRole('button', { name: 'Add channel…' }).click();
      await page.getByLabel('URL').fill('http://ntfy.lan/x');
    },
  },
  { what: 'a mail', view: 'Setup', open: menu('Mail to Ada', 'Edit…') },
  {
    what: 'the palette',
    view: 'Plan',
    open: (page) => page.getByRole('button', { name: 'Add step to Down' }).click(),
  },
  {
    what: 'the groups of PowerChute, and limits of single guests',
    view: 'Plan',
    open: async (page) => {
      await page.getByRole('row', { name: 'Shut down guests on esxi-1', exact: true }).click();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'PowerChute’s groups…' }).click();
    },
  },
  {
    what: 'a step that turns off a UPS',
    view: 'Plan',
    open: (page) => page.getByRole('row', { name: 'Turn off the UPS after 5 min' }).click(),
  },
  {
    what: 'a SecureOn password',
    view: 'Setup',
    open: async (page) => {
      await menu('linux-1', 'Set SecureOn password…')(page);
      await page.getByRole('textbox', { name: 'SecureOn password' }).fill('wrong');
    },
  },
];

async function readCertificate(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add server…' }).click();
  await page.getByLabel('Address').fill('10.0.10.7');
  await page.getByLabel('Encrypted (TLS)').check();
  await page.getByRole('button', { name: 'Read certificate' }).click();
  await page.getByText('4F:9A').waitFor();
}

describe('what opens from a view', () => {
  it.each([
    ...opened.map((each) => ({ ...each, scenario: 'two-feeds' as const })),
    ...openedOfGrouped.map((each) => ({ ...each, scenario: 'grouped' as const })),
    ...openedOfPlatforms.map((each) => ({ ...each, scenario: 'platforms' as const })),
  ])('$what: no serious violation, no sideways scrolling', async ({ scenario, view, open: show }) => {
    const page = await open(scenario, view);
    await show(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), colorScheme).toEqual([]);
    }
    await page.setViewportSize({ width: 760, height: 800 });
    for (const size of ['87.5%', '175%']) {
      await page.evaluate((fontSize) => document.documentElement.style.setProperty('font-size', fontSize), size);
      // A menu finds its new place one drawing later.
      await expect.poll(() => sideways(page), { message: size }).toEqual([]);
    }
  });
});
