import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../electron/targets/platforms/session.ts';
import type { CommandResult } from '../../electron/targets/ssh/exec.ts';
import { listIn, rowsIn } from '../../electron/targets/windows/answer.ts';
import { readableErrors } from '../../electron/targets/windows/clixml.ts';
import { askToShutDown, idOf, turnOff } from '../../electron/targets/windows/hyper-v-scripts.ts';
import { askPowerShell, literal, powershell, runPowerShell } from '../../electron/targets/windows/powershell.ts';
import { faultOf, inventoryHost } from '../contract/targets-kit.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { words } from '../fakes/windows/command-line.ts';
import { runScript } from '../fakes/windows/powershell-run.ts';
import { parse } from '../fakes/windows/powershell-syntax.ts';
import { vmId } from '../fakes/windows/state.ts';

const host = inventoryHost({ address: '127.0.0.1', port: 22, fingerprint: null }, { kind: 'windows' });

/** A host that answers every command with this. */
function answering(more: Partial<CommandResult>): Session {
  const result: CommandResult = { stdout: '', stderr: '', code: 0, dropped: false, truncated: false, ...more };
  const unused = new Proxy({}, { get: () => expect.fail('not spoken to by SOAP') });
  return {
    host,
    clock: new ManualClock(),
    signal: new AbortController().signal,
    patience: 1,
    run: async () => result,
    api: unused as Session['api'],
    tell: () => undefined,
    other: () => null,
    own: null,
    spared: () => [],
  };
}

const decoded = (command: string): string => Buffer.from(command.split(' ').at(-1) ?? '', 'base64').toString('utf16le');

const nowhere = {
  cmdlet: () => undefined,
  program: () => undefined,
  isInRole: () => false,
};

describe('a string of PowerShell', () => {
  /** Texts in which what PowerShell would act on is frequent. */
  const nasty = fc.string({
    unit: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(...'\'\u2018\u2019\u201a\u201b"\u201c\u201d\u201e`$(){}@;|&,#\\\r\n\t \0-'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
    ),
    maxLength: 40,
  });

  it('is read back as it was, 10,000 times', () => {
    let naive = 0;
    fc.assert(
      fc.property(nasty, (text) => {
        expect(parse(literal(text))).toEqual([{ is: 'value', value: text }]);
        expect(parse(`Get-VM -Name ${literal(text)},${literal(text)} -Last ${literal(text)}|Stop-VM`)).toMatchObject([
          {
            parts: [
              {
                args: [
                  { name: 'Name', value: { items: [{ value: text }, { value: text }] } },
                  { name: 'Last', value: { value: text } },
                ],
              },
              { name: { value: 'Stop-VM' }, args: [] },
            ],
          },
        ]);
        naive += readsBack(`'${text.replaceAll("'", "''")}'`, text) ? 0 : 1;
      }),
      { numRuns: 10_000, seed: 22 },
    );
    // The reader is no rubber stamp: doubling ' alone, as is often done, fails on the curly ones.
    expect(naive).toBeGreaterThan(3000);
  });

  it.each([
    ["it's", "'it''s'"],
    ['\u2019;Stop-Computer;\u2018', "'\u2019\u2019;Stop-Computer;\u2018\u2018'"],
    ['$(calc) `n', "'$(calc) `n'"],
    ['', "''"],
  ])('%j is %j', (text, written) => {
    expect(literal(text)).toBe(written);
  });

  it.each(["'it's'", "'\u2019'", '"$(', '@{a=1', 'a | ', '"a`nb"', "'a' 'b'"])('the reader refuses %j', (source) => {
    expect(() => parse(source)).toThrow();
  });
});

function readsBack(source: string, text: string): boolean {
  try {
    const [node, ...rest] = parse(source);
    return rest.length === 0 && node?.is === 'value' && node.value === text;
  } catch {
    return false;
  }
}

