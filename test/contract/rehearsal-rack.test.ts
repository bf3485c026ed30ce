import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import { usual } from '../../electron/core/plan/usual.ts';
import type { Credentials } from '../../electron/core/ports.ts';
import { rehearse } from '../../electron/core/rehearsal.ts';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import { stepTable } from '../../electron/targets/kinds/table.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import { demoSequence } from '../../scripts/demo/demo-sequence.ts';
import { type DemoRack, openRack } from '../../scripts/demo/rack.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Rehearsal } from '../../shared/rehearsal.ts';
import { LinuxHost } from '../fakes/linux-host.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';
import { offAndBack } from '../unit/rehearsal-kit.ts';
import { type Bench, bench, byKey } from './targets-kit.ts';

let rack: DemoRack;
let b: Bench;

beforeAll(async () => {
  rack = await openRack(new ManualClock());
  b = bench(byKey);
});

afterAll(() => rack.close());

/** The demo's plan, with the product's own step table. */
async function held(
  hosts: readonly Host[],
  credentials: Credentials,
  { sequence = demoSequence, signal = new AbortController().signal } = {},
): Promise<Rehearsal> {
  const shell = new SshPool(credentials, b.clock);
  const rehearsal = rehearse({
    plan: { sequence, hash: 'a'.repeat(64) },
    compiled: expand(sequence, hosts),
    hosts,
    hostsHash: 'b'.repeat(64),
    steps: stepTable({ ...b.deps, shell }),
    clock: b.clock,
    expected: usual,
    runtimeLeft: null,
    cause: 'by-hand',
    signal,
    progress: () => undefined,
  });
  const report = await b.meanwhile(rehearsal);
  shell.close();
  return report;
}

/** Everything that would change a machine, and everything that did. */
function destructive(): unknown[] {
  const sent = rack.machines.flatMap(({ name, ssh }) => ssh.log.map(({ text }) => ({ name, text })));
  expect(sent.length).toBeGreaterThan(0);
  return [
    ...sent.filter(({ text }) => !isHarmless(text)),
    ...rack.machines.filter(({ state, wakeCount }) => state !== 'on' || wakeCount > 0),
  ];
}

const notReady = ({ steps }: Rehearsal): string[] =>
  steps
    .filter(({ verdict }) => verdict !== 'ready')
    .map(({ stepId, verdict, checks }) => {
      const worst = checks.find((check) => check.verdict === verdict);
      return `${stepId}: ${worst?.what} ${verdict}`;
    });

it('of the demo’s rack is ready throughout, and switches nothing off', async () => {
  const report = await held(rack.hosts, rack.credentials);
  expect(report.steps.length).toBe(12);
  expect(notReady(report)).toEqual([]);
  expect(report.needs.p90).toBeGreaterThanOrEqual(report.needs.p50);
  expect(destructive()).toEqual([]);
  expect(rack.guestsOn().length).toBe(rack.guestCount);
});

it('with a broken key, a missing sudo right and a wrong MAC names exactly these three', async () => {
  const nas = rack.machines.find(({ name }) => name === 'nas-1');
  if (!(nas instanceof LinuxHost)) throw new Error('the demo has no nas-1');
  nas.fault = 'no-sudo';
  const broken = newSshKey('broken');
  const credentials: Credentials = {
    for: async (host) =>
      host.id === 'web-1' ? { kind: 'key', privateKey: broken.privateKey, passphrase: '' } : rack.credentials.for(host),
  };
  const hosts = rack.hosts.map((host) => (host.id === 'backup-1' ? { ...host, macs: ['02:00:00:00:00:33'] } : host));
  const report = await held(hosts, credentials);
  const failing = report.steps.filter(({ verdict }) => verdict === 'fails');
  expect(failing.map(({ hostName, checks }) => [hostName, checks.find(({ fault }) => fault)?.fault?.code])).toEqual([
    ['web-1', 'login-refused'],
    ['nas-1', 'not-allowed'],
    ['backup-1', 'no-mac'],
  ]);
  // Who cannot be asked for its MAC is not said to be ready to be woken by it; loopback has no table of neighbours.
  expect(notReady(report)).toEqual([
    'off-web: login fails',
    'off-nas: privilege fails',
    'wake-web: mac cannot-check',
    'wake-backup: mac fails',
  ]);
  expect(destructive()).toEqual([]);
  expect(rack.guestsOn().length).toBe(rack.guestCount);
});

it('of as many hosts as are looked at at once warns of no leak, and leaves none', async () => {
  const one = rack.hosts.find(({ name }) => name === 'web-1');
  if (!one) throw new Error('the demo has no web-1');
  const hosts = Array.from({ length: 8 }, (_, at) => ({ ...one, id: `web-${at}`, name: `web-${at}` }));
  const warnings: string[] = [];
  const warned = ({ message }: Error) => warnings.push(message);
  process.on('warning', warned);
  const { signal } = new AbortController();
  const report = await held(hosts, { for: () => rack.credentials.for(one) }, { sequence: offAndBack(hosts), signal });
  process.off('warning', warned);
  expect([report.steps.length, notReady(report), warnings]).toEqual([16, [], []]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
