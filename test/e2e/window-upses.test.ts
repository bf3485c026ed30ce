import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { driveWindow, focused, goToScenario, open, refuseNext, requests, tabTo, told } from '../fakes/window/drive.ts';

driveWindow();

const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const choose = async (page: Page, of: string, item: string) => {
  await page.getByRole('button', { name: `Actions for ${of}`, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
};
const offWithReturn = { command: 'shutdown.return' as const };

describe('the card of a UPS', () => {
  it('says what falls with the one that fails, and what the other one holds', async () => {
    const page = await open('two-feeds', 'Now');
    const failing = card(page, 'Eaton 5P 1550');
    await failing.getByText('Goes down with it: esx-1, nas-1').waitFor();
    await failing.getByText('esx-2 is kept up by APC Smart-UPS 1500').waitFor();
    const well = card(page, 'APC Smart-UPS 1500');
    await well.getByText('Feeds esx-1, esx-2, backup-1').waitFor();
    await well.getByText('learned from its earlier discharges').waitFor();
  });

  it('shows what a UPS says of itself, why its word is doubted, and no number for what it does not say', async () => {
    const page = await open('four-upses', 'Now');
    const worst = card(page, 'Upper rack, left feed (the one with the extended battery cabinet beneath it)');
    expect(await worst.getByRole('list', { name: 'It says' }).getByRole('listitem').allInnerTexts()).toEqual([
      'Overloaded',
      'On bypass: the battery would not take over',
      'Self-test failed',
      'Battery wants replacing',
    ]);
    await worst.getByText('It says 41 min and has lasted 5 min at such a load in its last 3 discharges.').waitFor();
    expect(await card(page, 'USB UPS').getByText('not reported', { exact: true }).count()).toBe(9);
    await card(page, 'CyberPower OR1500').getByText('a cautious estimate').waitFor();
    await card(page, 'Back-UPS ES 700').getByText('Outlets are off').waitFor();
  });

  it('takes its name from the user, everywhere', async () => {
    const page = await open('mains', 'Setup');
    await choose(page, 'Eaton 5P 1550', 'Edit…');
    await page.getByLabel('Name').fill('Rack feed A');
    await page.getByRole('button', { name: 'Save UPS' }).click();
    await page.getByRole('tab', { name: 'Now' }).click();
    await card(page, 'Rack feed A').waitFor();
    expect(await page.getByRole('banner').innerText()).toContain('Rack feed A');
  });
});

describe('what it says', () => {
  it('is read when it is opened and when it is asked for again, filtered, and copied', async () => {
    const page = await open('mains', 'Now');
    await choose(page, 'Eaton 5P 1550', 'What it says…');
    const rows = page.getByRole('dialog').locator('tbody').getByRole('row');
    await expect.poll(() => rows.count()).toBe(7);
    await page.getByLabel('Filter').fill('VOLT summary');
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.first().innerText()).toContain(
      'The descriptor says volts and the unit sends hundredths: 27.2 V.',
    );
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    await page.getByRole('button', { name: 'Read again' }).click();
    await expect.poll(() => told(page)).toBe('Read again.');
    expect(await requests('ups.details')).toEqual([{ upsId: 'G123A45678' }, { upsId: 'G123A45678' }]);
  });

  it('is reached, filtered and left by keyboard alone, with the focus back where it was', async () => {
    const page = await open('mains', 'Now');
    await tabTo(page, 'Actions for Eaton 5P 1550');
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.getByLabel('Filter').waitFor();
    await expect
      .poll(async () => {
        await page.keyboard.press('Tab');
        return page.getByLabel('Filter').evaluate((field) => field === document.activeElement);
      })
      .toBe(true);
    await page.keyboard.type('charge');
    await expect.poll(() => page.getByRole('dialog').locator('tbody').getByRole('row').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Actions for Eaton 5P 1550');
  });

  it('shows why it cannot be had', async () => {
    const page = await open('mains', 'Now');
    await page.getByRole('button', { name: 'Actions for Eaton 5P 1550' }).click();
    await refuseNext('ups-lost');
    await page.getByRole('menuitem', { name: 'What it says…' }).click();
    await page.getByRole('dialog').getByText('Refused by the test.').waitFor();
  });
});

describe('commands', () => {
  it('show the delay as the UPS will keep it before it is sent, and the answer afterwards', async () => {
    const page = await open('mains', 'Now');
    await choose(page, 'Eaton 5P 1550', 'Commands…');
    const off = page.getByRole('group', { name: 'Off, on with the mains' });
    await off.getByText('It waits 60 s more before it switches its outlets on again.').waitFor();
    await off.getByText('It will be 2 min.').waitFor();
    await off.getByLabel('Delay, s').fill('61');
    await off.getByText('This UPS rounds up to 1 min: it will be 2 min.').waitFor();
    await off.getByLabel('Delay, s').fill('9999');
    await off.getByText('This UPS waits 2 h at most: it will be 2 h.').waitFor();
    await off.getByLabel('Delay, s').fill('soon');
    await off.getByText('Whole seconds, up to 7 days.').waitFor();
    expect(await off.getByRole('button').isDisabled()).toBe(true);
    await off.getByLabel('Delay, s').fill('90');
    await off.getByRole('button').click();
    await off.getByText('It has taken shutdown.return after 120 s.').waitFor();
    expect(await requests('ups.command')).toEqual([{ upsId: 'G123A45678', order: { ...offWithReturn, delay: 90 } }]);
    expect(await told(page)).toBe('It has taken shutdown.return after 120 s.');
  });

  it('that take no delay are sent with none; a no is no error, a refusal stands under its command', async () => {
    const page = await open('mains', 'Now');
    await choose(page, 'Eaton 5P 1550', 'Commands…');
    const dialog = page.getByRole('dialog');
    await refuseNext('not-confirmed');
    await dialog.getByRole('button', { name: 'Off, stay off…' }).click();
    await expect.poll(() => told(page)).toBe('Not done.');
    expect(await dialog.getByText('Refused by the test.').count()).toBe(0);
    await refuseNext('ups-refused');
    await dialog.getByRole('button', { name: 'Quick test' }).click();
    await dialog.getByRole('group', { name: 'Quick test' }).getByText('Refused by the test.').waitFor();
    expect((await requests('ups.command')).at(-1)).toEqual({
      upsId: 'G123A45678',
      order: { command: 'test.battery.start.quick', delay: null },
    });
  });

  it('are named and not given while they are not allowed, with the way to Setup', async () => {
    const page = await open('problems', 'Now');
    await choose(page, 'Eaton 5P 1550', 'Commands…');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Commands to this UPS are not allowed.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Quick test' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Allow them in Setup' }).click();
    await page.getByRole('heading', { name: 'UPSes', exact: true }).waitFor();
    await choose(page, 'Eaton 5P 1550', 'Edit…');
    await page.getByLabel('Allow commands to this UPS').check();
    await page.getByRole('button', { name: 'Save UPS' }).click();
    await page.getByText('commands allowed', { exact: true }).waitFor();
    expect(await requests('ups.save')).toEqual([
      { supply: { id: 'G123A45678', name: 'Eaton 5P 1550', commandsAllowed: true } },
    ]);
  });

  it('are given by keyboard alone', async () => {
    const page = await open('mains', 'Now');
    await tabTo(page, 'Actions for Eaton 5P 1550');
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, 'Switch off');
    await page.keyboard.press('Enter');
    await page.getByText('It has taken beeper.disable.').first().waitFor();
  });

  it('are not offered by a UPS that takes none', async () => {
    const page = await open('mains', 'Now');
    await goToScenario('four-upses');
    await page.getByRole('button', { name: 'Actions for USB UPS' }).click();
    const item = page.getByRole('menuitem', { name: 'Commands…' });
    expect(await item.getAttribute('aria-disabled')).toBe('true');
    await item.getByText('This UPS takes none').waitFor();
  });
});
