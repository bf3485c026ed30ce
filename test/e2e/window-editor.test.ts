import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Sequence, Step } from '../../shared/sequence.ts';
import { driveWindow, focused, open, requests, tabTo, told } from '../fakes/window/drive.ts';

driveWindow();

const row = (page: Page, name: string) => page.getByRole('row', { name, exact: true });

/** The draft as it was last sent to be checked. */
const draft = async (): Promise<Sequence | undefined> =>
  ((await requests('plan.check')) as { sequence: Sequence }[]).at(-1)?.sequence;
const step = async (id: string): Promise<Step | undefined> =>
  (await draft())?.stages.flatMap((stage) => stage.steps).find((each) => each.id === id);
const label = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.labels?.[0]?.textContent);
const tabToField = async (page: Page, name: string, key = 'Tab') => {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await label(page)) === name) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not lead to the field "${name}"`);
};

describe('a step for several hosts', () => {
  it('is aimed, told to go one by one, put under a condition and made optional, by keyboard alone', async () => {
    const page = await open('grouped', 'Plan');
    await row(page, 'Power off hosts tagged lab').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await expect.poll(() => label(page)).toBe('Target');
    await page.keyboard.type('All');
    await expect.poll(() => focused(page)).toContain('All hosts');
    await expect.poll(() => row(page, 'Power off all hosts').count()).toBe(2);
    await tabToField(page, 'Several hosts');
    await page.keyboard.type('One');
    await tabTo(page, 'Add a condition');
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await tabToField(page, 'At least', 'Shift+Tab');
    await page.keyboard.press('ArrowUp');
    await expect
      .poll(() => step('lab'))
      .toMatchObject({
        target: 'all',
        each: 'one-by-one',
        optional: true,
        when: [{ is: 'failed-upses', atLeast: 3 }],
      });
    const facts = await row(page, 'Power off all hosts').first().innerText();
    expect(facts.replace(/\s+/g, ' ')).toContain('one by one waits 30 s first if 3 UPSes failed optional');
  });

  it('gives back the focus when a condition is removed: not to the button that would remove the next one', async () => {
    const page = await open('grouped', 'Plan');
    await row(page, 'Power off all hosts').click();
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByRole('menuitem', { name: 'More UPSes failed than tolerated' }).click();
    await page.getByRole('button', { name: 'Remove condition 2' }).waitFor();
    await page.getByRole('button', { name: 'Remove condition 1' }).press('Enter');
    await expect.poll(() => focused(page)).toBe('Add a condition');
    await expect.poll(() => step('off-rest')).toMatchObject({ when: [{ is: 'beyond-tolerance' }] });
    await page.getByRole('button', { name: 'Remove condition 1' }).press('Enter');
    await expect.poll(() => focused(page)).toBe('Add a condition');
    await expect.poll(() => step('off-rest')).toMatchObject({ when: [] });
  });
});

describe('guests', () => {
  it('go down in groups that are added, moved and removed, with the focus staying there', async () => {
    const page = await open('grouped', 'Plan');
    await row(page, 'Shut down guests on hosts tagged hypervisors').click();
    await page.getByLabel('Guests of a new priority group').fill('mail\nweb');
    await page.getByRole('button', { name: 'Add group' }).press('Enter');
    await page.getByRole('button', { name: 'Move Group 3 up' }).press('Enter');
    await expect.poll(() => focused(page)).toBe('Move Group 3 up');
    await page.keyboard.press('Enter');
    // At the top it can only go down again.
    await expect.poll(() => focused(page)).toBe('Move Group 3 down');
    await page.getByRole('button', { name: 'Remove Directory' }).press('Enter');
    await page.getByLabel('Which guests').selectOption('Only those named here');
    await expect
      .poll(() => step('guests'))
      .toMatchObject({
        guests: { only: ['vcenter'] },
        groups: [
          { name: 'Group 3', guests: ['mail', 'web'] },
          { name: 'Databases', guests: ['db-1', 'db-2'], limit: 180 },
        ],
      });
  });

  it('come up in groups of their own, and without them in the reverse of how they go down', async () => {
    const page = await open('mains', 'Plan');
    await row(page, 'Start guests on esx-1').click();
    const byThose = page.getByText('they come up in the reverse of the order in which they go down');
    await byThose.waitFor();
    for (const names of ['dc', 'vcenter\nmail']) {
      await page.getByLabel('Guests of a new priority group').fill(names);
      await page.getByRole('button', { name: 'Add group' }).press('Enter');
    }
    await byThose.waitFor({ state: 'detached' });
    await page.getByText('the guests in no group last').waitFor();
    await page.getByRole('button', { name: 'Move Group 2 up' }).press('Enter');
    await expect
      .poll(async () => (await draft())?.returnStages.at(-1)?.steps[0])
      .toMatchObject({
        kind: 'start-guests',
        groups: [
          { name: 'Group 2', guests: ['vcenter', 'mail'] },
          { name: 'Group 1', guests: ['dc'] },
        ],
      });
    for (const name of ['Group 1', 'Group 2'])
      await page.getByRole('button', { name: `Remove ${name}` }).press('Enter');
    await byThose.waitFor();
  });

  it('are chosen by name, and undoing goes back to all of them', async () => {
    const page = await open('mains', 'Plan');
    await row(page, 'Shut down guests on esx-1').click();
    const before = (await requests('plan.check')).length;
    await page.getByLabel('Which guests').selectOption('Only those named here');
    const names = page.getByLabel('Only these guests');
    await names.fill('web');
    await row(page, 'Shut down guest web on esx-1').waitFor();
    await names.press('End');
    await page.keyboard.type('\ndb');
    await row(page, 'Shut down 2 guests on esx-1').waitFor();
    await expect.poll(() => step('guests-1')).toMatchObject({ guests: { only: ['web', 'db'] } });
    expect((await requests('plan.check')).length).toBeGreaterThan(before);
    await page.getByRole('button', { name: 'Undo' }).click();
    await row(page, 'Shut down guests on esx-1').waitFor();
    expect(await page.getByLabel('Which guests').inputValue()).toBe('all');
  });
});

describe('the whole plan', () => {
  it('says what it gives up first, in an order that the keyboard can change', async () => {
    const page = await open('grouped', 'Plan');
    const summary = page.locator('summary', { hasText: 'If the battery runs short' });
    await summary.press('Enter');
    await page
      .getByRole('button', { name: 'Move "force off at once the guests that may be forced" up' })
      .press('Enter');
    await expect.poll(async () => (await draft())?.shed).toEqual(['force', 'skip-optional']);
    await expect.poll(() => focused(page)).toBe('Move "force off at once the guests that may be forced" down');
    await page.getByLabel('Give up what takes longer than usual').press('Space');
    await expect.poll(async () => (await draft())?.shed).toEqual(['force', 'skip-optional', 'shorten-limits']);
    expect(await summary.innerText()).toContain('then leave out optional steps, then give up');
  });

  it('has parameters for its conditions', async () => {
    const page = await open('mains', 'Plan');
    await page.locator('summary', { hasText: 'Parameters' }).click();
    await page.getByLabel('New parameter').fill('Drill');
    await page.getByText('Small letters, digits and "-", 32 at most').waitFor();
    await page.getByLabel('New parameter').fill('drill');
    await page.getByLabel('Its value').fill('true');
    await page.getByRole('button', { name: 'Add parameter' }).press('Enter');
    await expect.poll(async () => (await draft())?.parameters).toEqual({ drill: true });
    // A name that every object has, and no parameter.
    await page.getByLabel('New parameter').fill('constructor');
    expect(await page.getByText('There is one of this name').count()).toBe(0);
    await page.getByRole('button', { name: 'Add parameter' }).press('Enter');
    await expect.poll(async () => (await draft())?.parameters).toEqual({ drill: true, constructor: '' });
    await row(page, 'Power off nas-1').click();
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByRole('menuitem', { name: 'A parameter has a value' }).click();
    await expect
      .poll(() => step('off-nas'))
      .toMatchObject({ when: [{ is: 'parameter', name: 'drill', equals: true }] });
  });

  it('takes the settings of a stage in a dialog, each one to be undone', async () => {
    const page = await open('mains', 'Plan');
    await page.getByRole('button', { name: 'Stage Storage' }).click();
    await page.getByRole('menuitem', { name: 'Settings…' }).click();
    await page.getByLabel('Steps at once').fill('1');
    await page.keyboard.press('Tab');
    await page.getByLabel('If a step fails').selectOption('Stop the run after this stage');
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await draft())?.stages[2]).toMatchObject({ parallel: 1, onFailure: 'stop' });
    await page.getByText('1 at once · stops the run if a step fails').waitFor();
    await expect.poll(() => focused(page)).toBe('Stage Storage');
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await draft())?.stages[2]).toMatchObject({ parallel: 1, onFailure: 'continue' });
    expect(await told(page)).toBe('Undone.');
  });
});
