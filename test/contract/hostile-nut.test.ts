import { expect, it } from 'vitest';
import type { UpsEvent } from '../../electron/core/ports.ts';
import { NutSource } from '../../electron/ups/nut/nut-source.ts';
import { type Fault, faultSchema } from '../../shared/fault.ts';
import type { NutServer } from '../../shared/supplies.ts';
import { type NutAttack, nutAttacks } from '../fakes/hostile/nut-attacks.ts';
import { HostilePeer } from '../fakes/hostile/peer.ts';
import { type Attack, besiege } from '../fakes/hostile/siege.ts';
import { tlsAttacks } from '../fakes/hostile/tls-attacks.ts';
import { UpsdModel } from '../fakes/nut/model.ts';
import { selfSigned } from '../fakes/vcenter/certificate.ts';
import { checkEvent } from '../fuzz/nut-fuzz.ts';
import type { Chance } from '../fuzz/ups-chance.ts';
import { hastyClock, letGo, sizes } from './hostile-kit.ts';

const secret = 'marked-secret-4711';
/** The clock runs so much faster: the 8 s for a connection are 400 ms, the 4 s for an answer 200. Not where it must be quick itself. */
const hasteFor = ({ ends }: Against): number => (ends.includes('ups-no-answer') ? 20 : 1);
/** Whatever is survived, the connection is reset at this question: each case has an end. */
const lastQuestion = 16;

interface Against extends Attack {
  open(chance: Chance): Promise<HostilePeer>;
  certificate: string | null;
}

function model(): UpsdModel {
  const made = new UpsdModel();
  const variables = { 'ups.status': 'OL', 'battery.charge': '90', 'battery.runtime': '600', 'ups.load': '20' };
  made.add('rack', variables, { commands: new Set(['shutdown.return', 'beeper.disable']) });
  return made;
}

const nothingAmiss: NutAttack = {
  name: 'nothing amiss',
  serve: (socket, _chance, honest) => socket.write(honest.map((line) => `${line}\n`).join('')),
};

/** What is told of one UPS, or of all, while the connection stands. */
const otherwise: Readonly<Record<string, readonly string[]>> = {
  'an error': ['ups-refused', 'ups-lost', 'ups-read-failed'],
  'two thousand UPSes': ['ups-unsupported', 'ups-lost'],
  'names that are none': ['ups-lost'],
  'what it was told': ['ups-refused', 'ups-read-failed'],
  'changed bytes': ['ups-lost', 'ups-read-failed', 'ups-refused', 'ups-unsupported'],
  'bad values': ['ups-lost', 'ups-unsupported'],
};

const overPlain = [nothingAmiss, ...nutAttacks].map(
  ({ name, serve }): Against => ({
    name,
    ends: name === nothingAmiss.name ? ['read'] : ['ups-no-answer', ...(otherwise[name] ?? [])],
    certificate: null,
    open: (chance) => {
      const peer = model();
      const at = chance.below(12);
      let asked = 0;
      return HostilePeer.open((socket) => {
        socket.setEncoding('latin1').on('data', (part) => {
          for (const line of String(part).split('\n').slice(0, -1)) {
            asked += 1;
            if (asked > lastQuestion) socket.resetAndDestroy();
            else if (asked === at + 1) serve(socket, chance, peer.answer(line), line);
            else if (!socket.destroyed)
              socket.write(
                peer
                  .answer(line)
                  .map((each) => `${each}\n`)
                  .join(''),
              );
          }
        });
      });
    },
  }),
);

const [ours, other] = [selfSigned(), selfSigned()];
const hexPrint = (fingerprint: string): string =>
  `SHA256:${Buffer.from(fingerprint.slice('SHA256:'.length), 'base64').toString('hex')}`;

/** What reached somebody whose certificate is not the confirmed one. */
let overheard = '';
const starting = nutAttacks.map(
  ({ name, serve }): Against => ({
    name: `${name} to STARTTLS`,
    ends: ['ups-no-answer', 'ups-refused'],
    certificate: hexPrint(ours.fingerprint),
    open: (chance) =>
      HostilePeer.open((socket) => void socket.once('data', () => serve(socket, chance, ['OK STARTTLS'], 'STARTTLS'))),
  }),
);
const inTls = tlsAttacks(other, (text) => {
  overheard += text;
}).map(
  ({ name, manner, serve }): Against => ({
    name,
    ends: [manner === 'untrusted' ? 'ups-refused' : 'ups-no-answer'],
    certificate: hexPrint(ours.fingerprint),
    open: (chance) =>
      HostilePeer.open((socket) => {
        socket.once('data', () => {
          socket.write('OK STARTTLS\n');
          serve(socket, chance);
        });
      }),
  }),
);

/** Reads it until its first connection is over. */
async function one(attack: Against, chance: Chance): Promise<string> {
  const peer = await attack.open(chance);
  const { address, port } = peer;
  const server: NutServer = { id: 'one', kind: 'nut', address, port, user: 'me', certificate: attack.certificate };
  const source = new NutSource(server, {
    clock: hastyClock(hasteFor(attack)),
    password: async () => secret,
    changed: () => undefined,
  });
  try {
    const fault = await new Promise<Fault | 'read'>((resolve) => {
      source.start((event: UpsEvent) => {
        checkEvent(event);
        if (event.type === 'reading' && attack.ends.includes('read')) resolve('read');
        if ((event.type === 'lost' || event.type === 'trouble') && event.fault) resolve(event.fault);
      });
    });
    if (fault === 'read') return fault;
    expect(JSON.stringify(faultSchema.parse(fault))).not.toContain(secret);
    return fault.code;
  } finally {
    await letGo(peer, () => source.stop());
  }
}

it('every hostile NUT server ends in a fault that is known, in time, and takes no memory', {
  timeout: 600_000,
}, async () => {
  const late = { end: 'ups-no-answer', ms: 4000 };
  const siege = await besiege({
    ...sizes(),
    attacks: [...overPlain, ...starting, ...inTls],
    slowShare: 0,
    width: 40,
    late,
    one,
  });
  console.log('hostile NUT', JSON.stringify(siege));
  expect(siege.late).toBeLessThanOrEqual(siege.cases / 100);
  expect(siege.slowestMs.quick).toBeLessThan(30_000);
  expect(siege.ends.read).toBeGreaterThan(0);
  expect(overheard).toBe('');
  expect(siege.grewMiB.left).toBeLessThan(20);
  expect(siege.grewMiB.resident).toBeLessThan(600);
});
