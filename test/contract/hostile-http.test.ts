import { describe, expect, it } from 'vitest';
import type { HostPasswords } from '../../electron/core/ports.ts';
import { deliver } from '../../electron/notify/deliver.ts';
import { NameLookup } from '../../electron/notify/lookup.ts';
import type { Outcome } from '../../electron/notify/outcome.ts';
import { hasBmc, switchOn } from '../../electron/targets/bmc/switch-on.ts';
import { faultSchema } from '../../shared/fault.ts';
import { answer, type HttpAttack, httpAttacks, saysNo, slowHttpAttacks } from '../fakes/hostile/http-attacks.ts';
import { openHttp } from '../fakes/hostile/https-peer.ts';
import { jsonAttacks } from '../fakes/hostile/json-attacks.ts';
import { HostilePeer } from '../fakes/hostile/peer.ts';
import { type Attack, besiege } from '../fakes/hostile/siege.ts';
import { type TlsAttack, tlsAttacks } from '../fakes/hostile/tls-attacks.ts';
import { selfSigned } from '../fakes/vcenter/certificate.ts';
import type { Chance } from '../fuzz/ups-chance.ts';
import { endOf, hastyClock, letGo, sizes } from './hostile-kit.ts';
import { keptUrl, sampleMessage, secretPath, secretToken, webhook } from './notify-kit.ts';
import { inventoryHost } from './targets-kit.ts';

const [ours, other] = [selfSigned(), selfSigned()];
const statuses = [300, 301, 400, 401, 403, 404, 408, 410, 429, 500, 503, 599].map(saysNo);
const manners = [...httpAttacks, ...slowHttpAttacks, ...statuses];

/** What reached somebody whose certificate is not the right one. */
let overheard = '';
const overTls = tlsAttacks(other, (text) => {
  overheard += text;
});

interface Against extends Attack {
  open(chance: Chance): Promise<HostilePeer>;
  isSecure: boolean;
  /** Nothing that could be taken for an answer ever comes. */
  isEndless: boolean;
}

const inTls = (ends: (attack: TlsAttack) => readonly string[], slow: boolean): Against[] =>
  overTls.map((attack) => ({
    name: attack.name,
    ends: ends(attack),
    slow: slow && attack.manner === 'endless',
    isSecure: true,
    isEndless: attack.manner === 'endless',
    open: (chance) => HostilePeer.open((socket) => attack.serve(socket, chance)),
  }));

describe('a webhook', () => {
  /** The clock runs so much faster where nothing would come anyway: its 10 s are half a second. */
  const hasteFor = ({ isEndless }: Against): number => (isEndless ? 20 : 0.5);
  const secrets = [secretPath, secretToken, 'verysecret'];

  /** Of its answer, only the status counts. */
  function verdictOf({ status }: HttpAttack): string {
    if (status === null) return 'retry: unreachable';
    if (status < 300) return 'delivered';
    if (status === 401) return 'hold: login-refused';
    if (status === 408 || status === 429 || status >= 500) return 'retry: unexpected-answer';
    return 'give-up: not-delivered';
  }

  const overHttp = manners.flatMap((attack): Against[] =>
    [ours, null].map((certificate) => ({
      name: `${attack.name}${certificate ? ' over TLS' : ''}`,
      ends: [verdictOf(attack)],
      isSecure: certificate !== null,
      isEndless: attack.manner === 'endless' && attack.status === null,
      open: (chance) => openHttp(certificate, (stream) => attack.serve(stream, chance, '')),
    })),
  );
  const attacks = [
    ...overHttp,
    ...inTls(
      ({ manner }) =>
        manner === 'untrusted'
          ? ['retry: tls-failed']
          : ['retry: unreachable', ...(manner === 'broken' ? ['retry: tls-failed'] : [])],
      false,
    ),
  ];

  async function one(attack: Against, chance: Chance): Promise<string> {
    const peer = await attack.open(chance);
    const url = `${attack.isSecure ? 'https' : 'http'}://localhost:${peer.port}/${secretPath}`;
    const deps = {
      clock: hastyClock(hasteFor(attack)),
      lookup: new NameLookup().function,
      roots: ours.cert,
      secret: async () => keptUrl(url, secretToken),
    };
    try {
      const shape = chance.pick(['json', 'ntfy', 'slack', 'discord', 'teams']);
      return told(await deliver(deps, webhook(shape, url), sampleMessage, new AbortController().signal));
    } finally {
      await letGo(peer, () => undefined);
    }
  }

  function told(outcome: Outcome): string {
    if (outcome.type === 'delivered') return outcome.type;
    const said = JSON.stringify(faultSchema.parse(outcome.fault));
    for (const secret of secrets) expect(said).not.toContain(secret);
    return `${outcome.type}: ${outcome.fault.code}`;
  }

  it('of any hostile receiver has an outcome that is known, in time, and takes no memory', {
    timeout: 600_000,
  }, async () => {
    const late = { end: 'retry: unreachable', ms: 20_000 };
    const siege = await besiege({ ...sizes(), attacks, slowShare: 0, width: 12, late, one });
    console.log('hostile webhooks', JSON.stringify(siege));
    expect(siege.late).toBeLessThanOrEqual(siege.cases / 100);
    expect(siege.slowestMs.quick).toBeLessThan(30_000);
    expect(siege.ends.delivered).toBeGreaterThan(0);
    expect(overheard).toBe('');
    expect(siege.grewMiB.left).toBeLessThan(20);
    expect(siege.grewMiB.resident).toBeLessThan(600);
  });
});

