import { expect, it } from 'vitest';
import { SoapPool } from '../../electron/targets/soap/pool.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import { answer, type HttpAttack, httpAttacks, saysNo, slowHttpAttacks } from '../fakes/hostile/http-attacks.ts';
import { openHttp } from '../fakes/hostile/https-peer.ts';
import { mutated } from '../fakes/hostile/manners.ts';
import { HostilePeer } from '../fakes/hostile/peer.ts';
import { type Attack, besiege } from '../fakes/hostile/siege.ts';
import { tlsAttacks } from '../fakes/hostile/tls-attacks.ts';
import { faultBody, honestBodies } from '../fakes/hostile/vsphere-bodies.ts';
import { xmlAttacks } from '../fakes/hostile/xml-attacks.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { selfSigned } from '../fakes/vcenter/certificate.ts';
import type { Chance } from '../fuzz/ups-chance.ts';
import { endOf, letGo, sizes } from './hostile-kit.ts';
import { byPassword, keeping } from './targets-kit.ts';

const [ours, other] = [selfSigned(), selfSigned()];
const secret = 'marked-secret-4711';
/** Ms of real time for the call that is asked for here: short where it will not be answered anyway. */
const callMs = (attack: SoapAttack): number => (attack.isEndless ? 500 : quickMs);
const quickMs = 10_000;
/** For signing in, the product's own, ms. */
const loginMs = 15_000;
/** What a busy machine may add, ms. */
const slackMs = 30_000;

/** What is asked of it, in their order; hostile at one of them. */
const stages = ['RetrieveServiceContent', 'Login', 'CurrentTime', 'ShutdownHost_Task'] as const;
type Stage = (typeof stages)[number];

interface SoapAttack extends Attack {
  stage: Stage;
  isEndless?: boolean;
  open(chance: Chance): Promise<HostilePeer>;
}

/** A server that is honest up to `stage` and then does as `serve` says. */
function behaving(stage: Stage, serve: HttpAttack['serve']): SoapAttack['open'] {
  return (chance) =>
    openHttp(ours, (stream, { body }) => {
      const method = /<soapenv:Body><(\w+)/.exec(body)?.[1] ?? '';
      const honest = honestBodies[method] ?? '';
      const cookie = method === 'Login' ? ['Set-Cookie: vmware_soap_session="1"; Path=/; Secure'] : [];
      if (method === stage) serve(stream, chance, honest);
      else stream.write(answer(200, honest, cookie));
    });
}

/** How each manner ends where it is met. An act whose answer is lost is no fault: it may have been done. */
function endsOf(manner: HttpAttack['manner'], stage: Stage): readonly string[] {
  switch (manner) {
    case 'broken':
    case 'nonsense':
    case 'upgraded':
      return [stage === 'ShutdownHost_Task' ? 'dropped' : 'dead-peer'];
    case 'endless':
      return ['dead-peer'];
    case 'large':
    case 'refused':
    case 'odd':
      return ['unexpected-answer'];
  }
}

const statuses = [302, 400, 401, 403, 404, 500, 503, 599].map(saysNo);
const overHttp = [...httpAttacks, ...slowHttpAttacks, ...statuses].flatMap(({ name, manner, serve }): SoapAttack[] =>
  stages.map((stage) => ({
    name: `${name} at ${stage}`,
    stage,
    ends: endsOf(manner, stage),
    isEndless: manner === 'endless',
    slow: manner === 'endless' && (stage === 'RetrieveServiceContent' || stage === 'Login'),
    open: behaving(stage, serve),
  })),
);

const inXml = xmlAttacks.flatMap(({ name, body }): SoapAttack[] =>
  stages.map((stage) => ({
    name: `${name} at ${stage}`,
    stage,
    ends: ['unexpected-answer'],
    open: behaving(stage, (stream, chance, honest) =>
      stream.end(answer(chance.below(2) * 300 + 200, body(chance, honest))),
    ),
  })),
);

