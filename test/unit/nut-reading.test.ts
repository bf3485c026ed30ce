import { describe, expect, it } from 'vitest';
import { isoDate } from '../../electron/ups/net/dates.ts';
import { shown } from '../../electron/ups/net/text.ts';
import { detailsOf } from '../../electron/ups/nut/details.ts';
import { identify, nutUpsId } from '../../electron/ups/nut/identity.ts';
import { offeredBy, type Told } from '../../electron/ups/nut/offers.ts';
import { flagsOf } from '../../electron/ups/nut/status.ts';
import { readingOf } from '../../electron/ups/nut/variables.ts';
import { detailSchema, readingSchema, upsSchema } from '../../shared/reading.ts';
import type { NutServer } from '../../shared/supplies.ts';

const server: NutServer = { id: 'one', kind: 'nut', address: '10.0.0.5', port: 3493, user: '', certificate: null };
const reading = (values: Record<string, string>) => readingOf('nut:x', 0, new Map(Object.entries(values)));

describe('ups.status', () => {
  it.each([
    ['OL CHRG', { acPresent: true, charging: true, discharging: false, belowCapacityLimit: false, testing: false }],
    ['OL', { acPresent: true, charging: null, discharging: false, forcedShutdown: false, outputOff: false }],
    ['OB DISCHRG', { acPresent: false, charging: false, discharging: true, belowCapacityLimit: false }],
    ['OB LB', { acPresent: false, discharging: true, belowCapacityLimit: true }],
    ['FSD OB LB', { acPresent: false, forcedShutdown: true, belowCapacityLimit: true }],
    ['FSD', { acPresent: null, forcedShutdown: true, belowCapacityLimit: null }],
    ['OL RB OVER BYPASS', { acPresent: true, needReplacement: true, overload: true, bypass: true }],
    ['OL CAL DISCHRG', { acPresent: true, discharging: true, testing: true }],
    ['ALARM OL HB TRIM', { acPresent: true, fullyCharged: true, bypass: false }],
    ['OFF', { acPresent: null, outputOff: true, needReplacement: null }],
    ['OL OB', { acPresent: null, charging: null, discharging: null, belowCapacityLimit: null, forcedShutdown: null }],
    ['OL OB LB DISCHRG', { acPresent: null, charging: false, discharging: true, belowCapacityLimit: true }],
    ['WAIT', { acPresent: null, discharging: null, belowCapacityLimit: null, testing: null }],
    ['', { acPresent: null, forcedShutdown: null }],
    ['OBX LBX', { acPresent: null, belowCapacityLimit: null }],
  ])('%s', (status, flags) => {
    expect(flagsOf(status, undefined)).toMatchObject(flags);
  });

  it.each([
    ['230.1', null],
    ['0.0', false],
    ['12', null],
    [undefined, null],
  ])('takes a test on battery with the input at %s as an outage only when it is dead', (volts, acPresent) => {
    expect(flagsOf('OB TEST', volts).acPresent).toBe(acPresent);
  });
});

