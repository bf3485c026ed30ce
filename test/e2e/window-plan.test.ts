import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Sequence } from '../../shared/sequence.ts';
import { change, driveWindow, focused, open, refuseNext, requests, told } from '../fakes/window/drive.ts';
import { planView } from '../fakes/window/plan.ts';

driveWindow();

const row = (page: Page, name: string) => page.getByRole('row', { name, exact: true });
const lane = (page: Page, name: string) => page.getByRole('grid', { name, exact: true });
/** The rows of a stage, by the names that a screen reader says. */
const steps = (page: Page, stage: string) =>
  lane(page, stage)
    .getByRole('row')
    .evaluateAll((rows) => rows.map((each) => each.getAttribute('aria-label')?.replace(/\s/g, ' ')));
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
    // A key that comes before the places are there goes to the row.
    await expect.poll(() => focused(page)).toMatch(/^Insert/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Escape');
    expect(await steps(page, 'Storage')).toEqual(['Power off backup-1', 'Power off nas-1']);
    await expect.poll(() => focused(page)).toBe('Drag Power off nas-1');

    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toMatch(/^Insert/);
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
    await change({ plan: planView({ armed: false, checked: { problems: [], needs: 60, usually: 60, steps: [] } }) });
    await refuseNext('refused');
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
    await refuseNext('not-confirmed');
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
    await change({ plan: planView({ hash: 'b'.repeat(64) }) });
    await page.keyboard.press('Control+s');
    await page.getByText('The file has changed since you began to edit.', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Drop my changes and load the saved plan' }).click();
    await expect.poll(() => steps(page, 'Hypervisors')).toEqual(hypervisors);
  });
});
