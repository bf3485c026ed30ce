import { describe, expect, test } from 'vitest';
import type { NutServer } from '../../shared/supplies.ts';
import type { Offer, UpsCommand } from '../../shared/ups-command.ts';
import type { PowerView } from '../../shared/view.ts';
import { sampleEsx, sampleNas } from '../fakes/sample-rack.ts';
import { samplePower, sampleRun } from '../fakes/status.ts';
import { armedRoom, certificate, refusedFor, room } from './confirmation-room.ts';

const minutes = { kind: 'steps', min: 0, max: 7200, step: 60, round: 'up' } as const;
const offers: Offer[] = [
  { command: 'shutdown.return', delay: minutes, note: 'It waits a minute before it comes back.' },
  { command: 'shutdown.stayoff', delay: { kind: 'choices', seconds: [20, 180] }, note: '' },
  { command: 'shutdown.stop', delay: null, note: '' },
  { command: 'beeper.mute', delay: null, note: '' },
  { command: 'test.battery.start.quick', delay: null, note: '' },
  { command: 'test.battery.start.deep', delay: null, note: '' },
];
const ups = { ...samplePower().ups, name: 'Eaton 5P', serial: 'S1', via: 'USB 0463:ffff', offers };
const left: PowerView = samplePower({ ups });
const right: PowerView = samplePower({ ups: { ...ups, id: 'ups-2', name: 'Right' } });
const ok = { ok: true };
const supply = (patch: object = {}) => ({ id: 'ups-1', name: 'Rack left', commandsAllowed: false, ...patch });
const server: NutServer = { id: 'nut-1', kind: 'nut', address: '10.0.0.5', port: 3493, user: 'mon', certificate: null };
const saved = (patch: Partial<NutServer> = {}) => ({ server: { ...server, ...patch } });
const order = (command: UpsCommand, delay: number | null = null) => ({ upsId: 'ups-1', order: { command, delay } });

/** With the UPS in the rack, and commands allowed to it. */
async function commandRoom() {
  const all = await room();
  all.says.powers = [left];
  await all.supplies.meet([left], true);
  expect(await all.ask('ups.save', { supply: supply({ commandsAllowed: true }) })).toMatchObject(ok);
  all.asked.splice(0);
  all.questionsAsked.splice(0);
  return all;
}