describe('a script as a command', () => {
  const command = powershell("@{name='a \u2019 \u00fc \ud83d\ude00 < \u0027\u0027'}");

  it('has nothing that cmd.exe or PowerShell would act on', () => {
    expect(command).toMatch(/^powershell -NoProfile -NonInteractive -EncodedCommand [A-Za-z0-9+/]+={0,2}$/);
    expect(words(command)).toEqual(command.split(' '));
    expect(parse(command)).toMatchObject([{ is: 'command', args: [{ name: 'NoProfile' }, {}, {}] }]);
  });

  it('answers one line of ASCII, whatever the console is', async () => {
    const doubled = powershell("@{name='a \u2019\u2019 \u00fc \ud83d\ude00 < \u0027\u0027'}");
    const { stdout } = runScript(decoded(doubled), nowhere);
    expect(stdout).toMatch(/^glidepath-ok [ -~]+\r\n$/);
    const answer = await runPowerShell(answering({ stdout }), doubled);
    expect(answer).toEqual({ kind: 'ok', value: { name: "a \u2019 \u00fc \ud83d\ude00 < '" } });
  });

  it('tells what was thrown, with the umlauts that it has', async () => {
    const { stdout } = runScript(decoded(powershell('Get-Nothing\n@{}')), nowhere);
    expect(await runPowerShell(answering({ stdout }), command)).toMatchObject({
      kind: 'failed',
      denied: false,
      what: expect.stringContaining('ausführbaren'),
    });
  });

  it('of a list of none, one and two is told apart', () => {
    const lists = "@{none=@();one=@('a');two=@('a','b')}";
    const { stdout } = runScript(decoded(powershell(lists)), nowhere);
    const answer = JSON.parse(stdout.replace('glidepath-ok ', ''));
    expect(['none', 'one', 'two'].map((name) => listIn(answer, name))).toEqual([[], ['a'], ['a', 'b']]);
  });

  it('that cmd.exe would not take is not sent', async () => {
    const long = powershell(`@{a='${'x'.repeat(3000)}'}`);
    const fault = await faultOf(runPowerShell({ ...answering({}), run: () => expect.fail('it was sent') }, long));
    expect([fault.code, fault.what]).toEqual(['invalid-input', expect.stringMatching(/has 9\d{3} characters/)]);
  });

  it('fits with as many ids as are cut at once', () => {
    expect(turnOff(Array.from({ length: 16 }, (_, at) => vmId(at))).length).toBeLessThan(8000);
  });

  it.each(['', "0'; Stop-Computer; '", '0a1b2c3d-4e5f-4a6b-8c7d-00000000000g', `${vmId(1)}\n`, `{${vmId(1)}}`])(
    'holds no id but a GUID: %j',
    (id) => {
      expect(() => idOf(id)).toThrow("not a VM's id");
      expect(() => askToShutDown(id)).toThrow("not a VM's id");
    },
  );
});

describe('an answer of PowerShell', () => {
  const ask = (more: Partial<CommandResult>) => faultOf(askPowerShell(answering(more), powershell('@{}'), 'looking'));

  it('is the last line of ours, whatever start-up files print', async () => {
    const stdout = 'Willkommen!\r\nglidepath-ok {"a":1}\r\n\ufeffglidepath-ok {"a":2}\r\n\r\n';
    expect(await runPowerShell(answering({ stdout, code: 1 }), '')).toEqual({ kind: 'ok', value: { a: 2 } });
  });

  it.each(['glidepath-ok {"a":', 'glidepath-ok [1]', 'glidepath-ok null', 'glidepath-failed nix'])(
    'that is broken is no answer: %s',
    async (stdout) => {
      expect((await ask({ stdout })).code).toBe('unexpected-answer');
    },
  );

  it('that never came says what PowerShell said of itself', async () => {
    const stderr =
      '#< CLIXML\r\n<Objs Version="1.1.0.1"><S S="Error">Das Token _x000D__x000A_</S><S S="Warning">nein</S><S S="Error">&lt;x&gt; &#39;_x0041_&#x27;</S></Objs>';
    expect(await ask({ stderr, code: 1 })).toMatchObject({
      code: 'command-failed',
      what: "PowerShell did not run while looking (exit code 1: Das Token <x> 'A')",
    });
    expect(readableErrors('plain\r\n')).toBe('plain');
  });

  it('that never comes to an end of its errors holds nobody up', () => {
    const before = performance.now();
    expect(readableErrors(`#< CLIXML${'<S S="Error">'.repeat(80_000)}`)).toBe('');
    // All of it takes ten seconds and more.
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('that was lost is a lost connection', async () => {
    expect((await ask({ code: null, dropped: true })).code).toBe('dead-peer');
  });

  it.each([
    ['PermissionDenied', 'not-allowed'],
    ['SecurityError', 'not-allowed'],
    ['ObjectNotFound', 'command-failed'],
  ])('that says %s is %s', async (category, code) => {
    const stdout = `glidepath-failed {"what":"Zugriff","category":"${category}"}`;
    expect(await ask({ stdout })).toMatchObject({ code, what: 'looking failed: Zugriff' });
  });

  it.each([
    [undefined, []],
    [null, []],
    [{ a: 1 }, [{ a: 1 }]],
    [[{ a: 1 }], [{ a: 1 }]],
    [{ value: [1, 2], Count: 2 }, [1, 2]],
    [{ value: [1, 2], Count: 3 }, [{ value: [1, 2], Count: 3 }]],
  ])('holds in %j the list %j', (list, items) => {
    expect(listIn({ list }, 'list')).toEqual(items);
  });

  it('with a row that lacks something is not used', () => {
    expect(() => rowsIn(host, { rows: [{ id: 'a' }, { id: 1 }] }, 'rows', ['id'])).toThrow('among its rows');
    expect(() => rowsIn(host, { rows: [null] }, 'rows', ['id'])).toThrow();
  });
});
