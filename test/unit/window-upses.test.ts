import { describe, expect, it } from 'vitest';
import { fedLines } from '../../renderer/now/fed-hosts.ts';
import { feedWords } from '../../renderer/now/feed-words.ts';
import { readingRows } from '../../renderer/now/reading-rows.ts';
import { upsSigns } from '../../renderer/now/ups-signs.ts';
import { fedByWords, withFeed } from '../../renderer/setup/fed-by-words.ts';
import { asOpenssl, changeServer, missingIn, serverFormOf, serverOf } from '../../renderer/setup/server-form.ts';
import { commandWords } from '../../renderer/supply/command-words.ts';
import { delayWords, firstDelay, parseDelay } from '../../renderer/supply/delay-words.ts';
import { detailsText, filterDetails } from '../../renderer/supply/details-text.ts';
import { allSupplies, listed, supplyName } from '../../renderer/supply/supply-names.ts';
import { emptyReading } from '../../shared/reading.ts';
import { upsCommands } from '../../shared/ups-command.ts';
import type { PowerView } from '../../shared/view.ts';
import { hosts } from '../fakes/window/hosts.ts';
import { batteryPower, power, reading } from '../fakes/window/power.ts';
import { certificate, details, servers } from '../fakes/window/supplies.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const nameOf = (id: string) => id.toUpperCase();
const fed = (id: string, upses: string[], need: 'any' | 'all' = 'any') => ({
  ...(hosts.find((host) => host.id === id) ?? (hosts[0] as (typeof hosts)[number])),
  fedBy: { upses, need },
});