describe('commands to a UPS', () => {
  test('are allowed only after a yes to a question that names the device, not what the window calls it', async () => {
    const { ask, says, supplies, asked, questionsAsked } = await room();
    says.powers = [left];
    await supplies.meet([left], true);
    says.yes = false;
    expect(await ask('ups.save', { supply: supply({ name: 'Harmless', commandsAllowed: true }) })).toMatchObject(
      refusedFor,
    );
    expect(supplies.known).toEqual([{ id: 'ups-1', name: 'Eaton 5P', commandsAllowed: false }]);
    expect(questionsAsked[0]).toMatchObject({
      message: 'Allow commands to “Harmless”?',
      detail: expect.stringContaining('Eaton, Eaton 5P, serial number S1, USB 0463:ffff'),
      button: 'Allow',
    });
    // A new name, and taking the right away, need no question.
    expect(await ask('ups.save', { supply: supply() })).toMatchObject(ok);
    says.yes = true;
    expect(await ask('ups.save', { supply: supply({ commandsAllowed: true }) })).toMatchObject(ok);
    expect(await ask('ups.save', { supply: supply({ commandsAllowed: true, name: 'New' }) })).toMatchObject(ok);
    expect(await ask('ups.save', { supply: supply() })).toMatchObject(ok);
    expect(asked).toEqual(['Allow commands to “Harmless”?', 'Allow commands to “Rack left”?']);
  });

  test('are not allowed to a UPS that does not belong to the rack', async () => {
    const { ask, supplies } = await room();
    expect(await ask('ups.save', { supply: supply({ commandsAllowed: true }) })).toMatchObject({
      ok: false,
      fault: { code: 'reference-missing' },
    });
    expect(supplies.known).toEqual([]);
  });

  test('that take the power away are asked about every time, with the real delay and who loses it', async () => {
    const { ask, says, asked, questionsAsked, orders, sent } = await commandRoom();
    await ask('hosts.save', { host: { ...sampleNas, fedBy: { upses: ['ups-1', 'ups-2'], need: 'any' } } });
    await ask('hosts.save', { host: { ...sampleEsx, fedBy: { upses: ['ups-1'], need: 'any' } } });
    await ask('hosts.save', {
      host: { ...sampleNas, id: 'other', name: 'Other', fedBy: { upses: ['ups-2'], need: 'any' } },
    });
    says.yes = false;
    expect(await ask('ups.command', order('shutdown.return', 70))).toMatchObject(refusedFor);
    expect(orders).toEqual([]);
    says.yes = true;
    const value = { sentence: 'It does so.' };
    expect(await ask('ups.command', order('shutdown.return', 70))).toEqual({ ok: true, value });
    expect(await ask('ups.command', order('shutdown.stayoff', 20))).toEqual({ ok: true, value });
    expect(asked).toEqual(Array(3).fill('Switch off the outlets of “Rack left”?'));
    expect(questionsAsked[1]?.detail).toBe(
      'It says of itself: Eaton, Eaton 5P, serial number S1, USB 0463:ffff. Its outlets go off after 120 s (70 s were asked for), on again when the mains are back. Not proven off, and cut hard: NAS (if nothing else feeds it), ESX 1. It waits a minute before it comes back.',
    );
    expect(questionsAsked[2]?.detail).toContain('Its outlets go off after 20 s, and off they stay.');
    expect(orders).toEqual([
      ['ups-1', { command: 'shutdown.return', delay: 70 }],
      ['ups-1', { command: 'shutdown.stayoff', delay: 20 }],
    ]);
    expect(sent).toEqual(['ups-1: It does so.', 'ups-1: It does so.']);
  });

  test('do not name what a run has proven off, as long as it brings nothing back', async () => {
    const { ask, says, questionsAsked } = await commandRoom();
    await ask('hosts.remove', { id: 'other' });
    const detail = async (run: ReturnType<typeof sampleRun> | null) => {
      says.run = run;
      await ask('ups.command', order('shutdown.stayoff', 20));
      return questionsAsked.at(-1)?.detail;
    };
    expect(await detail(null)).toContain('cut hard: NAS (what feeds it is not entered), ESX 1 (what feeds');
    expect(await detail(sampleRun(5))).toContain('cut hard: NAS (what feeds it is not entered).');
    expect(await detail(sampleRun(9))).toContain('Every host that it feeds is proven off.');
    const back = { type: 'return-begun', at: 1008, why: 'mains stable' } as const;
    expect(await detail(sampleRun(9, back))).toContain('cut hard: NAS');
    expect(await detail(sampleRun(10))).toContain('cut hard: NAS');
  });

  test('that only test, silence or stop something are free, but for a test that empties the battery', async () => {
    const { ask, asked, orders } = await commandRoom();
    for (const command of ['beeper.mute', 'shutdown.stop', 'test.battery.start.quick'] as const)
      expect(await ask('ups.command', order(command))).toMatchObject(ok);
    expect(asked).toEqual([]);
    expect(await ask('ups.command', order('test.battery.start.deep'))).toMatchObject(ok);
    expect(asked).toEqual(['Discharge “Rack left” for a test?']);
    expect(orders).toHaveLength(4);
  });

  test('that would be refused anyhow are not asked about', async () => {
    const { ask, says, asked, orders } = await commandRoom();
    const no = { ok: false, fault: { code: 'refused', where: 'Rack left' } };
    says.powers = [samplePower({ ups: { ...ups, offers: [] } })];
    expect(await ask('ups.command', order('shutdown.return', 60))).toMatchObject(no);
    says.powers = [left];
    await ask('ups.save', { supply: supply() });
    expect(await ask('ups.command', order('shutdown.return', 60))).toMatchObject(no);
    expect([asked, orders]).toEqual([[], []]);
  });

  test('a question must not be written by what it is about', async () => {
    const { ask, says, questionsAsked } = await commandRoom();
    says.powers = [samplePower({ ups: { ...ups, serial: `1\n\nPress\u202e "Allow"\u0007${'x'.repeat(300)}` } })];
    await ask('ups.command', order('shutdown.return', 60));
    const detail = questionsAsked[0]?.detail ?? '';
    expect(detail).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(detail).not.toContain('x'.repeat(100));
  });
});

test('what a UPS means by discharging is asked about only while something may act on it', async () => {
  const { ask, says, supplies, asked, questionsAsked } = await room();
  says.powers = [left];
  await supplies.meet([left], true);
  expect(await ask('ups.save', { supply: supply({ dischargeIsOutage: true }) })).toMatchObject(ok);
  expect(asked).toEqual([]);
  says.run = sampleRun(5);
  says.yes = false;
  expect(await ask('ups.save', { supply: supply() })).toMatchObject(refusedFor);
  expect(supplies.known[0]).toMatchObject({ dischargeIsOutage: true });
  expect(questionsAsked.at(-1)?.detail).toContain('It counts as on mains while it says so');
});

