import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../shared/inventory.ts';
import { driveWindow, open, requests, sideways, tabTo, violations } from '../fakes/window/drive.ts';
import { certificate } from '../fakes/window/platforms.ts';

driveWindow();

const edit = async (page: Page, name: string, item = 'Edit…') => {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
};
const describedBy = (field: Locator) =>
  field.evaluate((each) => document.getElementById(each.getAttribute('aria-describedby') ?? '')?.textContent ?? '');
const saved = async () => ((await requests('hosts.save')) as { host: Host }[]).at(-1)?.host;
const save = async (page: Page) => {
  await page.getByRole('button', { name: 'Save host' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
};

describe('the kind of a host', () => {
  it('brings its port, user and login, and words for what it proves itself with', async () => {
    const page = await open('platforms', 'Setup');
    await page.getByRole('button', { name: 'Add host…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('It needs a name.').waitFor();
    await dialog.getByLabel('Name').fill('vc');
    await dialog.getByLabel('Address', { exact: true }).fill('10.0.10.5');
    expect(await dialog.getByLabel('Power off command').getAttribute('placeholder')).toBe('systemctl poweroff');
    await dialog.getByLabel('Kind').selectOption('vCenter');
    expect(await dialog.getByLabel('HTTPS port').inputValue()).toBe('443');
    expect(await dialog.getByLabel('User').inputValue()).toBe('administrator@vsphere.local');
    expect(await dialog.getByLabel('Signs in with').locator('option').allInnerTexts()).toEqual(['A password']);
    for (const gone of ['SSH port', 'Reached through', 'Offer old algorithms too', 'Power off command']) {
      expect(await dialog.getByLabel(gone).count(), gone).toBe(0);
    }
    expect(await dialog.locator('summary').count()).toBe(0);
    // What must be known before one chooses is told to who does not see it, too.
    await expect.poll(() => describedBy(dialog.getByLabel('Kind'))).toContain('It manages hosts');
    // It is no machine, so it does not run on itself.
    expect(await dialog.getByLabel('Runs on').locator('option').first().innerText()).toBe('None of these hosts');
    await save(page);
    expect(await saved()).toMatchObject({ id: 'vc', kind: 'vcenter', port: 443, login: 'password', hostKeys: [] });
  });

  it('without a known way to power off needs the command for it', async () => {
    const page = await open('platforms', 'Setup');
    await page.getByRole('button', { name: 'Add host…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('box');
    await dialog.getByLabel('Address', { exact: true }).fill('10.0.10.6');
    await dialog.getByLabel('Kind').selectOption('Anything with a shell');
    await dialog.getByText('It needs the command that powers it off.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Save host' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Power off command').fill('halt -p');
    await save(page);
    expect(await saved()).toMatchObject({ kind: 'other', powerOffCommand: 'halt -p' });
  });

  it('decides whether Glidepath could run on it', async () => {
    const page = await open('platforms', 'Setup');
    await page.getByRole('button', { name: 'Add host…' }).click();
    const here = page.getByLabel('Glidepath runs on this computer');
    await here.waitFor();
    for (const kind of ['vCenter', 'ESXi over SSH', 'ESXi over its API']) {
      await page.getByLabel('Kind').selectOption(kind);
      expect(await here.count(), kind).toBe(0);
    }
    // What was said stays to be seen, and to be taken back.
    await page.getByLabel('Kind').selectOption('Windows');
    await here.check();
    await page.getByLabel('Kind').selectOption('vCenter');
    expect(await here.isChecked()).toBe(true);
  });
});

describe('a host that cannot be saved as it is', () => {
  it('is said by the names of its fields, and is saved once they are right', async () => {
    const page = await open('platforms', 'Setup', 760);
    await page.getByRole('button', { name: 'Add host…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('box');
    await dialog.getByLabel('Address', { exact: true }).fill('https://10.0.10.6/');
    await dialog.getByLabel('Tags').fill('lab, склад');
    await dialog.getByRole('button', { name: 'Save host' }).click();
    const alert = dialog.getByRole('alert');
    await alert.getByText('“Address” is not right: a host name or an IP address').waitFor();
    expect(await alert.innerText()).toContain('“Tags” is not right, entry 2: small letters, digits and "-"');
    expect(await violations(page)).toEqual([]);
    expect(await sideways(page)).toEqual([]);
    await dialog.getByLabel('Address', { exact: true }).fill('10.0.10.6');
    await dialog.getByLabel('Tags').fill('lab');
    await save(page);
    expect(await saved()).toMatchObject({ address: '10.0.10.6', tags: ['lab'] });
  });
});

describe('editing a host', () => {
  it('keeps all that the edit is not about', async () => {
    const page = await open('platforms', 'Setup');
    await edit(page, 'esxi-1');
    await page.getByLabel('Tags').fill('rack');
    await save(page);
    expect(await saved()).toMatchObject({ oldAlgorithms: true, managedBy: 'vcenter-1', tags: ['rack'] });
    await edit(page, 'windows-1');
    await page.getByLabel('Tags').fill('rack');
    await save(page);
    expect(await saved()).toMatchObject({ login: 'agent', jump: 'linux-1' });
  });

  it('sets what wakes it, by keyboard alone', async () => {
    const page = await open('platforms', 'Setup');
    await page.getByRole('button', { name: 'Actions for docker-1', exact: true }).press('Enter');
    await page.getByRole('menuitem', { name: 'Edit…' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await tabTo(page, 'Waking by wake-on-LAN.');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.type('IPMI');
    await page.keyboard.press('Tab');
    await page.keyboard.type('10.0.99.12');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ADMIN');
    await tabTo(page, 'Save host');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await saved()).toMatchObject({
      secureOn: true,
      bmc: { protocol: 'ipmi', address: '10.0.99.12', user: 'ADMIN', certificate: null },
    });
    expect((await saved())?.bmc).not.toHaveProperty('port');
  });
});

describe('what a host needs', () => {
  it('is asked for slot by slot, and goes one way', async () => {
    const page = await open('platforms', 'Setup');
    const row = page.getByRole('listitem').filter({ hasText: 'linux-1Linux' });
    await row.getByText('no SecureOn password').waitFor();
    await row.getByRole('button', { name: 'Set SecureOn password…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('SecureOn password').fill('secret');
    expect(await dialog.getByRole('button', { name: 'Set SecureOn password' }).isDisabled()).toBe(true);
    await dialog.getByLabel('SecureOn password').fill('00-11-22-33-44-55');
    await dialog.getByRole('button', { name: 'Set SecureOn password' }).click();
    await row.getByText('SecureOn password set').waitFor();
    await row.getByRole('button', { name: 'Set controller password…' }).click();
    await dialog.getByText('for power@10.0.99.10').waitFor();
    await dialog.getByLabel('Password').fill('s3cret');
    await dialog.getByRole('button', { name: 'Set controller password' }).click();
    await row.getByText('controller password set').waitFor();
    expect(await requests('hosts.setSecret')).toEqual([
      { id: 'linux-1', slot: 'secure-on', secret: '00-11-22-33-44-55', passphrase: '' },
      { id: 'linux-1', slot: 'bmc', secret: 's3cret', passphrase: '' },
    ]);
    expect(await page.content()).not.toContain('s3cret');
  });

  it('is a certificate of an API and of a controller, shown as openssl prints it', async () => {
    const page = await open('platforms', 'Setup');
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'It is the same, confirm' });
    await page
      .getByRole('listitem')
      .filter({ hasText: 'vcenter-1vCenter' })
      .getByRole('button', { name: 'Confirm certificate…' })
      .click();
    await dialog.getByText('00:01:02:03').waitFor();
    await dialog.getByText('vecs-cli').waitFor();
    await confirm.click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Confirm controller certificate…' }).click();
    await dialog.getByText('00:01:02:03').waitFor();
    await confirm.click();
    await page.getByText('controller certificate confirmed').waitFor();
    expect(await requests('hosts.pinKey')).toEqual([
      { id: 'vcenter-1', of: 'host', key: certificate },
      { id: 'linux-1', of: 'bmc', key: certificate },
    ]);
  });

  it('is no secret where an agent signs in', async () => {
    const page = await open('platforms', 'Setup');
    const row = page.getByRole('listitem').filter({ hasText: 'windows-1Windows' });
    await row.getByText('signed in to by an SSH agent').waitFor();
    await row.getByText('through linux-1').waitFor();
    expect(await row.innerText()).not.toContain('password');
    await row.getByRole('button', { name: 'Actions for windows-1' }).click();
    expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Edit…', 'Read host key…', 'Remove…']);
  });
});
