import { describe, expect, test } from 'vitest';
import { isOnBattery, withoutStale, withoutTelling } from '../../electron/ups/hid/ages.ts';
import { upsDescriptor } from '../../electron/ups/hid/candidates.ts';
import { DeviceState } from '../../electron/ups/hid/device-state.ts';
import { quirksFor } from '../../electron/ups/hid/quirks/quirks.ts';
import { emptyReading, type Reading } from '../../shared/reading.ts';

const reading = (told: Partial<Reading>): Reading => ({ ...emptyReading('x', 0), charge: 50, ...told });
const onMains = reading({ acPresent: true, discharging: false, belowCapacityLimit: true, fullyCharged: true });
const onBattery = reading({ acPresent: false, discharging: true, belowCapacityLimit: true });

describe('how old a flag may be', () => {
  const aged = (told: Reading, seconds: number, hurry = false) => withoutStale(told, () => 0, seconds * 1000, hurry);

  test('on mains 15 s, on battery 10 s', () => {
    expect(aged(onMains, 15)).toEqual(onMains);
    expect(aged(onMains, 15.1)).toEqual(reading({}));
    expect(aged(onBattery, 10)).toEqual(onBattery);
    expect(aged(onBattery, 10.1)).toEqual(reading({}));
  });

  test('in an outage 10 s, whatever this UPS says', () => {
    expect(aged(onMains, 10, true)).toEqual(onMains);
    expect(aged(onMains, 10.1, true)).toEqual(reading({}));
  });

  test('only those that are too old go, and a full battery stays while the mains are told', () => {
    const at = (flag: string) => (flag === 'acPresent' || flag === 'discharging' ? 99_000 : 0);
    expect(withoutStale(onMains, at, 100_000, false)).toEqual({ ...onMains, belowCapacityLimit: null });
    const lone = reading({ acPresent: null, fullyCharged: true });
    expect(withoutStale(lone, () => 99_000, 100_000, false)).toEqual(lone);
    expect(withoutStale(lone, () => 0, 100_000, false).fullyCharged).toBeNull();
  });

  test('once too old it does not come back by getting older', () => {
    const seconds = Array.from({ length: 30 }, (_each, index) => index + 1);
    const ages = seconds.map((age) => isOnBattery(aged(onBattery, age)));
    expect(ages.lastIndexOf(true)).toBe(ages.indexOf(false) - 1);
  });

  test('a reading that confirms nothing has nothing of what decides', () => {
    const told = reading({
      ...onMains,
      charging: true,
      timeLimitExpired: true,
      shutdownImminent: true,
      overload: true,
    });
    expect(withoutTelling(told)).toEqual(reading({ overload: true }));
  });
});

describe('mains that come by interrupt only, beside flags that are polled', () => {
  /** Report 0x16: Charging and Discharging as feature, ACPresent as input. */
  const bytes = Buffer.from(
    '05840904a1010924a1000902a10285161500250175019501058509 44b1a20945b1a209d081a29506b10195078101c0c0c0'.replaceAll(
      ' ',
      '',
    ),
    'hex',
  );
  const started = () => {
    const descriptor = upsDescriptor(bytes);
    const ids = { vendorId: 0, productId: 0, manufacturer: '', product: '' };
    const state = new DeviceState(descriptor, quirksFor(ids, descriptor));
    state.interrupted(Uint8Array.of(0x16, 1), 1000);
    return state;
  };

  test('are believed for a while, then the polled flags speak alone', () => {
    const state = started();
    state.polled(0x16, Uint8Array.of(0b10), 5000);
    expect(state.readingAt('x', 5000, false)).toMatchObject({ acPresent: true, discharging: true });
    state.polled(0x16, Uint8Array.of(0b10), 20_000);
    expect(state.readingAt('x', 20_000, false)).toMatchObject({ acPresent: null, discharging: true });
  });

  test('are believed again when they are sent again', () => {
    const state = started();
    state.interrupted(Uint8Array.of(0x16, 1), 20_000);
    expect(state.readingAt('x', 20_000, false)).toMatchObject({ acPresent: true });
  });
});