describe('variables', () => {
  it('gives every entry that a UPS can tell', () => {
    const told = reading({
      'ups.status': 'OL',
      'battery.charge': '97.5',
      'battery.runtime': '1800',
      'ups.load': '33',
      'ups.realpower': '210',
      'ups.realpower.nominal': '900',
      'input.voltage': '229.7',
      'output.voltage': '230',
      'battery.voltage': '27.2',
      'battery.voltage.nominal': '24',
      'input.frequency': '50.0',
      'battery.temperature': '31.5',
      'battery.charge.low': '20',
      'battery.runtime.low': '180',
      'ups.timer.shutdown': '45',
      'ups.timer.start': '-1',
      'ups.test.result': 'Done and passed',
      'ups.beeper.status': 'muted',
      'ups.mfr.date': '2019/11/03',
      'battery.mfr.date': '11/03/19',
    });
    expect(readingSchema.parse(told)).toMatchObject({
      charge: 97.5,
      runtime: 1800,
      load: 33,
      power: 210,
      nominalPower: 900,
      inputVoltage: 229.7,
      outputVoltage: 230,
      batteryVoltage: 27.2,
      nominalBatteryVoltage: 24,
      inputFrequency: 50,
      temperature: 31.5,
      lowCharge: 20,
      lowRuntime: 180,
      offIn: 45,
      onIn: null,
      testResult: 'passed',
      beeper: 'muted',
      manufactureDate: '2019-11-03',
      batteryDate: '2019-11-03',
    });
  });

  it.each([
    ['battery.charge', '-1', 'charge'],
    ['battery.runtime', '65535', 'runtime'],
    ['battery.runtime', 'NaN', 'runtime'],
    ['input.voltage', '2.3', 'inputVoltage'],
    ['ups.timer.shutdown', '0', 'offIn'],
    ['ups.timer.shutdown', '-60', 'offIn'],
    ['battery.date', 'not set', 'batteryDate'],
    ['ups.beeper.status', 'loud', 'beeper'],
    ['ups.test.result', 'who knows', 'testResult'],
  ] as const)('does not believe %s "%s"', (name, value, key) => {
    expect(reading({ [name]: value })[key]).toBeNull();
  });

  it('does not believe a voltage for each cell', () => {
    expect(reading({ 'battery.voltage': '2.27', 'battery.voltage.nominal': '24' }).batteryVoltage).toBeNull();
  });

  it.each([
    ['No test initiated', 'none'],
    ['In progress', 'running'],
    ['Aborted', 'aborted'],
    ['Done and warning', 'warning'],
    ['Done and error', 'failed'],
    ['OK - Battery GOOD', 'passed'],
  ])('reads the test result "%s"', (text, result) => {
    expect(reading({ 'ups.test.result': text }).testResult).toBe(result);
  });

  it('shows where each number comes from, and which are not used', () => {
    const all = new Map([
      ['battery.charge', '80'],
      ['battery.runtime', '-1'],
      ['driver.name', 'dummy\u0007-ups'],
    ]);
    expect(detailSchema.array().parse(detailsOf('nut:x', 0, all))).toEqual([
      { name: 'battery.charge', place: '', raw: '80', value: '80 %', feeds: 'charge', repair: '' },
      expect.objectContaining({ name: 'battery.runtime', feeds: null, repair: expect.stringContaining('Not used') }),
      { name: 'driver.name', place: '', raw: 'dummy -ups', value: 'dummy -ups', feeds: null, repair: '' },
    ]);
  });
});

describe('dates', () => {
  it.each([
    ['2019-11-03', '2019-11-03'],
    ['20191103', '2019-11-03'],
    ['09/25/15', '2015-09-25'],
    ['25/09/2015', '2015-09-25'],
    ['09/25/2015', '2015-09-25'],
    // Day or month first: nobody can tell.
    ['03/11/2019', null],
    ['2019-02-30', null],
    ['0000-00-00', null],
    ['2019-1103', null],
    ['00/00/00', null],
  ])('%s', (text, iso) => {
    expect(isoDate(text)).toBe(iso);
  });
});

describe('identity', () => {
  it('is the same whatever the UPS says of itself', () => {
    expect(nutUpsId(server, 'rack')).toBe('nut:10.0.0.5:3493/rack');
    const long = nutUpsId({ ...server, address: 'a'.repeat(250) }, 'rack');
    expect(long.length).toBeLessThanOrEqual(200);
    expect(long).not.toBe(nutUpsId({ ...server, address: 'a'.repeat(250) }, 'shelf'));
  });

  it.each([
    [{ 'ups.model': ' Tower ' }, 'In the rack', 'Tower'],
    [{}, 'In the rack', 'In the rack'],
    [{}, 'Description unavailable', 'rack'],
    [{ 'ups.model': '\u0000' }, '', 'rack'],
  ])('names it %j "%s"', (values: Record<string, string>, description, name) => {
    const ups = identify(server, 'rack', description, new Map(Object.entries(values)), { offers: [] });
    expect(upsSchema.parse(ups).name).toBe(name);
  });

  it('shows nothing that could move the text around it', () => {
    expect(shown('a\u202eb\nc\u001b[2Jd', 100)).toBe('a b c [2Jd');
  });
});

