import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assetPath } from '../../electron/app/asset-path.ts';
import { type Known, questionFor } from '../../electron/app/confirmations.ts';
import { pressableStyleHash } from '../../electron/app/csp.ts';
import { autostartFile, desktopEntry } from '../../electron/app/login-item.ts';
import { wantsWindow } from '../../electron/app/wants-window.ts';
import { lastResort } from '../../electron/brain/last-resort.ts';
import { namesText, sentencesText } from '../../electron/brain/words.ts';
import type { PowerView } from '../../shared/view.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { sampleEsx, sampleNas } from '../fakes/sample-rack.ts';
import { samplePlan, samplePower } from '../fakes/status.ts';

describe('the files of the window', () => {
  test.each([
    ['app://glidepath/index.html', '/r/index.html'],
    ['app://glidepath/', '/r/index.html'],
    ['app://glidepath', '/r/index.html'],
    ['app://glidepath/assets/a%20b.js?v=1#x', '/r/assets/a b.js'],
    ['app://glidepath/a/../index.html', '/r/index.html'],
    ['app://glidepath/../../etc/passwd', '/r/etc/passwd'],
    ['app://glidepath/%2e%2e/%2e%2e/etc/passwd', '/r/etc/passwd'],
    ['app://glidepath/..%2f..%2fetc/passwd', null],
    ['app://glidepath/..%5c..%5cetc', null],
    ['app://glidepath/%00', null],
    ['app://glidepath/%', null],
    ['app://other/index.html', null],
    ['file:///etc/passwd', null],
    ['nonsense', null],
  ])('%s is %s', (url, file) => {
    expect(assetPath('/r', url)).toBe(file);
  });
});

test('the allowed style is the one that react-aria adds', () => {
  const source = readFileSync('node_modules/react-aria/dist/private/interactions/usePress.mjs', 'utf8');
  const name = /PRESSABLE_ATTRIBUTE = '([^']+)'/.exec(source)?.[1] ?? '';
  const text =
    /style\.textContent = `([^`]+)`/
      .exec(source)?.[1]
      ?.replace(/\$\{[^}]+\}/, name)
      .trim() ?? '';
  expect(pressableStyleHash).toBe(`sha256-${createHash('sha256').update(text).digest('base64')}`);
});

describe('a question before something is switched off', () => {
  const hosts = [sampleNas, sampleEsx].map((host) => ({ host, hasSecret: true }));
  const plan = samplePlan();
  const known: Known = { plan, hosts, supplies: { servers: [], known: [] }, powers: [], run: null };

  test('names the machines and the line', () => {
    expect(questionFor('run.start', { hash: plan.hash }, known)).toEqual({
      basis: expect.any(String),
      message: 'Shut down 2 machines now?',
      detail:
        '“Rack plan” will act at once on: ESX 1, NAS. Their services stop and guests are shut down. It can be stopped until stage “Storage” begins.',
      button: 'Shut down now',
    });
    expect(questionFor('plan.arm', { hash: plan.hash }, known)).toMatchObject({
      message: 'Arm “Rack plan”?',
      button: 'Arm',
    });
    expect(questionFor('plan.disarm', { hash: plan.hash }, { ...known, hosts: [] })?.detail).toBe(
      'No one will shut down esx-1, nas-1 when the battery runs low.',
    );
  });

  test('is not asked about another plan than the one that is there', () => {
    const ask = (patch: Parameters<typeof samplePlan>[0]) => () =>
      questionFor('run.start', { hash: 'b'.repeat(64) }, { ...known, plan: samplePlan(patch) });
    expect(ask({})).toThrow('changed');
    expect(ask({ sequence: null, hash: '' })).toThrow('no plan');
  });
});

test('the operating system is asked about its battery only when no UPS has been read over USB for a while', async () => {
  const clock = new ManualClock();
  const usb = samplePower({ ups: { ...samplePower().ups, source: 'hid' } });
  let powers: PowerView[] = [];
  const isNeeded = lastResort(clock, () => powers);
  const after = async (seconds: number, now: PowerView[]) => {
    powers = now;
    await clock.advance(seconds * 1000);
    return isNeeded();
  };
  expect(isNeeded()).toBe(false);
  expect(await after(10, [usb])).toBe(false);
  expect(await after(29, [samplePower(), { ...usb, state: 'lost-contact' }])).toBe(false);
  expect(await after(1, [])).toBe(true);
  expect(await after(1, [usb])).toBe(false);
});

test('a start wants the window, unless it is the one at login', () => {
  expect(wantsWindow(['/opt/glidepath', '--simulated-ups=a'])).toBe(true);
  expect(wantsWindow(['/opt/glidepath', '--hidden'])).toBe(false);
});

describe('start at login on Linux', () => {
  test('is an entry of the user’s autostart folder', () => {
    expect(autostartFile({ XDG_CONFIG_HOME: '/c' })).toBe('/c/autostart/glidepath.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: '' })).toMatch(/\/\.config\/autostart\/glidepath\.desktop$/);
  });

  test('quotes what would be read as something else', () => {
    const line = desktopEntry(['/opt/My $Apps/100%/glide"path', '--hidden'])
      .split('\n')
      .find((each) => each.startsWith('Exec='));
    expect(line).toBe(String.raw`Exec="/opt/My \\$Apps/100%%/glide\\"path" "--hidden"`);
  });
});

test('names and sentences read well', () => {
  expect(namesText(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(sentencesText('On battery', '', 'It starts soon.')).toBe('On battery. It starts soon.');
});

test('the preload uses the names of the contract', () => {
  const text = readFileSync(join('electron', 'preload.ts'), 'utf8');
  const contract = readFileSync(join('shared', 'ipc.ts'), 'utf8');
  for (const name of ['glidepath:request', 'glidepath:push']) {
    expect(contract).toContain(`'${name}'`);
    expect(text).toContain(`'${name}'`);
  }
});
