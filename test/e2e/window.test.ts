import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Sequence } from '../../shared/sequence.ts';
import { buildHarness, type Shown, show } from '../fakes/window/harness.ts';
import type { ScenarioName } from '../fakes/window/scenarios.ts';

/** The built window in a real Electron; behind its bridge stands a fake that keeps every request. */
let shown: Shown | null = null;
let axe = '';

beforeAll(async () => {
  await buildHarness();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}, 120_000);

afterEach(async () => {
  const lines = shown?.console ?? [];
  await shown?.app.close();
  shown = null;
  expect(lines, 'nothing is written to the console, least of all that the CSP was violated').toEqual([]);
});

async function open(scenario: ScenarioName, view: string, width = 1280): Promise<Page> {
  shown = await show(scenario, width);
  await shown.page.getByRole('tab', { name: view }).click();
  return shown.page;
}

const row = (page: Page, name: string) => page.getByRole('row', { name, exact: true });
const lane = (page: Page, name: string) => page.getByRole('grid', { name, exact: true });
/** The rows of a stage, by the names that a screen reader says. */
const steps = (page: Page, stage: string) =>
  lane(page, stage)
    .getByRole('row')
    .evaluateAll((rows) => rows.map((each) => each.getAttribute('aria-label')?.replace(/\s/g, ' ')));
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.replace(/\s/g, ' '));
const told = (page: Page) => page.getByTestId('polite').innerText();

async function requests(name: string): Promise<unknown[]> {
  const all = await shown?.app.evaluate(
    () => (globalThis as unknown as { bridge: { requests: { name: string; input: unknown }[] } }).bridge.requests,
  );
  return (all ?? []).filter((request) => request.name === name).map((request) => request.input);
}

const hypervisors = [
  'Enter maintenance mode on esx-1',
  'Power off esx-1',
  'Enter maintenance mode on esx-2',
  'Power off esx-2',
];

describe('moving a step', () => {
  it('by mouse into another stage, undone, done again, and saved as the window shows it', async () => {
    const page = await open('mains', 'Plan');
    await row(page, 'Run a command on backup-1').dragTo(row(page, 'Power off nas-1'), {
      targetPosition: { x: 200, y: 4 },
    });
    await expect
      .poll(() => steps(page, 'Storage'))
      .toEqual(['Power off backup-1', 'Run a command on backup-1', 'Power off nas-1']);
    expect(await steps(page, 'Stop workloads')).toEqual(['Shut down guests on esx-1', 'Shut down guests on esx-2']);

    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => steps(page, 'Storage')).toEqual(['Power off backup-1', 'Power off nas-1']);
    await page.getByRole('button', { name: 'Redo' }).click();
    await page.getByRole('button', { name: 'Save plan' }).click();
    await expect.poll(async () => (await requests('plan.save')).length).toBe(1);
    const [save] = (await requests('plan.save')) as { sequence: Sequence; baseHash: string }[];
    expect(save?.baseHash).toBe('a'.repeat(64));
    expect(save?.sequence.stages[2]?.steps.map((step) => step.id)).toEqual(['off-backup', 'stop-backups', 'off-nas']);
    await expect.poll(() => page.getByRole('button', { name: 'Save plan' }).isDisabled()).toBe(true);
  });

  it('by mouse within its stage', async () => {
    const page = await open('mains', 'Plan');
    await row(page, 'Power off esx-2').dragTo(row(page, 'Enter maintenance mode on esx-1'), {
      targetPosition: { x: 200, y: 4 },
    });
    await expect.poll(async () => (await steps(page, 'Hypervisors'))[0]).toBe('Power off esx-2');
  });

  it('by keyboard alone: the handle, Enter, the arrows, Enter; and Escape takes it back', async () => {
    const page = await open('mains', 'Plan');
    await row(page, 'Power off nas-1').click();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toBe('Drag Power off nas-1');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Escape');
    expect(await steps(page, 'Storage')).toEqual(['Power off backup-1', 'Power off nas-1']);
    await expect.poll(() => focused(page)).toBe('Drag Power off nas-1');

    await page.keyboard.press('Enter');
    // Tab goes from lane to lane by way of the handle, the arrows from place to place; each place says its name.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused(page)).toBe('Insert before Enter maintenance mode on esx-1');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused(page)).toBe('Insert between Enter maintenance mode on esx-1 and Power off esx-1');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => steps(page, 'Hypervisors'))
      .toEqual([hypervisors[0], 'Power off nas-1', ...hypervisors.slice(1)]);
    expect(await told(page)).toBe('Moved Power off nas-1 to Hypervisors, 2 of 5.');
    await expect.poll(() => focused(page)).toBe('Power off nas-1');
  });

  it('by Alt and the arrows, with the focus staying on the row', async () => {
    const page = await open('mains', 'Plan');
    await row(page, 'Power off esx-1').click();
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(async () => (await steps(page, 'Hypervisors'))[0]).toBe('Power off esx-1');
    await page.keyboard.press('Alt+ArrowRight');
    await expect.poll(() => steps(page, 'Storage')).toContain('Power off esx-1');
    expect(await told(page)).toBe('Moved Power off esx-1 to Storage, 3 of 3. Its needs were removed.');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(() => steps(page, 'Hypervisors')).toEqual(hypervisors);
  });

  it('by its menu, without any dragging', async () => {
    const page = await open('mains', 'Plan');
    await page.getByRole('button', { name: 'Actions for Power off nas-1' }).click();
    await page.getByRole('menuitem', { name: 'Move to stage…' }).click();
    await page.getByRole('menuitem', { name: 'Hypervisors', exact: true }).click();
    await expect.poll(() => steps(page, 'Hypervisors')).toEqual([...hypervisors, 'Power off nas-1']);
  });
});

