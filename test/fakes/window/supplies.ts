import type { PowerEvent } from '../../../shared/history.ts';
import type { Detail } from '../../../shared/reading.ts';
import type { KnownSupply } from '../../../shared/supplies.ts';
import type { Offer } from '../../../shared/ups-command.ts';
import type { ServerView, SuppliesView } from '../../../shared/view.ts';

const minutes = { kind: 'steps', min: 0, max: 7200, step: 60, round: 'up' } as const;

/** A UPS that counts its delays in minutes, as many do. */
export const offers: Offer[] = [
  {
    command: 'shutdown.return',
    delay: minutes,
    note: 'It waits 60 s more before it switches its outlets on again.',
  },
  { command: 'shutdown.stayoff', delay: minutes, note: '' },
  { command: 'shutdown.stop', delay: null, note: '' },
  { command: 'beeper.enable', delay: null, note: '' },
  { command: 'beeper.disable', delay: null, note: '' },
  { command: 'test.battery.start.quick', delay: null, note: '' },
  { command: 'test.battery.start.deep', delay: null, note: 'It ends at 25 % of charge.' },
  { command: 'test.battery.stop', delay: null, note: '' },
];

/** One that knows a handful of delays, and no test. */
export const fewOffers: Offer[] = [
  { command: 'shutdown.return', delay: { kind: 'choices', seconds: [20, 180, 300, 600] }, note: '' },
  { command: 'beeper.mute', delay: null, note: 'Until the next alarm.' },
];

export const known = (id: string, name: string, commandsAllowed = false): KnownSupply => ({
  id,
  name,
  commandsAllowed,
});

export const certificate = `SHA256:${'4f9a6c0d'.repeat(8)}`;

export const servers: ServerView[] = [
  {
    server: { id: 'nut-1', kind: 'nut', address: '10.0.10.5', port: 3493, user: 'monitor', certificate },
    hasSecret: true,
    fault: null,
  },
  {
    server: { id: 'apc-1', kind: 'apcupsd', address: 'backup-1.rack.example.net', port: 3551 },
    hasSecret: false,
    fault: {
      code: 'ups-no-answer',
      what: 'backup-1.rack.example.net refused the connection on port 3551.',
      where: 'apcupsd backup-1.rack.example.net:3551',
      remedy: 'Set NETSERVER on and NISIP 0.0.0.0 in its apcupsd.conf, then restart apcupsd.',
    },
  },
];

export const suppliesView = (supplies: KnownSupply[], of: ServerView[] = []): SuppliesView => ({
  servers: of,
  known: supplies,
  refused: null,
});

export const events = (upsId: string, upsName: string): PowerEvent[] => {
  const event = (minutesAgo: number, kind: PowerEvent['kind'], sentence: string): PowerEvent => ({
    at: Date.now() - minutesAgo * 60_000,
    upsId,
    upsName,
    kind,
    sentence,
  });
  return [
    event(310, 'power-back', `${upsName} is on mains again after 6 min, at 84 %.`),
    event(316, 'power-lost', `${upsName} is on battery: 98 %, 41 min left.`),
    event(2880, 'test-ended', `${upsName} has tested its battery: passed.`),
    event(2881, 'test-started', `${upsName} tests its battery.`),
    event(20_000, 'contact-back', `${upsName} answers again after 1 h 4 min.`),
    event(20_064, 'contact-lost', `${upsName} does not answer since 20 s.`),
  ];
};

export const details: Detail[] = [
  {
    name: 'UPS.PowerSummary.RemainingCapacity',
    place: 'Feature 0x0c, bits 0..7',
    raw: '0x62',
    value: '98 %',
    feeds: 'charge',
    repair: '',
  },
  {
    name: 'UPS.PowerSummary.RunTimeToEmpty',
    place: 'Feature 0x0c, bits 8..23',
    raw: '0x099c',
    value: '2460 s',
    feeds: 'runtime',
    repair: '',
  },
  {
    name: 'UPS.PowerSummary.Voltage',
    place: 'Feature 0x09, bits 0..15',
    raw: '0x0aa0',
    value: '2720 V',
    feeds: 'batteryVoltage',
    repair: 'The descriptor says volts and the unit sends hundredths: 27.2 V.',
  },
  {
    name: 'UPS.PowerConverter.Input[1].Voltage',
    place: 'Feature 0x31, bits 0..15',
    raw: '0x00e7',
    value: '231 V',
    feeds: 'inputVoltage',
    repair: '',
  },
  {
    name: 'UPS.PowerSummary.PresentStatus.ACPresent',
    place: 'Input 0x01, bit 0',
    raw: '1',
    value: 'yes',
    feeds: 'acPresent',
    repair: '',
  },
  {
    name: 'UPS.BatterySystem.Test',
    place: 'Feature 0x17, bits 0..7',
    raw: '0x01',
    value: '1',
    feeds: 'testResult',
    repair: '',
  },
  {
    name: 'UPS.PowerSummary.iOEMInformation',
    place: 'Feature 0x1f, bits 0..7',
    raw: '0x04',
    value: 'string 4',
    feeds: null,
    repair: '',
  },
];
