import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Rack } from '../fakes/rack/rack.ts';
import type { FakeUps } from '../fakes/ups/fake-ups.ts';
import { App, newDataFolder } from './support/app.ts';
import { enterHosts, mainsOff, planFor, plugUps, powerOrder, rackUp } from './support/lab.ts';

let rack: Rack;
let ups: FakeUps;
let app: App;
let data: string;

beforeEach(async () => {
  data = newDataFolder();
  [rack, ups] = await Promise.all([rackUp(), plugUps()]);
  app = await App.start(data, ups.env());
  await app.until('the UPS on mains', ({ status }) => status.powers[0]?.state === 'mains');
  await enterHosts(app, rack);
  await app.request('plan.save', { sequence: planFor({ until: 'port-closed' }), baseHash: '' });
  await app.until('the plan', ({ plan }) => plan.sequence);
});

afterEach(async () => {
  await app?.close();
  await ups?.dispose();
  await rack?.down();
});

const row = (page: Page, name: string) => page.getByRole('row', { name, exact: true });
const lane = async (stage: number): Promise<string[]> =>
  (await app.slices()).plan.sequence?.stages[stage]?.steps.map((step) => step.id) ?? [];
const focused = (): Promise<string> =>
  app.page.evaluate(() => {
    const active = document.activeElement;
    return (active?.getAttribute('aria-label') ?? active?.textContent ?? '').replace(/\s/g, ' ');
  });

/** Presses a key until the focus is on what a screen reader calls so. */
async function goTo(name: string, key: string): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    seen.push(await focused());
    if (seen.at(-1) === name) return;
    await app.page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to "${name}" but to ${[...new Set(seen)].join(' | ')}`);
}

/** The saved plan is there after a restart, and is what the next outage runs: the web server now goes with the NAS. */
async function restartAndRun(): Promise<void> {
  await app.kill('SIGKILL');
  app = await App.start(data, ups.env());
  const { plan } = await app.slices();
  expect(plan.sequence?.stages[2]?.steps.map((step) => step.id)).toContain('off-web');
  await app.until('the UPS on mains', ({ status }) => status.powers[0]?.state === 'mains');
  await app.answerNativeQuestions(0);
  await app.request('plan.arm', { hash: plan.hash });
  mainsOff(ups);
  const run = await app.until('the way down', ({ run }) => (run?.phase === 'waiting-for-return' ? run : null), 90_000);
  expect(run.downResult).toBe('done');
  expect(run.sequence).toEqual(plan.sequence);
  const order = powerOrder(rack);
  expect(order.indexOf('db')).toBeLessThan(order.indexOf('web'));
  const dbEnded = run.steps['off-db']?.endedAt ?? Number.NaN;
  expect(run.steps['off-web']?.startedAt).toBeGreaterThanOrEqual(dbEnded);
}

test('a plan changed with the mouse is saved, survives a restart, and is what the next outage runs', async () => {
  const { page } = app;
  await page.getByRole('tab', { name: 'Plan' }).click();
  await row(page, 'Power off web').dragTo(row(page, 'Power off nas'), { targetPosition: { x: 200, y: 4 } });
  await page.getByRole('button', { name: 'Save plan' }).click();
  await expect.poll(() => lane(2)).toEqual(['off-web', 'off-nas']);
  expect(await lane(1)).toEqual(['mm-esx', 'off-esx', 'off-db']);
  await restartAndRun();
});

test('the same with the keyboard alone', async () => {
  const { page } = app;
  await goTo('Now', 'Tab');
  await goTo('Plan', 'ArrowDown');
  await page.getByRole('grid', { name: 'Hosts', exact: true }).first().waitFor();
  await goTo('Enter maintenance mode on esx', 'Tab');
  await goTo('Power off web', 'ArrowDown');
  await goTo('Drag Power off web', 'ArrowRight');
  await page.keyboard.press('Enter');
  // A key that comes before the places are there goes to the row.
  await expect.poll(focused).toMatch(/^Insert/);
  // Tab goes on to the next lane, the arrows to the places in it.
  await page.keyboard.press('Tab');
  await goTo('Insert before Power off nas', 'ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Power off web');
  await page.keyboard.press('Control+s');
  await expect.poll(() => lane(2)).toEqual(['off-web', 'off-nas']);
  await restartAndRun();
});