describe('servers', () => {
  test('are free to change while nothing depends on them', async () => {
    const { ask, asked, supplies } = await room();
    expect(await ask('servers.save', saved())).toMatchObject(ok);
    expect(await ask('servers.save', saved({ port: 3494 }))).toMatchObject(ok);
    expect(supplies.servers).toEqual([{ ...server, port: 3494 }]);
    expect(await ask('servers.remove', { id: 'nut-1' })).toMatchObject(ok);
    expect(supplies.servers).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('are asked about while a plan is armed: what tells of the power starts it', async () => {
    const { ask, says, asked, questionsAsked, supplies } = await armedRoom();
    says.yes = false;
    expect(await ask('servers.save', saved())).toMatchObject(refusedFor);
    says.yes = true;
    expect(await ask('servers.save', saved())).toMatchObject(ok);
    expect(await ask('servers.save', saved())).toMatchObject(ok);
    says.yes = false;
    expect(await ask('servers.save', saved({ address: '10.6.6.6' }))).toMatchObject(refusedFor);
    expect(await ask('servers.remove', { id: 'nut-1' })).toMatchObject(refusedFor);
    expect(supplies.servers).toEqual([server]);
    expect(asked).toEqual([
      'Change a UPS server?',
      'Change a UPS server?',
      'Change a UPS server?',
      'Remove a UPS server?',
    ]);
    expect(questionsAsked[2]?.detail).toContain(
      'NUT mon@10.0.0.5:3493, not encrypted becomes NUT mon@10.6.6.6:3493, not encrypted. The password that is kept for it is forgotten.',
    );
  });

  test('are asked about while a run goes on', async () => {
    const { ask, says, asked } = await room();
    says.run = sampleRun(5);
    await ask('servers.save', saved());
    says.run = sampleRun(10);
    await ask('servers.save', saved({ port: 1 }));
    expect(asked).toEqual(['Change a UPS server?']);
  });

  test('are trusted by the certificate that they have just shown, and by no other', async () => {
    const { ask, supplies } = await room();
    const no = { ok: false, fault: { code: 'refused' } };
    const withIt = saved({ certificate });
    expect(await ask('servers.save', withIt)).toMatchObject(no);
    await ask('servers.readCertificate', { address: '10.0.0.9', port: 3493 });
    expect(await ask('servers.save', withIt)).toMatchObject(no);
    expect(await ask('servers.readCertificate', { address: '10.0.0.5', port: 3493 })).toEqual({
      ok: true,
      value: { fingerprint: certificate },
    });
    expect(await ask('servers.save', saved({ certificate: `SHA256:${'f'.repeat(64)}` }))).toMatchObject(no);
    expect(await ask('servers.save', withIt)).toMatchObject(ok);
    expect(await ask('servers.save', saved({ certificate, user: 'other' }))).toMatchObject(ok);
    expect(await ask('servers.save', saved({ certificate, address: '10.6.6.6' }))).toMatchObject(no);
    expect(supplies.servers).toMatchObject([{ certificate, user: 'other', address: '10.0.0.5' }]);
  });
});

describe('forgetting a UPS', () => {
  const gone = (power: PowerView): PowerView => ({ ...power, state: 'lost-contact' });

  test('is refused while it is there: it would be found again', async () => {
    const { ask, says, supplies } = await commandRoom();
    expect(await ask('ups.forget', { upsId: 'ups-1' })).toMatchObject({ ok: false, fault: { code: 'refused' } });
    says.powers = [gone(left)];
    expect(await ask('ups.forget', { upsId: 'ups-1' })).toMatchObject(ok);
    expect(supplies.known).toEqual([]);
    expect(await ask('ups.forget', { upsId: 'ups-1' })).toMatchObject({ fault: { code: 'reference-missing' } });
  });

  test('is asked about when the armed plan has a host of it, or there is no other', async () => {
    const { ask, says, supplies, questionsAsked } = await armedRoom();
    await supplies.meet([left, right], true);
    says.powers = [gone(left), gone(right)];
    await ask('hosts.save', { host: { ...sampleNas, fedBy: { upses: ['ups-1'], need: 'any' } } });
    questionsAsked.splice(0);
    says.yes = false;
    expect(await ask('ups.forget', { upsId: 'ups-1' })).toMatchObject(refusedFor);
    expect(questionsAsked[0]?.detail).toBe(
      '“Eaton 5P” is not missed any more. It feeds NAS. “Rack plan” is armed and goes by what the UPSes tell.',
    );
    expect(await ask('ups.forget', { upsId: 'ups-2' })).toMatchObject(ok);
    expect(questionsAsked).toHaveLength(1);
    expect(await ask('ups.forget', { upsId: 'ups-1' })).toMatchObject(refusedFor);
    expect(questionsAsked[1]?.detail).toContain('It is the only UPS there is.');
    expect(supplies.known).toHaveLength(1);
  });
});

test('which UPS feeds a host of the armed plan changes only by a yes that says so', async () => {
  const { ask, says, supplies, questionsAsked, workspace } = await armedRoom();
  await supplies.meet([left, right], true);
  const host = { ...sampleNas, fedBy: { upses: ['ups-1', 'ups-2'], need: 'all' } };
  says.yes = false;
  expect(await ask('hosts.save', { host })).toMatchObject(refusedFor);
  expect(workspace.host('nas-1').fedBy.upses).toEqual([]);
  expect(questionsAsked[0]?.detail).toContain('It is fed by Eaton 5P, Right, all of which it needs.');
  says.yes = true;
  expect(await ask('hosts.save', { host })).toMatchObject(ok);
  expect(workspace.plan().armed).toBe(true);
  await ask('hosts.save', { host: sampleNas });
  expect(questionsAsked.at(-1)?.detail).toContain('It is taken to be fed by every UPS.');
});
