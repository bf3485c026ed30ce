import { describe, expect, it } from 'vitest';
import { applyRecord } from '../../shared/run.ts';
import {
  change,
  changeSilently,
  driveWindow,
  focused,
  goToScenario,
  open,
  refuseNext,
  requests,
  tabTo,
  told,
} from '../fakes/window/drive.ts';
import { runWidened } from '../fakes/window/runs.ts';
import { scenarios } from '../fakes/window/scenarios.ts';
import { runTurningOff } from '../fakes/window/turning-off.ts';

driveWindow();

describe('live', () => {
  it('follows pushes, and asks again when one was lost', async () => {
    const page = await open('mains', 'Now');
    await changeSilently(scenarios.counting());
    await change({ runs: [] });
    await page.getByText('Shutdown starts in').waitFor();
    await page.getByText('1:24').waitFor();
    expect(await page.getByTestId('assertive').innerText()).toBe('Power lost: On battery, 71 %, 8 min left');
  });

  it('offers Stop before the line, and behind it the reason why not', async () => {
    const page = await open('before-line', 'Runs');
    await page.getByRole('button', { name: 'Stop run' }).click();
    await expect.poll(async () => (await requests('run.cancel')).length).toBe(1);
    await goToScenario('past-line');
    await page.getByText('Stop is no longer offered: the run has passed its point of no return.').waitFor();
    expect(await page.getByRole('button', { name: 'Stop run' }).count()).toBe(0);
  });

  it('never shows a number for what was not reported', async () => {
    const page = await open('no-ups', 'Now');
    await page.getByText('but this user may not open it').waitFor();
    await page.getByText('SUBSYSTEM=="hidraw"').waitFor();
    await goToScenario('four-upses');
    await expect.poll(() => page.getByText('not reported', { exact: true }).count()).toBeGreaterThan(4);
  });
});

describe('an outage, before anything is done', () => {
  it('is put off by keyboard while it counts, and says until when and how late it can still begin', async () => {
    const page = await open('mains', 'Now');
    expect(await page.getByRole('button', { name: 'Postpone 5 min' }).count()).toBe(0);
    await goToScenario('counting');
    await tabTo(page, 'Postpone 5 min');
    await page.keyboard.press('Enter');
    await expect.poll(() => requests('run.postpone')).toEqual([{ seconds: 300 }]);
    await goToScenario('postponed');
    await page.getByText(/^Postponed until \d\d:\d\d$/).waitFor();
    await page.getByText('Latest safe start in 6:12').waitFor();
    expect(await focused(page)).toBe('Postpone 5 min');
    await refuseNext('refused');
    await page.keyboard.press('Enter');
    await expect.poll(() => told(page)).toBe('Refused by the test.');
  });

  it('shows the margin of each group of hosts, and which host cannot be signed in to', async () => {
    const page = await open('counting', 'Now');
    expect(await page.getByRole('table', { name: 'Margin by what feeds the hosts' }).count()).toBe(0);
    await goToScenario('postponed');
    const rows = page.getByRole('table', { name: 'Margin by what feeds the hosts' }).getByRole('row');
    await expect.poll(() => rows.count()).toBe(5);
    expect((await rows.nth(2).innerText()).replace(/\s+/g, ' ')).toContain('nas-1 Eaton 5P 1550 failing');
    expect(await rows.nth(2).innerText()).toContain('too long');
    expect(await rows.nth(1).innerText()).toContain('Eaton 5P 1550 and APC Smart-UPS 1500, needs all');
    const fedBy = (at: number) => rows.nth(at).getByRole('cell').first().innerText();
    expect(await fedBy(3)).toBe('AS1834507');
    expect(await fedBy(4)).toMatch(/^any UPS: not said/);
    const reach = page.getByRole('region', { name: 'Connections' });
    expect(await reach.innerText()).toContain('2 of 4 hosts signed in, 1 on its way');
    expect(await reach.innerText()).toContain('nas-1 cannot be signed in to: No answer on port 22 within 5 s.');
  });
});

describe('a run', () => {
  it('leaves out a step by keyboard, after saying what follows', async () => {
    const page = await open('widened', 'Runs');
    await tabTo(page, 'Skip Power off esx-1…');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('alertdialog');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('If esx-1 stays on, it is cut hard when its battery is empty.');
    await page.keyboard.press('Escape');
    expect(await requests('run.skip')).toEqual([]);
    await expect.poll(() => focused(page)).toBe('Skip Power off esx-1…');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Skip step');
    await page.keyboard.press('Enter');
    await expect.poll(() => requests('run.skip')).toEqual([{ runId: '2026-11-21-190210', step: 'off-esx-1' }]);
  });

  it('is not asked about a step of another run', async () => {
    const page = await open('widened', 'Runs');
    await page.getByRole('button', { name: 'Skip Power off esx-1…' }).click();
    await page.getByRole('alertdialog').waitFor();
    await change({ run: { ...runWidened(), runId: '2026-11-21-193000' } });
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  });

  it('says for whom it is, what it gives up, and why a step is held', async () => {
    const page = await open('widened', 'Runs');
    await page.getByText('For 2 of 4 hosts: esx-1, nas-1; the others still have their power.').waitFor();
    await page
      .getByText(
        'Because the battery runs short: leave out optional steps, then force off at once the guests that may be forced.',
      )
      .waitFor();
    const held = page.getByRole('listitem').filter({ hasText: 'waits: esx-2 still has its power' });
    expect(await held.first().innerText()).toContain('Held');
    await page.getByText('APC Smart-UPS 1500 failed too: backup-1 and nas-1 are taken in').waitFor();
    // What has ended cannot be left out.
    expect(await page.getByRole('button', { name: 'Skip Run a command on backup-1…' }).count()).toBe(0);
    await goToScenario('failed');
    await page.getByText('Failed', { exact: true }).first().waitFor();
    expect(await page.getByRole('button', { name: /^Skip / }).count()).toBe(0);
  });

  it('counts down to the moment at which the UPS turns off, until it is called off', async () => {
    const page = await open('turning-off', 'Runs');
    const counting = page.getByRole('list', { name: 'UPSes that turn off' });
    const left = async () => Number(/in 2:(\d\d)/.exec((await counting.innerText()).replace(/\s+/g, ' '))?.[1]);
    const first = await left();
    expect(first).toBeGreaterThan(0);
    await expect.poll(left).toBeLessThan(first);
    expect(await counting.innerText()).toContain('what is still on then is cut hard.');
    const row = page.getByRole('listitem').filter({ hasText: 'Turn off the UPS after' }).first();
    expect(await row.innerText()).toMatch(/turns off in 2:\d\d/);
    const [at, proof] = [Date.now(), 'Eaton 5P 1550 counts nothing down'];
    await change({ run: applyRecord(runTurningOff(), { type: 'taken-back', at, step: 'ups', proof }) });
    await counting.waitFor({ state: 'detached' });
    await expect.poll(() => row.innerText()).toContain('called off again');
    expect(await row.innerText()).not.toContain('turns off in');
    await page.getByText('taken back: Eaton 5P 1550 counts nothing down').waitFor();
  });

  it('says which guests go down in which group', async () => {
    const page = await open('turning-off', 'Runs');
    const rows = page.getByRole('listitem').filter({ hasText: 'on esx-1' });
    await rows.filter({ hasText: 'In no group: build-1, test-1' }).waitFor();
    expect(await rows.filter({ hasText: 'Low: web-1, web-2' }).innerText()).toContain('Shut down 2 guests on esx-1');
    await rows.filter({ hasText: 'Databases: db-1' }).waitFor();
  });
});
