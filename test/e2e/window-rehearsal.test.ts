import { describe, expect, it } from 'vitest';
import { change, driveWindow, focused, goToScenario, open, requests, tabTo } from '../fakes/window/drive.ts';
import { rehearsal, rehearsals, rehearsalsStopped } from '../fakes/window/rehearsals.ts';

driveWindow();

describe('a rehearsal', () => {
  it('is begun from the plan by keyboard, shows how far it is, and ends in its report', async () => {
    const page = await open('mains', 'Plan');
    await tabTo(page, 'Rehearse');
    await page.keyboard.press('Enter');
    await expect.poll(() => requests('rehearsal.start')).toEqual([{ hash: 'a'.repeat(64) }]);
    await page.getByRole('progressbar', { name: 'Steps looked at' }).waitFor();
    await change({ rehearsals: rehearsals({ running: { begunAt: Date.now(), done: 3, of: 5 } }) });
    await page.getByText('3 of 5 steps looked at. Nothing is switched off.').waitFor();
    await change({ rehearsals: rehearsals({ editedSince: false }) });
    await page.getByRole('table', { name: 'Steps' }).waitFor();
    expect(await page.getByText('edited since').count()).toBe(0);
    await tabTo(page, 'Rehearse now');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Stop rehearsal' }).press('Enter');
    // It is the one that is shown, and not the one before, which went to its end; two steps that were ready are not all.
    await page.getByText('Broken off: It was stopped by hand.').waitFor();
    await page.getByText('2 of 2 ready, then broken off. Nothing was switched off.').waitFor();
    const newest = page.getByRole('navigation', { name: 'All rehearsals' }).getByRole('listitem').first();
    expect(await newest.innerText()).toContain('Broken off');
    expect(await newest.getByRole('button').getAttribute('aria-current')).toBe('true');
    expect(await page.getByText('All ready').count()).toBe(0);
  });

  it('that was broken off is shown though none has gone to its end yet', async () => {
    const page = await open('no-history', 'Plan');
    await page.getByRole('button', { name: 'Rehearse' }).press('Enter');
    await change({ rehearsals: { ...rehearsalsStopped(), latest: null } });
    await page.getByText('Broken off: It was stopped by hand.').waitFor();
    expect(await page.getByText('No rehearsal yet').count()).toBe(0);
  });

  it('names the guests that the one before did not find', async () => {
    const page = await open('mains', 'Runs');
    await page.getByRole('navigation', { name: 'All rehearsals' }).getByRole('listitem').first().click();
    const fresh = page.getByRole('region', { name: 'New guests' });
    expect(await fresh.innerText()).toContain('esx-1: web-9, db-test');
    const { steps } = rehearsal();
    const known = steps.map(({ newGuests: _, ...step }) => step);
    await change({ rehearsals: rehearsals({ latest: rehearsal({ steps: known }) }) });
    await fresh.waitFor({ state: 'detached' });
  });

  it('cannot be begun while the plan is not saved: it would be of another one', async () => {
    const page = await open('mains', 'Plan');
    await page.getByRole('row', { name: 'Power off nas-1', exact: true }).click();
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => page.getByRole('button', { name: 'Rehearse' }).isDisabled()).toBe(true);
  });

  it('tells what is to be mended, step by step what was looked at, and what cannot be checked', async () => {
    const page = await open('mains', 'Now');
    await page.getByText('2 of 5 ready, 2 fail, 1 can’t be checked · edited since').waitFor();
    await tabTo(page, 'Show report');
    await page.keyboard.press('Enter');
    const mend = page.getByRole('region', { name: 'To mend' });
    expect(await mend.getByRole('listitem').count()).toBe(2);
    expect(await mend.locator('code').innerText()).toBe('ups ALL=(root) NOPASSWD: /usr/bin/systemctl poweroff');
    const looks = page.getByText('a password is required');
    expect(await looks.isVisible()).toBe(false);
    await tabTo(page, '▸Power off: nas-1');
    await page.keyboard.press('Enter');
    await looks.waitFor();
    expect(await focused(page)).toBe('▾Power off: nas-1');
    const wake = page.getByRole('row').filter({ hasText: 'Wake: nas-1' });
    const colour = (text: string) =>
      page
        .getByText(text, { exact: true })
        .last()
        .evaluate((at) => getComputedStyle(at).color);
    expect(await wake.innerText()).toContain('Can’t check');
    expect(await colour('Can’t check')).not.toBe(await colour('Ready'));
  });

  it('of the past stands beside the runs, and is read from its file', async () => {
    const page = await open('mains', 'Runs');
    const list = page.getByRole('navigation', { name: 'All rehearsals' });
    await list.getByRole('button', { name: /4 of 5 ready/ }).press('Enter');
    await expect.poll(() => requests('rehearsal.read')).toEqual([{ id: '2026-11-11-120000' }]);
    await page.getByText('begun by hand').waitFor();
    await page.getByRole('navigation', { name: 'All runs' }).getByRole('button').first().press('Enter');
    await page.getByRole('heading', { name: 'Journal' }).waitFor();
  });

  it('gives way to a run that begins', async () => {
    const page = await open('mains', 'Runs');
    await change({ rehearsals: rehearsals({ latest: rehearsal() }) });
    await page.getByRole('navigation', { name: 'All rehearsals' }).getByRole('listitem').first().click();
    await page.getByRole('table', { name: 'Steps' }).waitFor();
    await goToScenario('before-line');
    await page.getByRole('button', { name: 'Stop run' }).waitFor();
  });

  it('was never made, and that is said', async () => {
    const page = await open('no-history', 'Now');
    await page.getByText('Never rehearsed').waitFor();
  });
});
