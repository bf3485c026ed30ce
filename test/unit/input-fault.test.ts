import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formWords } from '../../electron/app/form-words.ts';
import { inputFault } from '../../electron/app/input-fault.ts';
import { type RequestName, requestSchemas } from '../../shared/ipc.ts';
import { everyKind, everyStepPlan } from '../fakes/window/platforms.ts';

/** What the user reads when this input is refused. */
function refusal(name: RequestName, input: unknown) {
  const parsed = requestSchemas[name].safeParse(input);
  if (parsed.success) throw new Error(`${name} takes it`);
  return inputFault(name, input, parsed.error.issues).fault;
}
const [linux] = everyKind;
const host = (change: object) => ({ host: { ...linux, ...change } });
const mail = {
  id: 'm',
  name: 'Ada',
  kind: 'mail',
  categories: [],
  server: 'a.example',
  user: '',
  from: 'a@b',
  to: ['a@b'],
};
const server = { id: 'n', kind: 'nut', address: '10.0.0.5', user: '', certificate: null };

describe('a refused field', () => {
  it.each<[string, RequestName, unknown, string]>([
    [
      'an address with a scheme',
      'hosts.save',
      host({ address: 'https://10.0.0.5' }),
      '“Address” is not right: a host name or an IP address, as nas.lan or 10.0.0.5.',
    ],
    [
      'a user with a blank',
      'hosts.save',
      host({ user: 'a b' }),
      '“User” is not right: letters, digits and _.@\\- only, 64 at most, a letter or _ first.',
    ],
    [
      'a name without an end',
      'hosts.save',
      host({ name: 'x'.repeat(101) }),
      '“Name” is not right: 100 characters at most.',
    ],
    [
      'a name that is none',
      'hosts.save',
      host({ id: 'all' }),
      '“Name” is not right: this word means a group of hosts.',
    ],
    [
      'the second of three MACs',
      'hosts.save',
      host({ macs: ['001122334455', 'zz', '001122334455'] }),
      '“MAC addresses” is not right, entry 2: a MAC address has six bytes: 00:11:22:33:44:55.',
    ],
    [
      'nine MACs',
      'hosts.save',
      host({ macs: Array(9).fill('001122334455') }),
      '“MAC addresses” is not right: 8 at most.',
    ],
    [
      'a tag',
      'hosts.save',
      host({ tags: ['ok', 'склад'] }),
      '“Tags” is not right, entry 2: small letters, digits and "-", 64 at most.',
    ],
    ['a port', 'hosts.save', host({ port: 0 }), '“SSH port” is not right: 1 at least.'],
    [
      'a port of an API',
      'hosts.save',
      host({ kind: 'vcenter', login: 'password', port: 70_000 }),
      '“HTTPS port” is not right: 65535 at most.',
    ],
    [
      'the login of an API',
      'hosts.save',
      host({ kind: 'vcenter', login: 'key' }),
      '“Signs in with” is not right: vCenter is signed in to with a password.',
    ],
    [
      'a command',
      'hosts.save',
      host({ powerOffCommand: 'x'.repeat(501) }),
      '“Power off command” is not right: 500 characters at most.',
    ],
    [
      'of a controller',
      'hosts.save',
      host({ bmc: { protocol: 'ipmi', address: '', user: 'a' } }),
      '“Address of the controller” is not right: a host name or an IP address, as nas.lan or 10.0.0.5.',
    ],
    [
      'of a server',
      'servers.save',
      { server: { ...server, user: 'a b' } },
      '“User” is not right: letters, digits and _.@- only, 64 at most.',
    ],
    [
      'of a server that is asked',
      'servers.readCertificate',
      { address: '-x', port: 1 },
      '“Address” is not right: a host name or an IP address, as nas.lan or 10.0.0.5.',
    ],
    [
      'the third recipient',
      'channels.save',
      { channel: { ...mail, to: ['a@b', 'b@c', 'c'] } },
      '“To” is not right, entry 3: an e-mail address.',
    ],
    ['no recipient', 'channels.save', { channel: { ...mail, to: [] } }, '“To” is not right: 1 at least.'],
    [
      'a program',
      'channels.save',
      { channel: { id: 'c', name: 'c', kind: 'command', categories: [], program: 'tell' } },
      '“Program” is not right: a program with its whole path.',
    ],
    [
      'of a UPS',
      'ups.save',
      { supply: { id: 'u', name: ' ', commandsAllowed: false } },
      '“Name” is not right: it must not be empty.',
    ],
    [
      'of the first step of the second return stage',
      'plan.check',
      {
        sequence: {
          ...everyStepPlan,
          returnStages: [
            ...everyStepPlan.returnStages,
            { id: 'x', name: 'X', steps: [{ id: 'w', kind: 'wait', seconds: 0 }] },
          ],
        },
      },
      'Return stage 2, step 1: “Seconds” is not right: 1 at least.',
    ],
    [
      'the name of a plan',
      'plan.save',
      { sequence: { ...everyStepPlan, name: ' ' }, baseHash: '' },
      '“Name of the plan” is not right: it must not be empty.',
    ],
    [
      'of a stage',
      'plan.save',
      { sequence: { ...everyStepPlan, stages: [{ ...everyStepPlan.stages[0], name: 'a\nb' }] }, baseHash: '' },
      'Stage 1: “Name” is not right: must be one line without control characters.',
    ],
  ])('%s is called as the form calls it', (_what, name, input, words) => {
    expect(refusal(name, input)).toEqual({
      code: 'invalid-input',
      what: words,
      where: expect.not.stringMatching(/^(hosts|servers|channels|ups|plan)\.[a-z]/),
      remedy: 'Correct it and try again.',
    });
  });

  it('is told with the others, up to five', () => {
    const { what, where } = refusal('hosts.save', host({ name: 'box', address: '', user: '', port: 0 }));
    expect(what.match(/“[^”]+”/g)).toEqual(['“Address”', '“SSH port”', '“User”']);
    expect(where).toBe('box');
    const many = refusal('hosts.save', host({ address: '', user: '', port: 0, macs: ['a', 'b', 'c', 'd'] })).what;
    expect(many).toMatch(/entry 2.* 2 more fields are not right either\.$/);
  });

  it('is never repeated: it may be a secret', () => {
    const inputs: [RequestName, unknown][] = [
      ['hosts.setSecret', { id: 'nas', secret: 'horse'.repeat(5000), passphrase: '' }],
      ['hosts.setSecret', { id: 'nas', secret: 'x', passphrase: 'horse'.repeat(5000) }],
      ['servers.setPassword', { id: 'nut', password: 'horse'.repeat(5000) }],
      ['channels.setSecret', { id: 'ops', secret: 'x', token: 'horse battery' }],
      [
        'channels.save',
        { channel: { id: 'c', name: 'c', kind: 'command', categories: [], program: 'horse', arguments: ['horse\0'] } },
      ],
      ['hosts.save', host({ user: 'horse staple', address: 'horse staple' })],
    ];
    for (const [name, input] of inputs) {
      const fault = refusal(name, input);
      expect(fault.what, name).toContain('is not right');
      expect(JSON.stringify(fault), name).not.toContain('horse');
    }
  });
});

