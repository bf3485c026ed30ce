import { assertNever } from '../../../../shared/assert-never.ts';
import type { Family } from '../quirks/quirks.ts';
import { alarmRecipes, testRecipes } from './alarm-and-test.ts';
import { apcSwitching } from './apc.ts';
import { fieldAt, type Place, writableAt } from './places.ts';
import { powercomSwitching } from './powercom.ts';
import type { Device, Recipe } from './recipe.ts';
import { inUnits, unitOf, zeroIsNone } from './seconds.ts';
import { paired, standard, timer } from './standard.ts';
import type { Manner } from './switching.ts';

const allTests = { 'test.battery.start.quick': '', 'test.battery.start.deep': '', 'test.battery.stop': '' };
const quickOnly = { 'test.battery.start.quick': '' };

/**
 * Every command of a device that its maker's units are known to take. What is not sure for a family is not here.
 * @see https://github.com/networkupstools/nut/tree/6c63f7745ab5/drivers apc-hid.c, cps-hid.c, mge-hid.c and the others
 */
export function recipesOf(family: Family, device: Device): Recipe[] {
  const made = [...switching(family, device), ...manners(family, device)];
  return made.filter(({ delay }) => delay?.kind !== 'steps' || delay.max >= delay.min);
}

function manners(family: Family, device: Device): Recipe[] {
  switch (family) {
    case 'powercom':
      // Which values its beeper takes is not agreed on: 1 toggles on some.
      return testRecipes(device, quickOnly);
    case 'tripplite':
      // Deep tests and stopping are reported not to work. @see NUT's tripplite-hid.c
      return [...alarmRecipes(device), ...testRecipes(device, quickOnly)];
    case 'cyberpower':
      return [
        ...alarmRecipes(device),
        ...testRecipes(device, { ...allTests, 'test.battery.start.deep': 'Some of these run the quick test instead.' }),
      ];
    case 'apc':
      return [
        ...alarmRecipes(device),
        ...testRecipes(device, {
          ...allTests,
          'test.battery.start.deep': 'Drains the battery to about a quarter; some show no change of power meanwhile.',
        }),
      ];
    case 'eaton':
    case 'liebert':
    case 'belkin':
    case 'powerwalker':
    case 'arduino':
    case 'generic':
      return [...alarmRecipes(device), ...testRecipes(device, allTests)];
    default:
      return assertNever(family, 'family');
  }
}

function switching(family: Family, device: Device): Recipe[] {
  const { fields } = device;
  switch (family) {
    case 'apc':
      return apcSwitching(device);
    case 'powercom':
      return powercomSwitching(device);
    case 'cyberpower':
      return cyberpower(device);
    case 'eaton':
      return pair(device, 'PowerSummary.DelayBeforeShutdown', 'PowerSummary.DelayBeforeStartup', {
        ...standard,
        restart: writableAt(fields, 'PowerConverter.Input[1].AutomaticRestart'),
        switchable: fieldAt(fields, 'PowerSummary.PresentStatus.Switchable'),
      });
    case 'tripplite':
      return outlets(device);
    case 'liebert': {
      const found = outlets(device);
      return found.length > 0 ? found : belkin(device);
    }
    case 'belkin':
      return belkin(device);
    case 'powerwalker':
    case 'arduino':
      return pair(device, 'PowerSummary.DelayBeforeShutdown', 'PowerSummary.DelayBeforeStartup', standard);
    case 'generic':
      return pair(device, 'PowerSummary.DelayBeforeShutdown', 'PowerSummary.DelayBeforeStartup', {
        ...standard,
        returnNote: 'By the standard, and never tried on this make.',
        stayoffNote: 'By the standard, and never tried on this make.',
      });
    default:
      return assertNever(family, 'family');
  }
}

/** The specification's timers. */
function pair({ fields }: Device, offPlace: Place, onPlace: Place, manner: Manner): Recipe[] {
  return paired(timer(writableAt(fields, offPlace)), timer(writableAt(fields, onPlace)), manner);
}

/**
 * Minutes inside, and what is less than one is none: off at once.
 * @see https://github.com/networkupstools/nut/issues/578
 */
function cyberpower({ fields }: Device): Recipe[] {
  const off = timer(writableAt(fields, 'Output.DelayBeforeShutdown'));
  const on = timer(writableAt(fields, 'Output.DelayBeforeStartup'));
  // One that counts by seconds here has not been seen: what it does with them is not known.
  if (!off || unitOf(off.field) !== 60 || (on && unitOf(on.field) !== 60)) return [];
  return paired(off, on, {
    ...standard,
    returnNote: 'Many of these switch on again a minute after they went off, even if the mains are still out.',
  });
}

/** Tripp Lite counts its own timer for "on" in minutes. Its watchdog (0xffff0092) cuts the load when not fed: never. */
function outlets({ fields }: Device): Recipe[] {
  const minutes = writableAt(fields, 'OutletSystem.Outlet.TLDelayBeforeStartup');
  const on =
    timer(writableAt(fields, 'OutletSystem.Outlet.DelayBeforeStartup')) ??
    (minutes && { field: minutes, code: inUnits(minutes, 60) });
  return paired(timer(writableAt(fields, 'OutletSystem.Outlet.DelayBeforeShutdown')), on, standard);
}

/** Off in seconds, on in minutes, 0 takes either back. */
function belkin({ fields }: Device): Recipe[] {
  const off = writableAt(fields, 'BELKINControls.BELKINDelayBeforeShutdown');
  const on = writableAt(fields, 'BELKINControls.BELKINDelayBeforeStartup');
  return paired(
    off && { field: off, code: zeroIsNone(off, 1) },
    on && { field: on, code: zeroIsNone(on, 60) },
    standard,
  );
}