describe('editing', () => {
  it('adds a step, changes it in the inspector, and deletes it with the keyboard', async () => {
    const page = await open('mains', 'Plan');
    await page.getByRole('button', { name: 'Add step to Storage' }).click();
    await page.getByRole('menuitem', { name: 'Wait', exact: true }).click();
    await expect.poll(() => steps(page, 'Storage')).toContain('Wait 1 min');
    await expect.poll(() => focused(page)).toBe('Wait 1 min');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.getByLabel('Seconds').evaluate((field) => field === document.activeElement))
      .toBe(true);
    await page.getByLabel('Seconds').fill('90');
    await page.keyboard.press('Tab');
    await expect.poll(async () => (await steps(page, 'Storage'))[2]).toBe('Wait 1 min 30 s');
    await lane(page, 'Storage').getByRole('row').nth(2).click();
    await page.keyboard.press('Delete');
    await expect.poll(() => steps(page, 'Storage')).toEqual(['Power off backup-1', 'Power off nas-1']);
  });

  it('saves a value that is still being typed, and goes on in its field', async () => {
    const page = await open('mains', 'Plan');
    await row(page, 'Power off nas-1').click();
    const limit = page.getByLabel('Limit, s');
    await limit.fill('321');
    await page.keyboard.press('Control+s');
    await expect.poll(async () => (await requests('plan.save')).length).toBe(1);
    const [save] = (await requests('plan.save')) as { sequence: Sequence }[];
    expect(save?.sequence.stages[2]?.steps[1]).toMatchObject({ id: 'off-nas', limit: 321 });
    expect(await limit.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  it('keeps the focus nearby when a stage is renamed, emptied or deleted', async () => {
    const page = await open('mains', 'Plan');
    await page.getByRole('button', { name: 'Stage Wake storage' }).click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await page.getByLabel('New name of stage Wake storage').fill('Wake disks');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Stage Wake disks');
    await row(page, 'Wake nas-1').click();
    await page.keyboard.press('Delete');
    await expect.poll(() => focused(page)).toBe('Stage Wake disks');
    await page.getByRole('button', { name: 'Stage Wake disks' }).click();
    await page.getByRole('menuitem', { name: 'Delete stage' }).click();
    await expect.poll(() => focused(page)).toBe('Stage Wake hypervisors');
  });

  it('arms what it shows, and shows a refusal here until another view is opened', async () => {
    const page = await open('problems', 'Plan');
    await shown?.app.evaluate(() => {
      const { bridge } = globalThis as unknown as {
        bridge: { slices: { plan: object }; change(slices: object): void; refuseNext(code: string): void };
      };
      bridge.change({ plan: { ...bridge.slices.plan, checked: { problems: [], needs: 60, steps: [] } } });
      bridge.refuseNext('refused');
    });
    await page.getByRole('button', { name: 'Arm…' }).click();
    await page.getByText('Refused by the test.', { exact: true }).first().waitFor();
    expect(await requests('plan.arm')).toEqual([{ hash: 'a'.repeat(64) }]);
    await page.getByRole('tab', { name: 'Now' }).click();
    await page.getByRole('tab', { name: 'Plan' }).click();
    await page.getByRole('button', { name: 'Arm…' }).waitFor();
    expect(await page.getByRole('tabpanel').getByText('Refused by the test.').count()).toBe(0);
  });

  it('disarms the plan that it shows; a no to the question is no error', async () => {
    const page = await open('mains', 'Plan');
    await shown?.app.evaluate(() =>
      (globalThis as unknown as { bridge: { refuseNext(code: string): void } }).bridge.refuseNext('not-confirmed'),
    );
    await page.getByRole('button', { name: 'Disarm…' }).click();
    await expect.poll(() => told(page)).toBe('Not done.');
    expect(await page.getByText('Refused by the test.').count()).toBe(0);
    await page.getByRole('button', { name: 'Disarm…' }).click();
    await page.getByRole('button', { name: 'Arm…' }).waitFor();
    expect(await requests('plan.disarm')).toEqual([{ hash: 'a'.repeat(64) }, { hash: 'a'.repeat(64) }]);
  });

  it('moves the line, and asks the main process to check the draft', async () => {
    const page = await open('mains', 'Plan');
    await page.getByRole('button', { name: 'Stage Storage' }).click();
    await page.getByRole('menuitem', { name: 'Line before this stage' }).click();
    await expect.poll(() => told(page)).toBe('The point of no return is now before Storage.');
    await expect
      .poll(async () => ((await requests('plan.check')).at(-1) as { sequence: Sequence })?.sequence.pointOfNoReturn)
      .toBe('storage');
  });

  it('makes a plan from the hosts when there is none, and says what is wrong with a broken file', async () => {
    const page = await open('broken', 'Plan');
    await page.getByText('main.json was not taken').waitFor();
    await page.getByText('line 41, column 17').waitFor();
    await page.getByRole('heading', { name: 'The plan cannot be read' }).waitFor();
    expect(await page.getByRole('banner').innerText()).toContain('The plan cannot be read');
    await page.getByRole('button', { name: 'New plan' }).click();
    await expect.poll(() => steps(page, 'Guests')).toEqual(['Shut down guests on esx-1', 'Shut down guests on esx-2']);
    expect(await page.getByRole('button', { name: 'Arm…' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Save plan' }).click();
    await expect.poll(async () => (await requests('plan.save')).length).toBe(1);
    const [save] = (await requests('plan.save')) as { sequence: Sequence }[];
    expect(save?.sequence.id).toBe('main-2');
  });

  it('leads from a problem to its row', async () => {
    const page = await open('problems', 'Plan');
    await page.getByRole('button', { name: /Power off nas-1: the host key/ }).click();
    await expect.poll(() => focused(page)).toBe('Power off nas-1');
  });

  it('shows a conflict instead of overwriting a file that has changed', async () => {
    const page = await open('mains', 'Plan');
    await row(page, 'Power off esx-1').click();
    await page.keyboard.press('Alt+ArrowUp');
    await shown?.app.evaluate(() => {
      const { bridge } = globalThis as unknown as {
        bridge: { slices: { plan: object }; change(slices: object): void };
      };
      bridge.change({ plan: { ...bridge.slices.plan, hash: 'b'.repeat(64) } });
    });
    await page.keyboard.press('Control+s');
    await page.getByText('The file has changed since you began to edit.', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Drop my changes and load the saved plan' }).click();
    await expect.poll(() => steps(page, 'Hypervisors')).toEqual(hypervisors);
  });
});

describe('live', () => {
  it('follows pushes, and asks again when one was lost', async () => {
    const page = await open('mains', 'Now');
    await shown?.app.evaluate(() => {
      const { bridge, scenarios } = globalThis as unknown as {
        bridge: { change(slices: object): void; changeSilently(slices: object): void };
        scenarios: Record<string, () => object>;
      };
      bridge.changeSilently(scenarios.counting?.() ?? {});
      bridge.change({ runs: [] });
    });
    await page.getByText('Shutdown starts in').waitFor();
    await page.getByText('1:24').waitFor();
    expect(await page.getByTestId('assertive').innerText()).toBe('Power lost: On battery, 71 %, 8 min left');
  });

  it('offers Stop before the line, and behind it the reason why not', async () => {
    const page = await open('before-line', 'Runs');
    await page.getByRole('button', { name: 'Stop run' }).click();
    await expect.poll(async () => (await requests('run.cancel')).length).toBe(1);
    await shown?.app.evaluate(() =>
      (globalThis as unknown as { bridge: { scenario(name: string): void } }).bridge.scenario('past-line'),
    );
    await page.getByText('Stop is no longer offered: the run has passed its point of no return.').waitFor();
    expect(await page.getByRole('button', { name: 'Stop run' }).count()).toBe(0);
  });

  it('never shows a number for what was not reported', async () => {
    const page = await open('no-ups', 'Now');
    await page.getByText('but this user may not open it').waitFor();
    await page.getByText('SUBSYSTEM=="hidraw"').waitFor();
    await shown?.app.evaluate(() =>
      (globalThis as unknown as { bridge: { scenario(name: string): void } }).bridge.scenario('two-upses'),
    );
    await expect.poll(() => page.getByText('not reported', { exact: true }).count()).toBeGreaterThan(4);
  });
});

describe('setup', () => {
  it('adds a host, pins its key after it was shown, and sets a secret that goes one way only', async () => {
    const page = await open('problems', 'Setup');
    await page.getByText('This desktop has no keyring').waitFor();
    await page.getByRole('button', { name: 'Add host…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Röck 5');
    await dialog.getByLabel('Address', { exact: true }).fill('10.0.10.50');
    await dialog.getByRole('button', { name: 'Save host' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('hosts.save')).toMatchObject([{ host: { id: 'ro-ck-5', name: 'Röck 5', hostKeys: [] } }]);

    await page.getByRole('button', { name: 'Confirm host key…' }).first().click();
    await dialog.getByText('SHA256:').waitFor();
    await dialog.getByRole('button', { name: 'It is the same, confirm' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('hosts.pinKey')).toHaveLength(1);

    await page.getByRole('button', { name: 'Set password…' }).click();
    await dialog.getByLabel('Password').fill('s3cret');
    await dialog.getByRole('button', { name: 'Set password' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('hosts.setSecret')).toEqual([{ id: 'esx-2', secret: 's3cret', passphrase: '' }]);
    expect(await page.content()).not.toContain('s3cret');
  });
});

const looks: readonly { scenario: ScenarioName; views: readonly string[] }[] = [
  { scenario: 'mains', views: ['Now', 'Plan', 'Runs', 'Setup'] },
  { scenario: 'problems', views: ['Now', 'Plan', 'Setup'] },
  { scenario: 'two-upses', views: ['Now'] },
  { scenario: 'past-line', views: ['Now', 'Runs'] },
  { scenario: 'failed', views: ['Runs'] },
  { scenario: 'broken', views: ['Plan'] },
  { scenario: 'empty', views: ['Now', 'Plan', 'Runs', 'Setup'] },
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

/** What axe-core calls serious or critical, with where. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Result {
      violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
    }
    const { axe: tool } = globalThis as unknown as { axe: { run(): Promise<Result> } };
    const result = await tool.run();
    return result.violations
      .filter((each) => each.impact === 'serious' || each.impact === 'critical')
      .flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
  });
}

/** Whatever can be scrolled sideways or sticks out of the window. */
function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('html, body, body *')]
      .filter((each) => !each.closest('.visually-hidden, [data-live-announcer], select, svg'))
      .filter((each) => {
        const { overflowX } = getComputedStyle(each);
        const scrolls = overflowX === 'auto' || overflowX === 'scroll' || each === document.documentElement;
        const sticksOut = each.getBoundingClientRect().right > innerWidth + 1 && each.getBoundingClientRect().width > 1;
        return (scrolls && each.scrollWidth > each.clientWidth + 1) || sticksOut;
      })
      .map((each) => `${each.tagName} ${each.className} ${each.textContent?.slice(0, 40)}`),
  );
}
