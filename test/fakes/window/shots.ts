import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { buildHarness, show } from './harness.ts';
import type { ScenarioName } from './scenarios.ts';

const folder = resolve(import.meta.dirname, '../../../out/window-shots');

/** A view, or what opens from it: the steps that lead there. */
interface Shot {
  view: string;
  name?: string;
  open?: (page: Page) => Promise<void>;
}

const menu = (of: string, item: string) => async (page: Page) => {
  await page.getByRole('button', { name: `Actions for ${of}`, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.getByRole('dialog').waitFor();
};

const press = (name: string) => async (page: Page) => {
  await page.getByRole('button', { name }).click();
};

const commands: Shot = { view: 'Now', name: 'commands', open: menu('Eaton 5P 1550', 'Commands…') };
const details: Shot = { view: 'Now', name: 'details', open: menu('Eaton 5P 1550', 'What it says…') };
const table: Shot = {
  view: 'History',
  name: 'history-table',
  open: (page) => page.getByRole('radio', { name: 'Table' }).click(),
};
const certificate: Shot = {
  view: 'Setup',
  name: 'server',
  open: async (page) => {
    await press('Add server…')(page);
    await page.getByLabel('Address').fill('10.0.10.7');
    await page.getByLabel('Encrypted (TLS)').check();
    await press('Read certificate')(page);
    await page.getByText('4F:9A').waitFor();
  },
};
const fedBy: Shot = { view: 'Setup', name: 'host', open: menu('esx-1', 'Edit…') };
const unfold = async (page: Page) => page.getByRole('dialog').locator('summary').click();
const waking: Shot = {
  view: 'Setup',
  name: 'waking',
  open: async (page) => {
    await menu('linux-1', 'Edit…')(page);
    await unfold(page);
    await page.getByLabel('User of the controller').scrollIntoViewIfNeeded();
  },
};
const newHost: Shot = {
  view: 'Setup',
  name: 'new-host',
  open: async (page) => {
    await press('Add host…')(page);
    await page.getByLabel('Kind').selectOption('Anything with a shell');
  },
};
const refused: Shot = {
  view: 'Setup',
  name: 'refused',
  open: async (page) => {
    await press('Add host…')(page);
    await page.getByLabel('Name').fill('box');
    await page.getByLabel('Address', { exact: true }).fill('https://10.0.20.99/');
    await press('Save host')(page);
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
  },
};
const ofApi: Shot = { view: 'Setup', name: 'api-host', open: menu('esxi-api-1', 'Edit…') };
const certificateOf: Shot = {
  view: 'Setup',
  name: 'certificate',
  open: async (page) => {
    await menu('vcenter-1', 'Read certificate…')(page);
    await page.getByText('00:01:02').waitFor();
  },
};
const allow: Shot = { view: 'Setup', name: 'supply', open: menu('Eaton 5P 1550', 'Edit…') };
const row = (name: string) => async (page: Page) => {
  await page.getByRole('row', { name, exact: true }).click();
};
const groupedPlan: Shot[] = [
  { view: 'Plan' },
  { view: 'Plan', name: 'guests', open: row('Shut down guests on hosts tagged hypervisors') },
  {
    view: 'Plan',
    name: 'folds',
    open: async (page) => {
      await row('Power off all hosts')(page);
      for (const summary of await page.locator('summary').all()) await summary.click();
    },
  },
];
const notifications = (page: Page) =>
  page.getByRole('heading', { name: 'Notifications' }).evaluate((each) => each.scrollIntoView());
const addChannel = (kind: string) => async (page: Page) => {
  await press('Add channel…')(page);
  await page.getByLabel('Kind').selectOption(kind);
};
const channels: Shot[] = [
  { view: 'Setup', name: 'channels', open: notifications },
  { view: 'Setup', name: 'webhook', open: addChannel('ntfy') },
  { view: 'Setup', name: 'mail', open: menu('Mail to Ada', 'Edit…') },
  { view: 'Setup', name: 'program', open: addChannel('A program on this computer') },
];
const everyStep: Shot[] = [
  { view: 'Plan', name: 'palette', open: press('Add step to Down') },
  { view: 'Plan', name: 'ups-off', open: row('Turn off the UPS after 5 min') },
  { view: 'Plan', name: 'notify', open: row('Notify: The rack goes down') },
  { view: 'Plan', name: 'command', open: row('Run a command on linux-1') },
  {
    view: 'Plan',
    name: 'start',
    open: async (page) => {
      await row('Start guests on esxi-1')(page);
      await page.getByLabel('Guests of a new priority group').scrollIntoViewIfNeeded();
    },
  },
  {
    view: 'Plan',
    name: 'limits',
    open: async (page) => {
      await row('Shut down guests on esxi-1')(page);
      await page.getByLabel('Guests with a limit of their own').scrollIntoViewIfNeeded();
    },
  },
  {
    view: 'Plan',
    name: 'powerchute',
    open: async (page) => {
      await row('Shut down guests on esxi-1')(page);
      await press('PowerChute’s groups…')(page);
    },
  },
];
const settings: Shot = {
  view: 'Plan',
  name: 'stage',
  open: async (page) => {
    await press('Stage Hypervisors')(page);
    await page.getByRole('menuitem', { name: 'Settings…' }).click();
    await page.getByRole('dialog').waitFor();
  },
};
const simulation = async (page: Page) => {
  const panel = page.locator('details', { hasText: 'Simulation' });
  if (!(await panel.evaluate((each: HTMLDetailsElement) => each.open))) await panel.locator('summary').click();
  await panel.getByRole('list', { name: 'Marks' }).waitFor();
  await panel.evaluate((each) => each.scrollIntoView());
};
const simulations: Shot[] = [
  { view: 'Plan', name: 'simulation', open: simulation },
  {
    view: 'Plan',
    name: 'cut-hard',
    open: async (page) => {
      await simulation(page);
      await page.getByLabel('A host hangs').selectOption('esx-2');
      await page.getByText('would be cut hard').first().waitFor();
    },
  },
];
const report: Shot = {
  view: 'Runs',
  name: 'report',
  open: async (page) => {
    await page.getByRole('navigation', { name: 'All rehearsals' }).getByRole('listitem').first().click();
    const opener = page.getByRole('button', { name: 'Power off: nas-1' });
    if ((await opener.getAttribute('aria-expanded')) === 'false') await opener.click();
  },
};
const of = (...views: string[]): Shot[] => views.map((view) => ({ view }));

/** What is photographed: a scenario and the views in which it shows. */
const shots: readonly { scenario: ScenarioName; of: readonly Shot[] }[] = [
  {
    scenario: 'mains',
    of: [...of('Now', 'Plan', 'Runs', 'History', 'Setup'), commands, details, table, allow, report, ...simulations],
  },
  { scenario: 'no-ups', of: of('Now', 'Setup') },
  { scenario: 'problems', of: [...of('Now', 'Plan', 'Setup'), commands] },
  { scenario: 'counting', of: of('Now') },
  { scenario: 'two-upses', of: of('Now', 'Setup') },
  { scenario: 'two-feeds', of: [...of('Now', 'History', 'Setup'), certificate, fedBy] },
  { scenario: 'postponed', of: [...of('Now'), { ...report, name: 'rehearsing', open: press('Rehearsing') }] },
  { scenario: 'four-upses', of: of('Now', 'History', 'Setup') },
  { scenario: 'no-history', of: of('Now', 'History') },
  { scenario: 'before-line', of: of('Now', 'Runs') },
  { scenario: 'past-line', of: of('Now', 'Runs') },
  {
    scenario: 'widened',
    of: [{ view: 'Runs' }, { view: 'Runs', name: 'skip', open: press('Skip Power off esx-1…') }],
  },
  { scenario: 'turning-off', of: of('Runs') },
  { scenario: 'waiting', of: of('Now', 'Runs') },
  { scenario: 'cancelled', of: of('Runs') },
  { scenario: 'failed', of: of('Runs') },
  { scenario: 'broken', of: of('Plan') },
  { scenario: 'grouped', of: [...groupedPlan, settings, ...of('Setup'), fedBy] },
  {
    scenario: 'platforms',
    of: [...of('Setup'), waking, newHost, refused, ofApi, certificateOf, ...channels, ...everyStep],
  },
  { scenario: 'daemon', of: of('Now', 'Plan', 'Setup') },
  { scenario: 'empty', of: of('Now', 'Plan', 'Runs', 'History', 'Setup') },
];

/** Photographs every view, light and dark, in a wide and in a narrow window. */
export async function takeShots(only?: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await buildHarness();
  for (const { scenario, of: views } of shots.filter((shot) => !only || shot.scenario === only)) {
    const { app, page, console: lines } = await show(scenario);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1280, 760]) {
        await page.setViewportSize({ width, height: 800 });
        for (const { view, name = view.toLowerCase(), open } of views) {
          await page.getByRole('tab', { name: view }).click();
          const row = page.getByRole('row', { name: 'Power off esx-1' });
          // With a selected step in one scenario, with none in the others.
          if (scenario === 'mains' && view === 'Plan' && (await row.count()) > 0) await row.first().click();
          await open?.(page);
          await page.screenshot({ path: resolve(folder, `${scenario}-${name}-${width}-${colorScheme}.png`) });
          if (open) await leave(page);
        }
      }
    }
    if (lines.length > 0) process.stdout.write(`${scenario}: ${lines.join('\n')}\n`);
    await app.close();
  }
}

/** What was entered for a photograph is dropped. */
async function leave(page: Page): Promise<void> {
  const discard = page.getByRole('button', { name: 'Discard', exact: true });
  if (!(await discard.isVisible())) await page.keyboard.press('Escape');
  if (await discard.isVisible()) await discard.click();
}