describe('offers', () => {
  const commands = ['load.off', 'shutdown.return', 'beeper.mute', 'beeper.mute', 'test.battery.start'];
  it('are the commands that we know, with the delay that can be set', () => {
    const variables = new Map([['ups.delay.shutdown', '20']]);
    const offers = (told: Partial<Told>) => offeredBy({ commands, variables, writable: new Set(), ...told }).offers;
    expect(offers({ writable: new Set(['ups.delay.shutdown']) })).toEqual([
      expect.objectContaining({
        command: 'shutdown.return',
        delay: expect.objectContaining({ kind: 'steps', step: 1 }),
      }),
      { command: 'beeper.mute', delay: null, note: '' },
    ]);
    expect(offers({})[0]?.delay).toEqual({ kind: 'choices', seconds: [20] });
    expect(offers({ variables: new Map() })[0]).toMatchObject({ delay: null });
  });

  describe('to groups of outlets alone', () => {
    // As apc_modbus tells them of a Smart-UPS with one switched group: group 0 is all of it.
    // https://github.com/networkupstools/nut/blob/master/drivers/apc_modbus.c
    const ofGroup = [0, 1].flatMap((n) =>
      ['load.off', 'shutdown.return', 'shutdown.stayoff', 'shutdown.reboot'].map((name) => `outlet.group.${n}.${name}`),
    );
    const told: Record<string, string> = {
      'outlet.group.1.name': 'Outlet Group 1',
      'outlet.group.1.delay.shutdown': '360',
      'outlet.group.1.timer.shutdown': 'NotActive',
      'outlet.group.1.status': 'on',
      'outlet.group.2.delay.shutdown': '-1',
    };
    const groups = (variables: Record<string, string>, names: readonly string[] = ofGroup, ...writable: string[]) =>
      offeredBy({
        commands: names,
        variables: new Map(Object.entries(variables)),
        writable: new Set(writable),
      }).outletGroups;

    it('are those with a command, a delay and a countdown', () => {
      const note = 'The delay is fixed in the ups.conf of the server.';
      const delay = { kind: 'choices', seconds: [360] };
      expect(groups(told)).toEqual([
        {
          number: 1,
          name: 'Outlet Group 1',
          offers: [
            { command: 'shutdown.return', delay, note },
            { command: 'shutdown.stayoff', delay, note },
          ],
        },
      ]);
      const settable = groups(told, ofGroup, 'outlet.group.1.delay.shutdown')?.[0]?.offers[0]?.delay;
      expect(settable).toMatchObject({ kind: 'steps', step: 1 });
    });

    it.each(['outlet.group.1.delay.shutdown', 'outlet.group.1.timer.shutdown'])('not without %s', (name) => {
      const { [name]: _, ...rest } = told;
      expect(groups(rest)).toEqual([]);
    });

    it('not those that can only be cut at once, or would only be stopped', () => {
      expect(groups(told, ['outlet.group.1.load.off', 'outlet.group.1.shutdown.stop'])).toEqual([]);
    });

    it('not single outlets, whose delay is another thing for Eaton and Powerware', () => {
      const single = { 'outlet.1.delay.shutdown': '120', 'outlet.1.timer.shutdown': '-1', 'outlet.1.status': 'on' };
      expect(groups(single, ['outlet.1.shutdown.return', 'outlet.1.load.off'])).toEqual([]);
    });

    it('none with a number that no plan can name', () => {
      expect(groups({}, ['outlet.group.17.shutdown.return', 'outlet.group.x.shutdown.return'])).toEqual([]);
    });
  });
});
