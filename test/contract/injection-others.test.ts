import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runLocal } from '../../electron/notify/local-command.ts';
import { envelope, value } from '../../electron/targets/soap/write.ts';
import { find, parseXml } from '../../electron/targets/soap/xml.ts';
import type { CommandResult } from '../../electron/targets/ssh/exec.ts';
import { type CommandChannel, commandChannelSchema } from '../../shared/channels.ts';
import { nastyString, nastyStrings } from '../fakes/hostile/strings.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { Chance } from '../fuzz/ups-chance.ts';
import { sampleMessage } from './notify-kit.ts';
import { bench, byKey, inventoryHost } from './targets-kit.ts';

const seed = Number(process.env.GLIDEPATH_SEED ?? 20_261_122);
const strings = (count: number): string[] => [
  ...nastyStrings,
  ...Array.from({ length: count - nastyStrings.length }, (_, at) => nastyString(new Chance(seed + at))),
];

describe("a notice's program", () => {
  it.skipIf(process.platform === 'win32')(
    'gets every word, title and body as they are, 1,000 times',
    { timeout: 60_000 },
    async () => {
      const folder = await temporaryFolder();
      const all = strings(1000);
      // What was said of a notice is one line, of its body lines: that is seen to before.
      for (let at = 0; at < all.length; at += 10) {
        const words = all.slice(at, at + 10);
        const file = join(folder, String(at));
        const script = 'printf "%s\\0" "$GLIDEPATH_TITLE" "$GLIDEPATH_BODY" "$@" >"$0" && cat >>"$0"';
        const channel: CommandChannel = {
          ...commandChannelSchema.parse({
            id: 'it',
            name: 'It',
            categories: [],
            kind: 'command',
            program: '/bin/sh',
            arguments: [],
          }),
          arguments: ['-c', script, file, ...words],
        };
        const [title = '', body = ''] = words;
        const message = { ...sampleMessage, title, body };
        expect(await runLocal(channel, message, new AbortController().signal)).toEqual({ type: 'delivered' });
        const given = [`cellar: ${title}`, body, ...words, `cellar: ${title}\n\n${body}\n`];
        expect(readFileSync(file, 'utf8').split('\0')).toEqual(given);
      }
    },
  );
});

describe("a user's own command", () => {
  it('is sent as it was written, 10,000 times', async () => {
    const sent: string[] = [];
    const done: CommandResult = { stdout: '', stderr: '', code: 0, dropped: false, truncated: false };
    const b = bench(byKey);
    const { table, step } = bench(byKey, {
      shell: Object.assign(Object.create(b.pool), {
        run: async (_host: unknown, command: string) => {
          sent.push(command);
          return done;
        },
      }),
    });
    const host = inventoryHost({ address: '127.0.0.1', port: 22, fingerprint: null });
    const written: string[] = [];
    for (const text of strings(10_000)) {
      const command = text.trim().slice(0, 500);
      if (command === '') continue;
      const context = step({ kind: 'command', target: 'web', command }, host);
      written.push(command);
      await table.command.act(context);
    }
    expect(sent).toEqual(written);
    expect(written.length).toBeGreaterThan(9000);
  });
});

describe('a word in a SOAP request', () => {
  it('is read back as it was, 10,000 times', () => {
    const self = { type: 'HostSystem', value: 'ha-host' };
    // What XML cannot hold is left out.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very ones
    const held = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
    for (const text of strings(10_000)) {
      const sent = envelope('Login', self, [value('userName', text), value('password', `x${text}x`)]);
      // A reader of XML makes a line feed of it.
      expect(sent).not.toContain('\r');
      const body = find(parseXml(sent), 'Body');
      expect(body?.children.map(({ name }) => name)).toEqual(['Login']);
      const login = body?.children[0];
      expect(login?.children.map((one) => [one.name, one.text])).toEqual([
        ['_this', 'ha-host'],
        ['userName', held(text)],
        ['password', `x${held(text)}x`],
      ]);
    }
  });
});
