import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { driveWindow, open, requests, tabTo, told } from '../fakes/window/drive.ts';

driveWindow();

const panel = (page: Page) => page.locator('details', { hasText: 'Simulation' });

describe('the simulation of the draft', () => {
  it('says how an outage would end, and is played again when the plan is edited', async () => {
    const page = await open('mains', 'Plan');
    await panel(page).getByText('All 4 hosts down 1 min 26 s before the battery is empty.').waitFor();
    const before = (await requests('plan.simulate')).length;
    await page.getByRole('row', { name: 'Power off nas-1', exact: true }).click();
    await page.keyboard.press('Delete');
    await panel(page).getByText('All 3 hosts down').waitFor();
    expect((await requests('plan.simulate')).length).toBe(before + 1);
  });

  it('answers "what if" by keyboard, and says the answer', async () => {
    const page = await open('mains', 'Plan');
    await panel(page).locator('summary').press('Enter');
    await page.getByLabel('A host hangs').focus();
    await page.keyboard.type('esx-2');
    await expect.poll(() => told(page)).toBe('esx-2 would be cut hard.');
    await page.getByLabel('The load is').selectOption('50 % more');
    await page.getByLabel('Power is back after, min').fill('4');
    await page.keyboard.press('Tab');
    await expect.poll(() => told(page)).toContain('The mains are back after 4');
    expect((await requests('plan.simulate')).at(-1)).toMatchObject({
      whatIf: { load: 1.5, hangs: 'esx-2', powerBackAt: 240 },
    });
    const marks = await page.getByRole('list', { name: 'Marks' }).innerText();
    expect(marks).toContain('Power back 4');
    expect(marks).not.toContain('Point of no return');
  });

  it('draws its marks over the bars, where the steps begin', async () => {
    const page = await open('mains', 'Plan');
    await panel(page).locator('summary').click();
    await page.getByRole('list', { name: 'Marks' }).waitFor();
    const left = await panel(page).evaluate((each) => {
      const of = (part: string) =>
        [...each.querySelectorAll<HTMLElement>(`[class*="${part}"]`)].map((at) => at.getBoundingClientRect().left);
      return {
        bars: of('_bar_'),
        marks: [...each.querySelectorAll('[class*="_marks_"] > span')].map((at) => at.getBoundingClientRect().left),
      };
    });
    expect(Math.abs((left.marks[0] ?? 0) - Math.min(...left.bars))).toBeLessThan(3);
  });

  it('has a table twin', async () => {
    const page = await open('mains', 'Plan');
    await panel(page).locator('summary').press('Enter');
    await page.getByRole('list', { name: 'Marks' }).waitFor();
    await tabTo(page, 'Chart');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    const rows = page.getByRole('table', { name: /^Steps of the simulation/ }).getByRole('row');
    await expect.poll(() => rows.count()).toBe(10);
    expect((await rows.nth(1).innerText()).replace(/\s+/g, ' ')).toBe('Shut down guests on esx-1 33:49 36:04 done');
  });
});
