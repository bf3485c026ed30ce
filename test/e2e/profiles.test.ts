import { afterEach, expect, test } from 'vitest';
import { captured } from '../fakes/ups/captured.ts';
import { FakeUps } from '../fakes/ups/fake-ups.ts';
import { profileNames } from '../fakes/ups/fixtures.ts';
import { App, newDataFolder } from './support/app.ts';
import { Desktop } from './support/desktop.ts';

/** What the window has to show of one captured device, written down from what NUT printed for the same bytes. */
interface Shown {
  state: string;
  charge: string;
  rows: Record<string, string>;
}

const none = 'not reported';
const mains = 'On mains';
const shown = (state: string, charge: string, [runtime, load, input, output, battery]: string[]): Shown => ({
  state,
  charge,
  rows: { Runtime: runtime, Load: load, Input: input, Output: output, Battery: battery } as Record<string, string>,
});

const expected: Readonly<Record<string, Shown>> = {
  'apc-back-ups-bx1600mi': shown(mains, '100 %', ['55 min', '10 %', '237 V', none, '27.3 V']),
  'apc-back-ups-es-850g2': shown(mains, '100 %', ['14 min', '34 %', '228 V', none, '13.4 V']),
  // The log holds its flags and nothing else.
  'apc-smart-ups-1000-0002': shown(mains, none, [none, none, none, none, none]),
  'cyberpower-cp1000pfclcda': shown(mains, '100 %', ['45 min', '15 %, 92 W', '114 V', none, none]),
  'eaton-3s-700': shown(mains, '92 %', ['45 min', '7 %', none, '230 V', none]),
  'liebert-psi5': shown(mains, '100 %', ['1 h 22 min', '11 %', none, none, none]),
  // Its PowerSummary.Voltage is the line's, not the battery's.
  'powercom-0004': shown(mains, '100 %', ['35 min', '6 %', '228 V, 50.0 Hz', '228 V', none]),
  'santak-tg-box-850': shown(mains, '100 %', ['20 min', '24 %', none, '230 V', none]),
  // Only two reports were captured; the declared exponent gives 0.001 V where 121.4 V is true.
  'tripplite-3016': shown('Power not known', none, [none, none, '121 V', none, none]),
};

const cleanUps: (() => Promise<unknown> | undefined)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

test('every captured device, all plugged in at once: the window shows what each one says', async () => {
  const desktop = Desktop.start();
  cleanUps.push(async () => desktop.stop());
  expect(profileNames).toEqual(Object.keys(expected));
  const devices = await plugAll();
  const app = await App.start(newDataFolder(), (devices.get(profileNames[0] ?? '') as FakeUps).env());
  cleanUps.push(() => app.close());
  await app.until('all of them', ({ status }) => status.powers.length === profileNames.length);

  for (const [name, { state, charge, rows }] of Object.entries(expected)) {
    const card = app.page.locator('section', { hasText: `serial-${name}` }).last();
    const read = () =>
      card.evaluate((section) => ({
        state: section.querySelector('header [class*=state]')?.textContent ?? '',
        charge: section.querySelector('svg[aria-label^=Charge]')?.getAttribute('aria-label') ?? '',
        rows: Object.fromEntries(
          [...section.querySelectorAll('dt')].map((label) => [
            label.textContent,
            label.nextSibling?.textContent?.replaceAll('\u00a0', ' '),
          ]),
        ),
      }));
    await expect.poll(read, { timeout: 20_000, message: name }).toMatchObject({
      state: expect.stringMatching(new RegExp(`^${state}`)),
      charge: charge === none ? 'Charge not reported' : `Charge ${charge}`,
      rows,
    });
  }
  desktop.picture('profiles-on-mains');

  let onBattery = 0;
  for (const [name, ups] of devices) {
    if (expected[name]?.state !== mains) continue;
    ups.set({ ACPresent: 0, Discharging: 1, Charging: 0 });
    const serial = `serial-${name}`;
    await app.until(name, ({ status }) =>
      status.powers.some((power) => power.ups.serial === serial && power.state === 'battery'),
    );
    onBattery += 1;
  }
  console.log(`${profileNames.length} devices shown as captured, ${onBattery} of them then on battery`);
  expect(onBattery).toBe(8);
});

/** One program sees them all; each has a port and a serial number of its own. */
async function plugAll(): Promise<Map<string, FakeUps>> {
  const devices = new Map<string, FakeUps>();
  let folder: string | undefined;
  for (const [index, name] of profileNames.entries()) {
    const place = { serial: `serial-${name}`, port: `usb-0000:00:14.0-${index + 1}/input0` };
    const ups = new FakeUps({ model: captured(name), ...place, ...(folder ? { folder } : {}) });
    folder ??= ups.device.folder;
    // The first one's folder holds them all.
    cleanUps.push(() => (index === 0 ? ups.dispose() : ups.unplug()));
    await ups.plug(index);
    devices.set(name, ups);
  }
  return devices;
}
