import { describe, expect, it } from 'vitest';
import { change, changeSilently, driveWindow, goToScenario, open, requests } from '../fakes/window/drive.ts';
import { scenarios } from '../fakes/window/scenarios.ts';

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
