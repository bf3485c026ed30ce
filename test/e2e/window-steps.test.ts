import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Sequence, Step } from '../../shared/sequence.ts';
import { change, driveWindow, focused, open, requests, tabTo, told } from '../fakes/window/drive.ts';
import { scenarios } from '../fakes/window/scenarios.ts';

driveWindow();

/** Numbers keep their units by a space that does not break. */
const row = (page: Page, name: string) => page.getByRole('row', { name, exact: true });
const step = async (id: string): Promise<Step | undefined> => {
  const draft = ((await requests('plan.check')) as { sequence: Sequence }[]).at(-1)?.sequence;
  return draft?.stages.flatMap((stage) => stage.steps).find((each) => each.id === id);
};

describe('the palette', () => {
  it('finds a kind of step by its first letters, and aims it at a host that fits', async () => {
    const page = await open('platforms', 'Plan');
    await tabTo(page, 'Add step to Down');
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'vSAN' }).waitFor();
    await page.keyboard.type('Switch HA off');
    await page.keyboard.press('Enter');
    await expect.poll(() => step('disable-ha-proxmox-1')).toMatchObject({ kind: 'disable-ha', target: 'proxmox-1' });
    expect(await told(page)).toBe('Added Switch HA off on proxmox-1 to Down.');
  });

  it('turns off the UPS that may be commanded, and offers that neither on the way back nor without such a UPS', async () => {
    const page = await open('mains', 'Plan');
    await page.getByRole('button', { name: 'Add step to Storage', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Turn off the UPS' }).click();
    await expect.poll(() => step('ups-off')).toMatchObject({ ups: 'G123A45678', delay: 180, returns: true });
    await page.getByRole('button', { name: 'Add step to Wake storage' }).click();
    expect(await page.getByRole('menuitem', { name: 'Turn off the UPS' }).innerText()).toContain(
      'Only on the way down',
    );
    await page.keyboard.press('Escape');
    const { supplies } = scenarios.mains();
    const locked = supplies.known.map((each) => ({ ...each, commandsAllowed: false }));
    await change({ supplies: { ...supplies, known: locked } });
    await page.getByRole('button', { name: 'Add step to Storage', exact: true }).click();
    const item = page.getByRole('menuitem', { name: 'Turn off the UPS' });
    expect(await item.innerText()).toContain('Needs a UPS that may be commanded');
    expect(await item.getAttribute('aria-disabled')).toBe('true');
    expect(await page.getByRole('menuitem', { name: 'Set Ceph flags', exact: true }).innerText()).toContain(
      'Needs a Proxmox VE node',
    );
  });
});

describe('the fields of a step', () => {
  it('say which UPS turns off, after how long, and whether it comes back', async () => {
    const page = await open('platforms', 'Plan');
    await row(page, 'Turn off the UPS after 5 min').click();
    await page.getByLabel('Turns off after, s').fill('421');
    await page.keyboard.press('Tab');
    await page.getByLabel('Turns on again when the mains are back').uncheck();
    expect(await page.getByLabel('Group of outlets').count()).toBe(0);
    const { status } = scenarios.platforms();
    const outletGroups = [
      { number: 2, name: 'Storage', offers: [...(status.powers[0]?.ups.offers ?? [])].slice(0, 2) },
    ];
    const powers = status.powers.map((power) => ({ ...power, ups: { ...power.ups, outletGroups } }));
    await change({ status: { ...status, powers } });
    await page.getByLabel('Group of outlets').selectOption({ label: '2: Storage' });
    await expect.poll(() => step('ups-off')).toMatchObject({ delay: 421, returns: false, outlet: 2 });
    await page.getByLabel('Group of outlets').selectOption({ label: 'All of the UPS' });
    await expect.poll(() => step('ups-off')).toMatchObject({ outlet: null });
    await page.getByText('Eaton 5P 1550').nth(1).waitFor();
  });

  it('say by which channels a message goes, and what of them is gone', async () => {
    const page = await open('platforms', 'Plan');
    await row(page, 'Notify: The rack goes down').click();
    expect(await page.getByLabel('Ops channel').isChecked()).toBe(true);
    await page.getByLabel('gone: no such channel').uncheck();
    // It stays, so that it can be taken back and the focus is not lost.
    expect(await page.getByLabel('gone: no such channel').isChecked()).toBe(false);
    await page.getByLabel('Mail to Ada').check();
    await expect.poll(() => step('notify')).toMatchObject({ channels: ['ops', 'mail'] });
    await page.getByLabel('Told by').selectOption('All channels');
    await expect.poll(async () => Object.keys((await step('notify')) ?? {})).not.toContain('channels');
  });

  it('prove a command by another one', async () => {
    const page = await open('platforms', 'Plan');
    await row(page, 'Run a command on linux-1').click();
    await page.getByLabel('Proven by this command').fill('test -e /run/stopped');
    await expect.poll(() => step('command')).toMatchObject({ proof: 'test -e /run/stopped' });
    await page.getByLabel('Proven by this command').fill('');
    await expect.poll(async () => Object.keys((await step('command')) ?? {})).not.toContain('proof');
  });

  it('say what becomes of vSAN data, of hosts that may hold some only', async () => {
    const page = await open('platforms', 'Plan');
    await row(page, 'Enter maintenance mode on esxi-1').click();
    await page.getByLabel('Its vSAN data').selectOption('Stays where it is');
    await expect.poll(() => step('enter-maintenance')).toMatchObject({ evacuation: 'no-action' });
    await page.getByLabel('Target').selectOption('hyper-v-1 (Hyper-V)');
    await page.getByLabel('Its vSAN data').waitFor({ state: 'detached' });
  });

  it('give single guests their own limit while guests are forced, by keyboard alone', async () => {
    const page = await open('platforms', 'Plan');
    await row(page, 'Shut down guests on esxi-1').click();
    await page.getByLabel('Guests with a limit of their own').focus();
    await page.keyboard.type('mail');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => step('shut-down-guests'))
      .toMatchObject({
        guestLimits: [
          { guest: 'db-1', limit: 600 },
          { guest: 'mail', limit: 200 },
        ],
      });
    await page.getByRole('button', { name: 'Remove the limit of db-1' }).press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    await page.getByLabel('Power off those that do not stop').uncheck();
    await page.getByText('They have no effect').waitFor();
    await page.getByRole('button', { name: 'Remove the limit of mail' }).press('Enter');
    await page.getByText('Limits of single guests').waitFor({ state: 'detached' });
  });

  it('take over the groups of PowerChute in one edit, which Escape and undo take back', async () => {
    const page = await open('platforms', 'Plan');
    await row(page, 'Shut down guests on esxi-1').click();
    const before = (await requests('plan.check')).length;
    await page.getByRole('button', { name: 'PowerChute’s groups…' }).press('Enter');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Low').inputValue()).toBe('web-1\nweb-2');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('PowerChute’s groups…');
    expect(await requests('plan.check')).toHaveLength(before);
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Directory').fill('dc-1');
    await dialog.getByLabel('Group 2').fill('test-1\ntest-2');
    await dialog.getByRole('button', { name: 'Take these groups' }).click();
    await expect
      .poll(() => step('shut-down-guests'))
      .toMatchObject({
        groups: [
          { name: 'Group 2', guests: ['test-1', 'test-2'] },
          { name: 'Low', guests: ['web-1', 'web-2'] },
          { name: 'Directory', guests: ['dc-1'] },
        ],
      });
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => step('shut-down-guests')).toMatchObject({ groups: [{ name: 'Low' }] });
  });
});
