import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  change,
  driveWindow,
  focused,
  open,
  refuseNext,
  requests,
  sideways,
  tabTo,
  violations,
} from '../fakes/window/drive.ts';
import { certificate, everyKindViews } from '../fakes/window/platforms.ts';

driveWindow();

const choose = async (page: Page, host: string, item: string) => {
  await page.getByRole('button', { name: `Actions for ${host}`, exact: true }).press('Enter');
  await page.getByRole('menuitem', { name: item }).press('Enter');
  await anyDialog(page).waitFor();
};
const anyDialog = (page: Page) => page.locator('[role=dialog], [role=alertdialog]');
const closed = (page: Page) => anyDialog(page).waitFor({ state: 'detached' });
const nowFocused = (page: Page) => expect.poll(() => focused(page));

describe('the focus after a dialog', () => {
  it('stays at the host whose need was met, and goes on to its next one', async () => {
    const page = await open('platforms', 'Setup');
    const row = page.getByRole('listitem').filter({ hasText: 'vcenter-1vCenter' });
    await row.getByRole('button', { name: 'Confirm certificate…' }).press('Enter');
    const confirm = page.getByRole('button', { name: 'It is the same, confirm' });
    await page.getByText('00:01:02').waitFor();
    await confirm.press('Enter');
    await closed(page);
    await nowFocused(page).toBe('Set password…');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Password' }).fill('s3cret');
    await page.getByRole('button', { name: 'Set password', exact: true }).press('Enter');
    await closed(page);
    // Nothing is left to do there.
    await nowFocused(page).toBe('Actions for vcenter-1');
  });

  it('goes on in its row when what has it goes later, and not where somebody has pointed elsewhere', async () => {
    const page = await open('platforms', 'Setup');
    const all = everyKindViews.map((view) => ({ ...view, host: { ...view.host, hostKeys: [certificate] } }));
    const hosts = { hosts: all, keychainIsStrong: true, refused: null };
    const row = page.getByRole('listitem').filter({ hasText: 'esxi-api-1ESXi' });
    await row.getByRole('button', { name: 'Confirm certificate…' }).focus();
    await change({ hosts });
    await nowFocused(page).toBe('Actions for esxi-api-1');
    await page.getByRole('heading', { name: 'Hosts' }).click();
    await change({ hosts: { ...hosts, hosts: all.slice(1) } });
    await page.getByText('linux-1', { exact: true }).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  });

  it('is not lost with a host that is removed', async () => {
    const page = await open('platforms', 'Setup');
    await choose(page, 'esxi-api-1', 'Remove…');
    await page.getByText('Its certificate is forgotten').waitFor();
    await tabTo(page, 'Remove host');
    await page.keyboard.press('Enter');
    await closed(page);
    await nowFocused(page).toBe('Add host…');
  });
});

describe('a save that is refused', () => {
  it('shows why where it can be seen, keeps what was typed, and leaves the focus where it was', async () => {
    const page = await open('platforms', 'Setup', 760);
    await choose(page, 'linux-1', 'Edit…');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('renamed');
    await refuseNext('invalid-input');
    await dialog.getByRole('button', { name: 'Save host' }).press('Enter');
    const fault = dialog.getByRole('alert');
    await fault.waitFor();
    const isSeen = () =>
      fault.evaluate((each) => {
        const { left, top, bottom } = each.getBoundingClientRect();
        return [top + 4, bottom - 4].every((y) => each.contains(document.elementFromPoint(left + 8, y)));
      });
    await expect.poll(isSeen).toBe(true);
    expect(await violations(page)).toEqual([]);
    expect(await sideways(page)).toEqual([]);
    expect(await dialog.getByLabel('Name').inputValue()).toBe('renamed');
    await nowFocused(page).toBe('Save host');
    await page.keyboard.press('Enter');
    await closed(page);
    expect(await requests('hosts.save')).toHaveLength(2);
  });
});

