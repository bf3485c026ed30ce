import { describe, expect, it } from 'vitest';
import { driveWindow, focused, open, refuseNext, requests, tabTo, told } from '../fakes/window/drive.ts';

driveWindow();

describe('notifications', () => {
  it('go out by a webhook, added by keyboard alone, whose URL goes one way', async () => {
    const page = await open('mains', 'Setup');
    await page.getByText('Shown on this computer only.').waitFor();
    await tabTo(page, 'Add channel…');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('It needs a name.').waitFor();
    await dialog.getByLabel('Name').focus();
    await page.keyboard.type('Phone');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ntfy');
    await dialog.getByText('It needs its URL.').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('http://ntfy.lan/s3cret-topic');
    await dialog.getByText('Not encrypted: whoever listens').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('tk_s3cret');
    await tabTo(page, 'Save channel');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('channels.save')).toEqual([
      {
        channel: {
          id: 'phone',
          kind: 'webhook',
          name: 'Phone',
          shape: 'ntfy',
          origin: 'http://ntfy.lan',
          categories: ['power', 'run', 'failure', 'contact'],
        },
      },
    ]);
    expect(await requests('channels.setSecret')).toEqual([
      { id: 'phone', secret: 'http://ntfy.lan/s3cret-topic', token: 'tk_s3cret' },
    ]);
    expect(await page.content()).not.toContain('s3cret');
    await page.getByText('URL set').waitFor();
  });

  it('are tried, with what kept the test from getting through', async () => {
    const page = await open('platforms', 'Setup');
    const row = page.getByRole('listitem').filter({ hasText: 'Ops channel' });
    await refuseNext('not-delivered');
    await row.getByRole('button', { name: 'Send a test by Ops channel' }).press('Enter');
    await row.getByText('Refused by the test.').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => told(page)).toBe('Ops channel has taken a test message.');
    await row.getByText('Test sent').waitFor();
    expect(await row.getByText('Refused by the test.').count()).toBe(0);
    expect(await focused(page)).toBe('Test sent by Ops channel');
    expect(await requests('channels.test')).toEqual([{ id: 'ops' }, { id: 'ops' }]);
    expect(await page.getByRole('button', { name: 'Send a test by Phone' }).isDisabled()).toBe(true);
  });

  it('by mail keep their password, but not for another server', async () => {
    const page = await open('platforms', 'Setup');
    const row = page.getByRole('listitem').filter({ hasText: 'Mail to Ada' });
    await row.getByText('does not tell, 3 messages wait').waitFor();
    await row.getByText('the server refused the login of ups@example.com').waitFor();
    const edit = async () => {
      await page.getByRole('button', { name: 'Actions for Mail to Ada' }).click();
      await page.getByRole('menuitem', { name: 'Edit…' }).click();
    };
    const dialog = page.getByRole('dialog');
    const save = dialog.getByRole('button', { name: 'Save channel' });
    await edit();
    await dialog.getByLabel('To', { exact: true }).fill('ada@example.com, ops@example.com');
    await dialog.getByLabel('Power').check();
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('channels.setSecret')).toEqual([]);
    await edit();
    await dialog.getByLabel('Mail server').fill('mail.example.net');
    await dialog.getByText('enter it again').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await dialog.getByLabel('Password').fill('s3cret');
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    expect(await requests('channels.save')).toMatchObject([
      { channel: { to: ['ada@example.com', 'ops@example.com'], categories: ['run', 'failure', 'contact', 'power'] } },
      { channel: { server: 'mail.example.net', port: 587 } },
    ]);
    expect(await requests('channels.setSecret')).toEqual([{ id: 'mail', secret: 's3cret', token: '' }]);
  });

  it('by a program are only saved after a yes, and a channel that the plan names is not removed silently', async () => {
    const page = await open('platforms', 'Setup');
    await page.getByRole('button', { name: 'Add channel…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Siren');
    await dialog.getByLabel('Kind').selectOption('A program on this computer');
    await dialog.getByLabel('Program').fill('/usr/bin/siren');
    await dialog.getByLabel('Arguments').fill('--for\n10 s');
    await refuseNext('not-confirmed');
    await dialog.getByRole('button', { name: 'Save channel' }).click();
    await expect.poll(() => told(page)).toBe('Not done.');
    await dialog.getByRole('button', { name: 'Save channel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await requests('channels.save')).at(-1)).toMatchObject({
      channel: { kind: 'command', program: '/usr/bin/siren', arguments: ['--for', '10 s'] },
    });
    await page.getByRole('button', { name: 'Actions for Ops channel' }).click();
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await page.getByText('The plan names it in 1 step').waitFor();
    await page.getByRole('button', { name: 'Remove channel' }).click();
    await page.getByText('Ops channel', { exact: true }).waitFor({ state: 'detached' });
    expect(await requests('channels.remove')).toEqual([{ id: 'ops' }]);
  });
});