const inSoap: readonly SoapAttack[] = [
  ...stages.map((stage): SoapAttack => {
    // Bytes that happen to be of no weight, or that make another answer of it.
    const ends = ['ok', 'fault', 'unexpected-answer', ...(stage === 'Login' ? ['login-refused'] : [])];
    const serve: HttpAttack['serve'] = (stream, chance, honest) =>
      stream.write(answer(200, mutated(chance, Buffer.from(honest)), ['Set-Cookie: vmware_soap_session="1"']));
    return { name: `changed bytes at ${stage}`, stage, ends, open: behaving(stage, serve) };
  }),
  ...(['CurrentTime', 'ShutdownHost_Task'] as const).map(
    (stage): SoapAttack => ({
      name: `nothing amiss at ${stage}`,
      stage,
      ends: ['ok'],
      open: behaving(stage, (stream, _chance, honest) => stream.write(answer(200, honest))),
    }),
  ),
  {
    name: 'lets nobody in',
    stage: 'Login',
    ends: ['login-refused'],
    open: behaving('Login', (stream) => stream.write(answer(500, faultBody('InvalidLogin', secret)))),
  },
  {
    name: 'lets us in without a session',
    stage: 'Login',
    ends: ['unexpected-answer'],
    open: behaving('Login', (stream, _chance, honest) => stream.write(answer(200, honest))),
  },
  {
    name: 'forgets us at once, again and again',
    stage: 'CurrentTime',
    ends: ['fault'],
    open: behaving('CurrentTime', (stream) => stream.write(answer(500, faultBody('NotAuthenticated', '')))),
  },
  {
    name: 'is of another version, again and again',
    stage: 'RetrieveServiceContent',
    ends: ['unexpected-answer'],
    open: behaving('RetrieveServiceContent', (stream) =>
      stream.write(answer(500, faultBody('VersionMismatchFaultCode', ''))),
    ),
  },
  {
    name: 'names nothing that everything begins with',
    stage: 'RetrieveServiceContent',
    ends: ['unexpected-answer'],
    open: behaving('RetrieveServiceContent', (stream, _chance, honest) =>
      stream.write(answer(200, honest.replace('sessionManager', 'x').replace('sessionManager', 'x'))),
    ),
  },
];

/** What reached somebody whose certificate is not the confirmed one. */
let overheard = '';
const inTls = tlsAttacks(other, (text) => {
  overheard += text;
}).map(
  ({ name, manner, serve }): SoapAttack => ({
    name,
    stage: 'RetrieveServiceContent',
    ends: [manner === 'untrusted' ? 'host-key-changed' : 'dead-peer'],
    slow: manner === 'endless',
    open: (chance) => HostilePeer.open((socket) => serve(socket, chance)),
  }),
);

const hostAt = ({ address, port }: HostilePeer): Host =>
  hostSchema.parse({
    id: 'it',
    name: 'it',
    kind: 'esxi-api',
    address,
    port,
    user: 'root',
    login: 'password',
    hostKeys: [{ type: 'x509', fingerprint: ours.fingerprint }],
  });

async function one(attack: SoapAttack, chance: Chance): Promise<string> {
  const peer = await attack.open(chance);
  const pool = new SoapPool(keeping(byPassword(secret)), new ManualClock());
  const method = attack.stage === 'ShutdownHost_Task' ? 'ShutdownHost_Task' : 'CurrentTime';
  const options = { limitMs: callMs(attack), signal: new AbortController().signal };
  try {
    const self = { type: 'ServiceInstance', value: 'ServiceInstance' };
    const answered = pool.call(hostAt(peer), method, self, [], options);
    return await endOf(
      answered.then(({ fault, dropped }) => (dropped ? 'dropped' : fault ? 'fault' : 'ok')),
      [secret],
    );
  } finally {
    await letGo(peer, () => pool.close());
  }
}

it('every hostile server with a SOAP API ends in a fault that is known, in time, and takes no memory', {
  timeout: 600_000,
}, async () => {
  const attacks = [...overHttp, ...inXml, ...inSoap, ...inTls];
  const late = { end: 'dead-peer', ms: quickMs };
  const siege = await besiege({ ...sizes(), attacks, slowShare: 12, width: 4, late, one });
  console.log('hostile SOAP', JSON.stringify(siege));
  expect(siege.slowestMs.slow).toBeLessThan(loginMs + slackMs);
  expect(siege.late).toBeLessThanOrEqual(siege.cases / 100);
  expect(siege.slowestMs.quick).toBeLessThan(slackMs);
  expect(siege.ends.ok).toBeGreaterThan(0);
  expect(overheard).toBe('');
  expect(siege.grewMiB.left).toBeLessThan(20);
  expect(siege.grewMiB.resident).toBeLessThan(1200);
});
