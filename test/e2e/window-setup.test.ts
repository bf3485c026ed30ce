import { describe, expect, it } from 'vitest';
import {
  allRequests,
  driveWindow,
  goToScenario,
  open,
  refuseNext,
  requests,
  tabTo,
  told,
} from '../fakes/window/drive.ts';

driveWindow();

describe('setup', () => {
  it('adds a host, pins its key after it was shown, and sets a secret that goes one way only', async () => {
    const page = await open('problems', 'Setup');
    await page.getByText('This desktop has no keyring').waitFor();
    await page.getByRole('button', { name: 'Add host…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Röck 5');
    await dialog.getByLabel('Address', { exact: true }).fill('10.0.10.50');
    await dialog.getByRole('button', { name: 'Save host' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('hosts.save')).toMatchObject([{ host: { id: 'ro-ck-5', name: 'Röck 5', hostKeys: [] } }]);

    await page.getByRole('button', { name: 'Confirm host key…' }).first().click();
    await dialog.getByText('SHA256:').waitFor();
    await dialog.getByRole('button', { name: 'It is the same, confirm' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('hosts.pinKey')).toHaveLength(1);

    await page.getByRole('button', { name: 'Set password…' }).click();
    await dialog.getByLabel('Password').fill('s3cret');
    await dialog.getByRole('button', { name: 'Set password' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('hosts.setSecret')).toEqual([
      { id: 'esx-2', slot: 'login', secret: 's3cret', passphrase: '' },
    ]);
    expect(await page.content()).not.toContain('s3cret');
  });
});

describe('a host among others', () => {
  it('is tagged, needs others and runs on one, by keyboard; only one host is this computer', async () => {
    const page = await open('grouped', 'Setup');
    await page.getByRole('button', { name: 'Actions for backup-1', exact: true }).press('Enter');
    await page.getByRole('menuitem', { name: 'Edit…' }).press('Enter');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Runs on', { exact: true }).inputValue()).toBe('esx-2');
    await dialog.getByLabel('Tags').fill('storage, Off Site');
    await dialog.getByLabel('nas-1', { exact: true }).press('Space');
    await dialog.getByLabel('Runs on', { exact: true }).focus();
    await page.keyboard.press('Home');
    expect(await dialog.getByLabel('Glidepath runs on this computer').isDisabled()).toBe(true);
    await tabTo(page, 'Save host');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    const [save] = (await requests('hosts.save')) as { host: object }[];
    expect(save?.host).toMatchObject({ tags: ['storage', 'off', 'site'], uses: ['nas-1'], isThisComputer: false });
    expect(save?.host).not.toHaveProperty('runsOn');
  });
});

describe('the settings', () => {
  it('say how often the plan is rehearsed by itself', async () => {
    const page = await open('mains', 'Setup');
    await page.getByLabel('Rehearse by itself').selectOption('Every day');
    await expect
      .poll(() => requests('settings.save'))
      .toEqual([{ startAtLogin: true, theme: 'system', rehearse: 'daily' }]);
  });
});

describe('what was learned of durations', () => {
  it('is copied, and when it cannot be had that is said', async () => {
    const page = await open('mains', 'Setup');
    const copy = page.getByRole('button', { name: 'Copy as JSON' });
    await refuseNext('internal');
    await copy.press('Enter');
    await expect.poll(() => told(page)).toBe('It could not be copied.');
    await page.getByRole('button', { name: 'Not copied' }).press('Enter');
    await expect.poll(() => told(page)).toBe('Copied.');
    expect(await requests('durations.export')).toHaveLength(2);
  });
});

describe('while the service is in control', () => {
  it('nothing can be changed, and each button says why', async () => {
    const page = await open('daemon', 'Now');
    const why = page.getByText(/^The Glidepath service is in control \(process 4127, since /);
    await why.waitFor();
    const acting = {
      Now: ['Postpone 5 min', 'Start now…', 'Rehearse now'],
      Plan: ['Rehearse', 'Disarm…'],
      Runs: ['Rehearse now'],
      Setup: ['Add host…', 'Add server…', 'Add channel…'],
    };
    for (const [view, names] of Object.entries(acting)) {
      await page.getByRole('tab', { name: view }).click();
      for (const name of names) {
        const button = page.getByRole('button', { name, exact: true });
        expect(await button.isDisabled(), `${name} of ${view}`).toBe(true);
        expect(await button.getAttribute('aria-describedby'), name).toBe(await why.getAttribute('id'));
      }
    }
    expect(await page.getByLabel('Theme').isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Actions for esx-1', exact: true }).press('Enter');
    expect(await page.getByRole('menuitem', { name: 'Edit…' }).innerText()).toContain(
      'The Glidepath service is in control',
    );
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Plan' }).click();
    await page.getByRole('row', { name: 'Power off nas-1', exact: true }).click();
    await page.keyboard.press('Delete');
    await page.keyboard.press('Control+s');
    expect(await page.getByRole('button', { name: 'Save plan' }).isDisabled()).toBe(true);
    const harmless = ['snapshot', 'plan.check', 'plan.simulate', 'history.read', 'run.read'];
    const all = await allRequests();
    expect(all.filter((name) => !harmless.includes(name))).toEqual([]);
    await goToScenario('counting');
    await expect.poll(() => page.getByRole('button', { name: 'Save plan' }).isDisabled()).toBe(false);
  });
});

describe('UPS servers', () => {
  it('are added with a certificate only after it was shown and confirmed, and a password that goes one way', async () => {
    const page = await open('empty', 'Setup');
    await page.getByText('None. A UPS on another machine is read from its NUT or apcupsd.').waitFor();
    await page.getByRole('button', { name: 'Add server…' }).click();
    const dialog = page.getByRole('dialog');
    const save = dialog.getByRole('button', { name: 'Save server' });
    await dialog.getByText('It needs an address.').waitFor();
    await dialog.getByLabel('Address').fill('10.0.10.7');
    await dialog.getByLabel('User').fill('upsmon');
    await dialog.getByText('A user needs a password.').waitFor();
    await dialog.getByRole('textbox', { name: 'Password' }).fill('s3cret');
    await dialog.getByLabel('Encrypted (TLS)').check();
    await dialog.getByText('Read its certificate and confirm it first.').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Read certificate' }).click();
    await dialog.getByText('4F:9A:6C:0D').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await dialog.getByLabel('It is the same: trust this certificate and no other').check();
    // Another port may be another machine.
    await dialog.getByLabel('Port').fill('3494');
    await page.keyboard.press('Tab');
    await dialog.getByText('Read its certificate and confirm it first.').waitFor();
    await dialog.getByRole('button', { name: 'Read certificate' }).click();
    await dialog.getByLabel('It is the same: trust this certificate and no other').check();
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('servers.readCertificate')).toEqual([
      { address: '10.0.10.7', port: 3493 },
      { address: '10.0.10.7', port: 3494 },
    ]);
    expect(await requests('servers.save')).toEqual([
      {
        server: {
          id: 'nut-10-0-10-7',
          kind: 'nut',
          address: '10.0.10.7',
          port: 3494,
          user: 'upsmon',
          certificate: `SHA256:${'4f9a6c0d'.repeat(8)}`,
        },
      },
    ]);
    expect(await requests('servers.setPassword')).toEqual([{ id: 'nut-10-0-10-7', password: 's3cret' }]);
    await page.getByText('encrypted, certificate confirmed').waitFor();
    expect(await page.content()).not.toContain('s3cret');
  });

  it('of apcupsd are added by keyboard alone', async () => {
    const page = await open('empty', 'Setup');
    await tabTo(page, 'Add server…');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await dialog.getByLabel('Kind').focus();
    await page.keyboard.press('a');
    await page.keyboard.press('Tab');
    await page.keyboard.type('10.0.10.8');
    await page.keyboard.press('Tab');
    expect(await dialog.getByLabel('Port').inputValue()).toBe('3551');
    await tabTo(page, 'Save server');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('servers.save')).toEqual([
      { server: { id: 'apcupsd-10-0-10-8', kind: 'apcupsd', address: '10.0.10.8', port: 3551 } },
    ]);
  });

  it('show what keeps them from being read, and are removed', async () => {
    const page = await open('problems', 'Setup');
    await page.getByText('refused the connection on port 3551').waitFor();
    await page.getByRole('button', { name: 'Actions for apcupsd backup-1.rack.example.net:3551' }).click();
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove server' }).click();
    await page.getByText('refused the connection on port 3551').waitFor({ state: 'detached' });
    expect(await requests('servers.remove')).toEqual([{ id: 'apc-1' }]);
  });
});

describe('the UPSes of the rack', () => {
  it('are missed, and forgotten by hand', async () => {
    const page = await open('problems', 'Setup');
    await page.getByText('missing since Glidepath was started').waitFor();
    await page.getByRole('button', { name: 'Actions for Cellar UPS' }).click();
    await page.getByRole('menuitem', { name: 'Forget…' }).click();
    await page.getByRole('button', { name: 'Forget UPS' }).click();
    await page.getByText('Cellar UPS', { exact: true }).waitFor({ state: 'detached' });
    expect(await requests('ups.forget')).toEqual([{ upsId: 'gone' }]);
  });

  it('feed hosts: one is enough, or all are needed; an edit of something else keeps that', async () => {
    const page = await open('two-feeds', 'Setup');
    const edit = async (name: string) => {
      await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
      await page.getByRole('menuitem', { name: 'Edit…' }).click();
    };
    const save = async () => {
      await page.getByRole('button', { name: 'Save host' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    const saved = async () => ((await requests('hosts.save')) as { host: { fedBy: object } }[]).at(-1)?.host.fedBy;
    await edit('nas-1');
    expect(await page.getByLabel('To stay up it needs').count()).toBe(0);
    await page.getByRole('group', { name: 'Fed by' }).getByLabel('APC Smart-UPS 1500').check();
    await page.getByLabel('To stay up it needs').selectOption({ label: 'All of them' });
    await save();
    expect(await saved()).toEqual({ upses: ['G123A45678', 'AS2041123'], need: 'all' });
    await edit('esx-2');
    await page.getByLabel('User').fill('admin');
    await save();
    expect(await saved()).toEqual({ upses: ['G123A45678', 'AS2041123'], need: 'any' });
    await page.getByText('fed by Eaton 5P 1550 and APC Smart-UPS 1500, one is enough').waitFor();
    // By keyboard alone.
    await tabTo(page, 'Actions for backup-1');
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Enter');
    const tick = page.getByRole('group', { name: 'Fed by' }).getByLabel('APC Smart-UPS 1500');
    await tick.waitFor();
    await expect
      .poll(async () => {
        await page.keyboard.press('Tab');
        return tick.evaluate((box) => box === document.activeElement);
      })
      .toBe(true);
    await page.keyboard.press('Space');
    await page.getByText('With none ticked it is taken to go down with any UPS.').waitFor();
    await tabTo(page, 'Save host');
    await page.keyboard.press('Enter');
    await page.getByText('goes down with any UPS: what feeds it is not said').waitFor();
    expect(await saved()).toEqual({ upses: [], need: 'any' });
  });
});
