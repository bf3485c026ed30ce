import { describe, expect, it } from 'vitest';
import { driveWindow, focused, goToScenario, open, refuseNext, requests, tabTo, told } from '../fakes/window/drive.ts';

driveWindow();

const day = 86_400_000;

/** How often a path starts anew: once for each stretch without a gap. */
const strokes = (d: string | null): number => d?.match(/M/g)?.length ?? 0;

describe('history', () => {
  it('draws no line across a gap, and shades what ran from the battery', async () => {
    const page = await open('mains', 'History');
    const charge = page.getByRole('img', { name: /^Charge: 84 % to 98 %/ });
    await charge.waitFor();
    expect(strokes(await charge.locator('path').getAttribute('d'))).toBe(2);
    await page.getByText('nothing known').waitFor();
    expect(await charge.locator('rect').count()).toBe(2);
    await page.getByRole('img', { name: /^Input: 0 V to 23\d V/ }).waitFor();
    await page.getByText('≤ 220 V').waitFor();
  });

  it('reads out what is pointed at, also that nothing is known', async () => {
    const page = await open('mains', 'History');
    const box = await page.getByRole('img', { name: /^Load/ }).boundingBox();
    if (!box) throw new Error('no chart');
    await page.mouse.move(box.x + box.width * 0.2, box.y + 20);
    await page.getByText(/· on mains · charge 98\s% · load \d+\s% · 2[23]\d\sV/).waitFor();
    await page.mouse.move(box.x + box.width * (14 / 24), box.y + 20);
    await page.getByText(/· nothing known/).waitFor();
  });

  it('asks for what is chosen, and again for another time', async () => {
    const page = await open('mains', 'History');
    const asked = async () =>
      ((await requests('history.read')) as { upsId: string; from: number; to: number }[])
        .slice(-1)
        .map(({ upsId, from, to }) => ({ upsId, days: (to - from) / day }));
    await expect.poll(asked).toEqual([{ upsId: 'G123A45678', days: 1 }]);
    await page.getByText('4 older events are not shown').waitFor();
    await page.getByRole('radio', { name: '30 days' }).click();
    await expect.poll(asked).toEqual([{ upsId: 'G123A45678', days: 30 }]);
    await page.getByText('Eaton 5P 1550 does not answer since 20 s.').waitFor();
  });

  it('says the same as a table, the gap too, and is copied', async () => {
    const page = await open('mains', 'History');
    await page.getByRole('radio', { name: 'Table' }).click();
    const table = page.getByRole('table', { name: 'Points of the history' });
    await expect.poll(() => table.getByText(/Nothing known for (1\sh\s5\d\smin|2\sh)/).count()).toBe(1);
    expect(await table.getByRole('cell', { name: 'battery' }).count()).toBeGreaterThan(2);
    await page.getByRole('button', { name: 'Copy as CSV' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
  });

  it('goes from the card of a UPS to its lines, and from one UPS to another', async () => {
    const page = await open('two-feeds', 'Now');
    await page.getByRole('button', { name: 'Actions for APC Smart-UPS 1500' }).click();
    await page.getByRole('menuitem', { name: 'History' }).click();
    const chosen = page.getByLabel('UPS', { exact: true });
    expect(await chosen.inputValue()).toBe('AS2041123');
    await chosen.selectOption({ label: 'Eaton 5P 1550' });
    await expect
      .poll(async () => ((await requests('history.read')) as { upsId: string }[]).at(-1)?.upsId)
      .toBe('G123A45678');
  });

  it('is worked by keyboard alone', async () => {
    const page = await open('mains', 'History');
    await tabTo(page, '24 h');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toBe('7 days');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('radio', { name: '7 days' }).isChecked()).toBe(true);
    await tabTo(page, 'Chart');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('table').waitFor();
  });

  it('says when there is nothing, and why it cannot be read', async () => {
    const page = await open('no-history', 'History');
    await page.getByText('Nothing was written down in this time.').waitFor();
    await page.getByText('Nothing happened in this time.').waitFor();
    await refuseNext('file-broken');
    await page.getByRole('radio', { name: '7 days' }).click();
    await page.getByText('Refused by the test.').waitFor();
    await goToScenario('empty');
    await page.getByRole('heading', { name: 'No history yet' }).waitFor();
  });
});

describe('decisions', () => {
  it('say why it did and why it did not, are chosen by kind and copied, and lead to their run', async () => {
    const page = await open('mains', 'History');
    const list = page.getByRole('region', { name: 'Decisions' });
    expect(await list.getByRole('listitem').count()).toBe(7);
    await list.getByText('The plan was not armed, so nothing was done.').waitFor();
    await list.getByLabel('Show decisions').selectOption('Started');
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
    await tabTo(page, 'Copy decisions');
    await page.keyboard.press('Enter');
    await expect.poll(() => told(page)).toBe('Copied.');
    await list.getByRole('button', { name: /^Show run of/ }).press('Enter');
    await expect.poll(() => requests('run.read')).toEqual([{ runId: '2026-11-18-031500' }]);
  });

  it('are none before the first outage', async () => {
    const page = await open('empty', 'History');
    await page.getByText('Nothing was decided yet.').waitFor();
  });
});
