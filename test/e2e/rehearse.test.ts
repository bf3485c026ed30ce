import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/brain/system-clock.ts';
import { expand } from '../../electron/core/plan/expand.ts';
import { usual } from '../../electron/core/plan/usual.ts';
import type { Credential, Credentials } from '../../electron/core/ports.ts';
import { rehearse } from '../../electron/core/rehearsal.ts';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import { stepTable } from '../../electron/targets/kinds/table.ts';
import { lookAt } from '../../electron/targets/reach.ts';
import { resolveName } from '../../electron/targets/resolve-name.ts';
import { SoapPool } from '../../electron/targets/soap/pool.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import type { Rehearsal } from '../../shared/rehearsal.ts';
import { sequenceSchema } from '../../shared/sequence.ts';
import { esxiVm } from '../fakes/esxi/shell.ts';
import { noOrders, noPasswords } from '../fakes/no-ups.ts';
import { Rack, type RackHost } from '../fakes/rack/rack.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';

const off = '/usr/bin/systemctl poweroff';
const sequence = sequenceSchema.parse({
  format: 'glidepath-sequence',
  version: 3,
  id: 'all',
  name: 'All',
  stages: [
    { id: 'guests', name: 'Guests', steps: [{ id: 'guests', kind: 'shut-down-guests', target: 'esx' }] },
    {
      id: 'hosts',
      name: 'Hosts',
      steps: [
        { id: 'enter', kind: 'enter-maintenance', target: 'esx' },
        { id: 'off', kind: 'power-off', target: 'all', needs: ['enter'] },
      ],
    },
  ],
  pointOfNoReturn: 'hosts',
  returnStages: [{ id: 'back', name: 'Back', steps: [{ id: 'wake', kind: 'wake', target: 'all' }] }],
  returnWhen: {},
});

let rack: Rack;

/** As it should be: each host with its own key, right and MAC. */
const hostOf = (machine: RackHost): Host =>
  hostSchema.parse({
    id: machine.name,
    name: machine.name,
    kind: machine.kind,
    address: machine.address,
    port: machine.port,
    user: machine.user,
    login: machine.credential.includes('PRIVATE KEY') ? 'key' : 'password',
    macs: [machine.mac],
    hostKeys: [{ type: 'ssh-ed25519', fingerprint: machine.hostKeyFingerprint }],
    ...(machine.user !== 'root' && { sudo: true }),
  });

const credentialOf = ({ credential }: RackHost): Credential =>
  credential.includes('PRIVATE KEY')
    ? { kind: 'key', privateKey: credential, passphrase: '' }
    : { kind: 'password', password: credential };

async function held(hosts: readonly Host[], credentials: Credentials): Promise<Rehearsal> {
  const shell = new SshPool(credentials, systemClock);
  try {
    return await rehearse({
      plan: { sequence, hash: 'a'.repeat(64) },
      compiled: expand(sequence, hosts),
      hosts,
      hostsHash: 'b'.repeat(64),
      steps: stepTable({
        clock: systemClock,
        shell,
        soap: new SoapPool(credentials, systemClock),
        notifier: { notify: () => undefined },
        look: lookAt,
        addresses: { of: resolveName },
        hosts: () => null,
        own: () => null,
        secrets: noPasswords,
        orders: noOrders,
        wakeTo: [],
      }),
      clock: systemClock,
      expected: usual,
      runtimeLeft: null,
      cause: 'by-hand',
      signal: new AbortController().signal,
      progress: () => undefined,
    });
  } finally {
    shell.close();
  }
}

const told = ({ steps }: Rehearsal, verdict: string): string[][] =>
  steps
    .filter((step) => step.verdict === verdict)
    .map(({ stepId, checks }) => {
      const worst = checks.find((check) => check.verdict === verdict);
      return [stepId, worst?.what ?? '', worst?.fault?.code ?? ''];
    });

/** What OpenSSH, sudo and the power commands of the hosts saw. */
function destructive(): unknown[] {
  return rack.hosts.flatMap((host) => [
    ...host.powerCommands,
    ...host.commands.filter(({ text }) => !isHarmless(text)),
    ...(host.state !== 'on' || host.wakeCount + host.magicPackets + host.crashedVms > 0 ? [host.name] : []),
    ...(host.esxi?.state.vms.filter((vm) => vm.power === 'off') ?? []),
  ]);
}

describe.skipIf(process.getuid?.() !== 0)('a rehearsal on real SSH hosts', () => {
  beforeAll(async () => {
    rack = await Rack.up({
      hosts: [
        { name: 'web' },
        { name: 'db', logins: ['password'] },
        { name: 'nas', user: 'ups', sudo: [] },
        { name: 'backup', user: 'ups', sudo: [off] },
        { name: 'esx', kind: 'esxi', esxi: { vms: [esxiVm(1, 'dc-1'), esxiVm(2, 'web front (old)')] } },
        // sudo lists the command as allowed, and would ask for a password.
        { name: 'trap', user: 'ups', sudo: ['/usr/bin/id', 'PASSWD: ALL'] },
      ],
    });
  });

  afterAll(() => rack?.down());

  it('with a broken key, a missing sudo right and a wrong MAC names exactly these three', async () => {
    const machines = rack.hosts.filter(({ name }) => name !== 'trap');
    const hosts = machines
      .map(hostOf)
      .map((host) => (host.id === 'db' ? { ...host, macs: ['02:67:70:ff:ff:ff'] } : host));
    const broken = newSshKey('broken');
    const began = performance.now();
    const report = await held(hosts, {
      for: async ({ id }) =>
        id === 'web' ? { kind: 'key', privateKey: broken.privateKey, passphrase: '' } : credentialOf(rack.host(id)),
    });
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(told(report, 'fails')).toEqual([
      ['off.web', 'login', 'login-refused'],
      ['off.nas', 'privilege', 'not-allowed'],
      ['wake.db', 'mac', 'no-mac'],
    ]);
    expect(told(report, 'cannot-check')).toEqual([]);
    expect(report.steps.length).toBe(12);
    // The network’s own table told the MAC of the host that let nobody in.
    const web = report.steps.find(({ stepId }) => stepId === 'wake.web');
    expect(web?.checks.at(-1)?.detail).toContain('the network has it');
    const logins = report.steps.flatMap(({ checks }) => checks.filter(({ what }) => what === 'login'));
    expect(logins.every(({ ms }) => ms !== null && ms > 0)).toBe(true);
    // One try each: a host locks an account over more.
    await expect.poll(() => rack.host('web').logins.map(({ accepted }) => accepted)).toEqual([false]);
    expect(rack.host('db').logins.map(({ accepted }) => accepted)).toEqual([true]);
    expect(destructive()).toEqual([]);
  });

  it('is not taken in by a sudo that would ask for a password', async () => {
    const hosts = [hostOf(rack.host('trap')), hostOf(rack.host('backup'))];
    const report = await held(hosts, { for: async ({ id }) => credentialOf(rack.host(id)) });
    const offs = report.steps.filter(({ kind }) => kind === 'power-off');
    expect(offs.map(({ hostName, verdict }) => [hostName, verdict])).toEqual([
      ['trap', 'fails'],
      ['backup', 'ready'],
    ]);
    expect(offs[0]?.checks.at(-1)?.detail).toContain('asks ups for a password before it runs');
    expect(destructive()).toEqual([]);
  });
});