describe('a key that cannot be read', () => {
  it('is asked for again from where one is', async () => {
    const page = await open('platforms', 'Setup');
    await refuseNext('unreachable');
    await choose(page, 'esxi-1', 'Read host key…');
    await tabTo(page, 'Ask again');
    await page.keyboard.press('Enter');
    await page.getByText('SHA256:').waitFor();
    // Pressed once more it must not confirm what nobody has read yet.
    await page.keyboard.press('Enter');
    expect(await requests('hosts.pinKey')).toEqual([]);
    expect(await focused(page)).toBe('Ask again');
    await tabTo(page, 'It is the same, confirm');
    expect(await page.getByRole('button', { name: 'It is the same, confirm' }).isEnabled()).toBe(true);
    expect(await requests('hosts.readKey')).toHaveLength(3);
  });
});

describe('Escape', () => {
  const question = (page: Page) => page.getByRole('group', { name: 'Discard what you entered?' });

  it('closes a dialog in which nothing was entered, and asks once where something was', async () => {
    const page = await open('platforms', 'Setup');
    const dialog = page.getByRole('dialog');
    await choose(page, 'linux-1', 'Edit…');
    await dialog.getByLabel('Tags').focus();
    await page.keyboard.press('Escape');
    await closed(page);
    await nowFocused(page).toBe('Actions for linux-1');

    await choose(page, 'linux-1', 'Edit…');
    await dialog.getByLabel('Tags').fill('half');
    await page.keyboard.press('Escape');
    await question(page).waitFor();
    await nowFocused(page).toBe('Keep editing');
    expect(await violations(page)).toEqual([]);
    // Pressed once more it is no yes, and one is where one was.
    await page.keyboard.press('Escape');
    await question(page).waitFor({ state: 'detached' });
    expect(await dialog.getByLabel('Tags').evaluate((each) => each === document.activeElement)).toBe(true);
    expect(await dialog.getByLabel('Tags').inputValue()).toBe('half');
    await page.keyboard.press('Escape');
    await nowFocused(page).toBe('Keep editing');
    await page.keyboard.press('Enter');
    await question(page).waitFor({ state: 'detached' });
    // Back as it was: there is nothing to ask.
    await dialog.getByLabel('Tags').fill('');
    await page.keyboard.press('Escape');
    await closed(page);

    await choose(page, 'linux-1', 'Edit…');
    await dialog.getByLabel('Commands run with sudo').press('Space');
    await page.keyboard.press('Escape');
    await nowFocused(page).toBe('Keep editing');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await closed(page);
    await nowFocused(page).toBe('Actions for linux-1');
    expect(await requests('hosts.save')).toEqual([]);
  });

  it('counts a number that was typed and not left yet', async () => {
    const page = await open('platforms', 'Setup');
    await choose(page, 'linux-1', 'Edit…');
    const port = page.getByLabel('SSH port');
    await port.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('2222');
    await page.keyboard.press('Escape');
    await nowFocused(page).toBe('Keep editing');
    await page.keyboard.press('Escape');
    expect(await port.inputValue()).toBe('2222');
    await page.getByRole('button', { name: 'Cancel' }).press('Enter');
    await closed(page);
  });

  it('asks in every dialog with fields', async () => {
    const page = await open('platforms', 'Setup');
    const anyField = page.getByRole('dialog').getByRole('textbox');
    const dialogs = [
      () => page.getByRole('button', { name: 'Add host…' }).press('Enter'),
      () => page.getByRole('button', { name: 'Add server…' }).press('Enter'),
      () => page.getByRole('button', { name: 'Add channel…' }).press('Enter'),
      () => choose(page, 'esxi-1', 'Set password…'),
      () => choose(page, 'Eaton 5P 1550', 'Edit…'),
      async () => {
        await page.getByRole('tab', { name: 'Plan' }).click();
        await page.getByRole('row', { name: 'Shut down guests on esxi-1', exact: true }).click();
        await page.getByRole('button', { name: 'PowerChute’s groups…' }).click();
      },
    ];
    for (const begin of dialogs) {
      await begin();
      await anyField.first().fill('half');
      await page.keyboard.press('Escape');
      await question(page).waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await closed(page);
    }
  });
});