describe('what stands in no field', () => {
  it.each<[RequestName, unknown, string]>([
    ['hosts.save', host({ hostKeys: [{ type: 'x', fingerprint: '' }] }), 'host.hostKeys.0.type: '],
    ['hosts.save', undefined, 'input: '],
    ['hosts.save', { host: null }, 'host: '],
    ['hosts.save', { host: { ...linux, extra: 1 } }, 'host: '],
    ['snapshot', { extra: 1 }, 'input: '],
    ['plan.arm', { hash: 'short' }, 'hash: '],
  ])('of %s is a defect of ours, with its place', (name, input, place) => {
    const fault = refusal(name, input);
    expect(fault.what.startsWith(place), fault.what).toBe(true);
    expect(fault).toMatchObject({ where: name, remedy: expect.stringContaining('defect in Glidepath') });
  });

  it('does not hide the field that is wrong besides', () => {
    expect(refusal('hosts.save', host({ extra: 1, address: '' })).what).toMatch(/^“Address” is not right: [^“]*$/);
  });
});

describe('the words for fields', () => {
  const folder = join(import.meta.dirname, '../../renderer');
  const forms = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  // One field of two names: which of them is shown depends on what is entered.
  const apart: Readonly<Record<string, string[]>> = {
    'Private key or password': ['Private key', 'Password'],
    'URL or password': ['URL', 'Password'],
  };

  it('are those of the window', () => {
    const inputs = [host({}), host({ kind: 'vcenter' })];
    const labels = Object.values(formWords).flatMap((words) =>
      inputs.flatMap((input) => Object.values(words.fields(input))),
    );
    expect(labels.length).toBeGreaterThan(40);
    const missing = [...new Set(labels)]
      .flatMap((label) => apart[label] ?? [label])
      .filter((label) => ![`label="${label}"`, `'${label}'`, `>${label}<`].some((written) => forms.includes(written)));
    expect(missing).toEqual([]);
  });

  it('stand at places that the request has', () => {
    // Whatever else is entered there, some wrong value of each field is told by its words.
    const wrong = [null, '', 'x'.repeat(3000), -1, 1e9, Array(3000).fill('\0')];
    const samples: Partial<Record<RequestName, object>> = {
      'hosts.save': host({ bmc: { protocol: 'ipmi', address: 'a', user: 'a' } }),
    };
    for (const [place, label] of Object.entries(formWords['hosts.save']?.fields(host({})) ?? {})) {
      const told = wrong.flatMap((value) => {
        const input = structuredClone(samples['hosts.save']) as Record<string, unknown>;
        const path = place.split('.');
        const owner = path
          .slice(0, -1)
          .reduce<Record<string, unknown>>((at, part) => at[part] as Record<string, unknown>, input);
        owner[path.at(-1) as string] = value;
        const parsed = requestSchemas['hosts.save'].safeParse(input);
        return parsed.success ? [] : [inputFault('hosts.save', input, parsed.error.issues).fault.what];
      });
      expect(told.join(), place).toContain(`“${label}”`);
    }
  });
});