describe('a management controller', () => {
  const password = 'marked-secret-4711';
  const systems = { Members: [{ '@odata.id': '/redfish/v1/Systems/1' }] };
  const target = '/redfish/v1/Systems/1/Actions/ComputerSystem.Reset';
  const system = { Id: '1', PowerState: 'Off', Actions: { '#ComputerSystem.Reset': { target } } };
  const stages = ['GET /redfish/v1/Systems', 'GET /redfish/v1/Systems/1', `POST ${target}`] as const;
  type Stage = (typeof stages)[number];
  const honest: Readonly<Record<Stage, string>> = {
    [stages[0]]: JSON.stringify(systems),
    [stages[1]]: JSON.stringify(system),
    [stages[2]]: '{}',
  };
  const isOrder = (stage: Stage): boolean => stage.startsWith('POST');

  /** What it answers to an order is not read: only that it took it. */
  function endsOf({ manner, status }: HttpAttack, stage: Stage): readonly string[] {
    switch (manner) {
      case 'broken':
      case 'nonsense':
      case 'upgraded':
      case 'endless':
        return ['dead-peer'];
      case 'large':
        return ['unexpected-answer'];
      case 'odd':
        return [isOrder(stage) ? 'ok' : 'unexpected-answer'];
      case 'refused':
        if (status === 401) return ['login-refused'];
        if (status === 403) return ['not-allowed'];
        if (status === 204) return [isOrder(stage) ? 'ok' : 'unexpected-answer'];
        return ['command-failed'];
    }
  }

  const behaving =
    (stage: Stage, serve: HttpAttack['serve']): Against['open'] =>
    (chance) =>
      openHttp(ours, (stream, { line }) => {
        const right = honest[line as Stage] ?? '';
        if (line === stage) serve(stream, chance, right);
        else stream.end(answer(right === '' ? 404 : 200, right));
      });

  const attacks: Against[] = [
    ...manners.flatMap((attack) =>
      stages.map((stage) => ({
        name: `${attack.name} at ${stage}`,
        ends: endsOf(attack, stage),
        slow: attack.manner === 'endless',
        isSecure: true,
        isEndless: attack.manner === 'endless',
        open: behaving(stage, attack.serve),
      })),
    ),
    ...jsonAttacks.flatMap(({ name, body, ends }) =>
      stages.slice(0, 2).map((stage) => ({
        name: `${name} at ${stage}`,
        ends,
        isSecure: true,
        isEndless: false,
        open: behaving(stage, (stream, chance, right) => stream.end(answer(200, body(chance, right)))),
      })),
    ),
    ...inTls(({ manner }) => [manner === 'untrusted' ? 'host-key-changed' : 'dead-peer'], true),
  ];

  async function one(attack: Against, chance: Chance): Promise<string> {
    const peer = await attack.open(chance);
    const certificate = { type: 'x509', fingerprint: ours.fingerprint };
    const { address, port } = peer;
    const bmc = { protocol: 'redfish', address, port, user: 'ups', certificate };
    const host = inventoryHost({ address, port: 1, fingerprint: null }, { bmc });
    if (!hasBmc(host)) throw new Error('it has none');
    const secrets: HostPasswords = { secureOn: () => expect.unreachable(), bmc: async () => password };
    try {
      return await endOf(
        switchOn(host, secrets, new AbortController().signal).then(() => 'ok'),
        [password],
      );
    } finally {
      await letGo(peer, () => undefined);
    }
  }

  it('that is hostile ends in a fault that is known, in time, and takes no memory', { timeout: 600_000 }, async () => {
    const late = { end: 'dead-peer', ms: 10_000 };
    const siege = await besiege({ ...sizes(), attacks, slowShare: 12, width: 12, late, one });
    console.log('hostile Redfish', JSON.stringify(siege));
    expect(siege.slowestMs.slow).toBeLessThan(45_000);
    expect(siege.late).toBeLessThanOrEqual(siege.cases / 150);
    expect(siege.slowestMs.quick).toBeLessThan(30_000);
    expect(siege.ends.ok).toBeGreaterThan(0);
    expect(overheard).toBe('');
    expect(siege.grewMiB.left).toBeLessThan(20);
    expect(siege.grewMiB.resident).toBeLessThan(600);
  });
});