describe('what hangs on a UPS', () => {
  const mine = batteryPower().ups.id;
  const rack = [fed('esx-1', [mine, 'b'], 'all'), fed('esx-2', [mine, 'b']), fed('nas-1', []), fed('backup-1', ['b'])];
  const words = (of: PowerView, critical: string[]) =>
    fedLines(
      of,
      rack,
      critical.map((hostId) => ({ hostId, why: '' })),
      nameOf,
    ).map((line) => line.words);

  it('is named while it is well, and divided by what the main process calls critical when it fails', () => {
    expect(words(power(), [])).toEqual(['Feeds esx-1, esx-2']);
    expect(words(batteryPower(), ['esx-1', 'nas-1'])).toEqual([
      'Goes down with it: esx-1, nas-1',
      'esx-2 is kept up by B',
    ]);
    expect(words(batteryPower(), [])).toEqual(['esx-1, esx-2 are kept up by B', 'nas-1 is not in danger']);
  });

  it('counts a guest without a UPS of its own with the host that carries it', () => {
    const guest = { ...fed('nas-1', []), runsOn: 'backup-1' };
    const carried = [fed('esx-1', [mine]), fed('backup-1', ['b']), guest];
    const lines = fedLines(power(), carried, [], nameOf).map((line) => line.words);
    expect(lines).toEqual(['Feeds esx-1']);
    const failing = fedLines(batteryPower(), carried, [{ hostId: 'esx-1', why: '' }], nameOf).map((line) => line.words);
    expect(failing).toEqual(['Goes down with it: esx-1']);
  });

  it('is a short list of names, never "and 1 more"', () => {
    expect(listed(['a', 'b', 'c'], 2)).toBe('a, b, c');
    expect(listed(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
  });
});

describe('what feeds the hosts of a branch', () => {
  const words = (all: typeof hosts, hostIds: string[], upsIds: string[], need: 'any' | 'all' = 'any') =>
    feedWords({ hostIds, upsIds, need }, all, nameOf);

  it('is what they say themselves, and not what follows of it', () => {
    const rack = [fed('esx-1', ['a', 'b'], 'all'), fed('esx-2', ['a', 'b']), fed('nas-1', []), fed('backup-1', ['x'])];
    expect(words(rack, ['esx-1'], ['a', 'b'], 'all')).toBe('A and B, needs all');
    expect(words(rack, ['esx-2'], ['a', 'b'])).toBe('A or B, one is enough');
    // Taken to go down with any, which nobody said; and of one that nobody knows it is not known what it does.
    expect(words(rack, ['nas-1'], ['a', 'b'], 'all')).toBe('any UPS: not said');
    expect(words(rack, ['backup-1'], [])).toBe('X');
  });

  it('is that of what carries them; and of a host that is gone what the branch has', () => {
    const rack = [fed('esx-1', ['a']), { ...fed('nas-1', []), runsOn: 'esx-1' }];
    expect(words(rack, ['nas-1'], ['a'])).toBe('A');
    expect(words(rack, ['gone'], ['a', 'b'], 'all')).toBe('A and B, needs all');
  });
});

describe('the rows of a card', () => {
  const row = (of: PowerView, label: string) => readingRows(of, null).find((each) => each.label === label);

  it('tell where the runtime comes from', () => {
    expect(row(power(), 'Runtime')?.note).toBeNull();
    expect(row(power({ runtimeFrom: 'learned' }), 'Runtime')?.note).toBe('learned from its earlier discharges');
    expect(row(power({ runtimeLeft: null, runtimeFrom: 'unknown' }), 'Runtime')).toMatchObject({
      value: 'not reported',
      note: null,
    });
  });

  it('have no number for what is not known, and nothing but the runtime without a reading', () => {
    const bare = readingRows(power({ reading: emptyReading('x', 0), runtimeLeft: null }), null);
    expect(bare.map((each) => each.value)).toEqual(Array(8).fill('not reported'));
    expect(readingRows(power({ reading: null }), null).map((each) => each.label)).toEqual(['Runtime']);
  });

  it('date the last self-test, and survive a date that is none', () => {
    const at = new Date(2026, 10, 2, 12).getTime();
    const test = readingRows(power(), at).find((each) => each.label === 'Self-test');
    expect(test?.value).toMatch(/^passed, .*2026/);
    expect(row(power({ reading: reading({ batteryDate: '2024-13-45' }) }), 'Battery from')?.value).toBe('not reported');
  });

  it('stand under what the UPS says of itself, worst first', () => {
    expect(upsSigns(null)).toEqual([]);
    expect(
      upsSigns(reading({ charging: true, offIn: 90, needReplacement: true })).map((sign) => plain(sign.words)),
    ).toEqual(['Outlets off in 1 min 30 s', 'Battery wants replacing', 'Charging']);
  });
});

describe('names', () => {
  it('are those that the user gave, then those of the devices, then ids; each UPS once', () => {
    const slices = {
      status: { powers: [power(), power({ ups: { ...power().ups, id: 'new', name: '' } })] },
      supplies: { known: [{ id: power().ups.id, name: 'Feed A', commandsAllowed: false }] },
    };
    expect(allSupplies(slices)).toEqual([
      { id: power().ups.id, name: 'Feed A' },
      { id: 'new', name: 'new' },
    ]);
    expect(supplyName('gone', slices)).toBe('gone');
  });
});

describe('delays', () => {
  const minutes = { kind: 'steps', min: 60, max: 600, step: 60, round: 'down' } as const;
  const choices = { kind: 'choices', seconds: [20, 180, 300] } as const;
  const words = (delay: Parameters<typeof delayWords>[0], wanted: number) => plain(delayWords(delay, wanted));

  it('are said as the device will keep them', () => {
    expect(words(minutes, 120)).toBe('It will be 2 min.');
    expect(words(minutes, 119)).toBe('This UPS rounds down to 1 min: it will be 1 min.');
    expect(words(minutes, 5)).toBe('This UPS waits 1 min at least: it will be 1 min.');
    expect(words(minutes, 900)).toBe('This UPS waits 10 min at most: it will be 10 min.');
    expect(words({ ...choices, seconds: [...choices.seconds] }, 21)).toBe(
      'This UPS knows only 20 s, 3 min, 5 min: it will be 3 min.',
    );
    expect(firstDelay({ ...choices, seconds: [...choices.seconds] })).toBe(180);
  });

  it('are whole seconds', () => {
    expect(parseDelay(' 90 ')).toBe(90);
    expect(parseDelay('604800')).toBe(604_800);
    for (const bad of ['', '1.5', '-1', '604801', '1e3', 'soon']) expect(parseDelay(bad)).toBeNull();
  });

  it('belong to commands that each say what they do', () => {
    expect(new Set(upsCommands.map((command) => commandWords(command).what)).size).toBe(upsCommands.length);
  });
});

describe('details', () => {
  it('are found by any of their words, and copied in columns', () => {
    expect(filterDetails(details, '')).toHaveLength(7);
    expect(filterDetails(details, 'VOLTAGE summary').map((each) => each.raw)).toEqual(['0x0aa0']);
    const [first] = details;
    if (!first) throw new Error('no details');
    expect(detailsText([{ ...first, raw: 'a\tb\nc' }]).split('\n')[1]).toBe(
      'UPS.PowerSummary.RemainingCapacity\tFeature 0x0c, bits 0..7\ta b c\t98 %\tcharge\t',
    );
  });
});

describe('a server', () => {
  const filled = changeServer(serverFormOf(null), { address: '10.0.0.5' });

  it('needs a certificate that was confirmed for this very place', () => {
    const secure = changeServer(changeServer(filled, { isEncrypted: true }), { certificate });
    expect(missingIn(secure, null)).toBeNull();
    expect(missingIn(changeServer(secure, { port: 3494 }), null)).toBe('Read its certificate and confirm it first.');
    expect(changeServer(secure, { address: ' 10.0.0.5 ' }).certificate).toBe(certificate);
    expect(serverOf({ ...secure, isEncrypted: false }, null, new Set())).toMatchObject({ certificate: null });
  });

  it('needs its password anew where the kept one would go elsewhere', () => {
    const kept = servers[0]?.server ?? null;
    const form = serverFormOf(kept);
    expect(missingIn(form, kept)).toBeNull();
    expect(missingIn(form, null)).toBe('A user needs a password.');
    for (const change of [{ user: 'other' }, { isEncrypted: false }])
      expect(missingIn(changeServer(form, change), kept)).toMatch(/enter it again/);
    expect(missingIn(changeServer(form, { user: '' }), kept)).toBeNull();
    expect(missingIn(changeServer(filled, { password: 'x' }), null)).toBe('A password needs a user.');
  });

  it('gets the usual port of its kind, unless another was chosen', () => {
    expect(changeServer(filled, { kind: 'apcupsd' }).port).toBe(3551);
    expect(changeServer({ ...filled, port: 4000 }, { kind: 'apcupsd' }).port).toBe(4000);
  });

  it('shows its fingerprint as openssl prints it', () => {
    expect(asOpenssl(certificate)).toMatch(/^4F:9A:6C:0D:(..:){27}0D$/);
  });
});

describe('what feeds a host', () => {
  it('is said where it makes a difference', () => {
    expect(fedByWords({ upses: [], need: 'any' }, 1, nameOf)).toBeNull();
    expect(fedByWords({ upses: [], need: 'any' }, 2, nameOf)).toMatch(/goes down with any UPS/);
    expect(fedByWords({ upses: ['a'], need: 'all' }, 2, nameOf)).toBe('fed by A');
    expect(fedByWords({ upses: ['a', 'b'], need: 'all' }, 2, nameOf)).toBe('fed by A and B, needs all');
  });

  it('is ticked one by one', () => {
    const one = withFeed({ upses: ['a'], need: 'all' }, 'b', true);
    expect(one).toEqual({ upses: ['a', 'b'], need: 'all' });
    expect(withFeed(withFeed(one, 'b', true), 'a', false)).toEqual({ upses: ['b'], need: 'all' });
  });
});
