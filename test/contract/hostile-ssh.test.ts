import { expect, it } from 'vitest';
import { systemClock } from '../../electron/brain/system-clock.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import { readHostKey } from '../../electron/targets/ssh/read-host-key.ts';
import { HostilePeer } from '../fakes/hostile/peer.ts';
import { besiege } from '../fakes/hostile/siege.ts';
import { pinned, type SshAttack, signInsOver, sshAttacks } from '../fakes/hostile/ssh-attacks.ts';
import type { Chance } from '../fuzz/ups-chance.ts';
import { endOf, letGo, sizes } from './hostile-kit.ts';
import { byKey, byPassword, inventoryHost, keeping } from './targets-kit.ts';

/** Ms: for a connection, which ssh2 is told; and what a busy machine may add. */
const limits = { connect: 15_000, slack: 30_000 };
/** Of the command, ms: short where it never ends. */
const commandMs = ({ isEndless }: SshAttack): number => (isEndless ? 500 : 15_000);
const secret = 'marked-secret-4711';

async function one(attack: SshAttack, chance: Chance): Promise<string> {
  const peer = await HostilePeer.open((socket) => attack.serve(socket, chance));
  const { address, port } = peer;
  const host = inventoryHost({ address, port, fingerprint: pinned.fingerprint });
  const pool = new SshPool(keeping(chance.below(2) === 0 ? byKey : byPassword(secret)), systemClock);
  try {
    if (!attack.isInside && chance.below(4) === 0)
      return await endOf(
        readHostKey(host).then(() => 'a key'),
        [secret],
      );
    const result = pool.run(host, 'true', { limitMs: commandMs(attack), signal: new AbortController().signal });
    return await endOf(
      result.then(({ code, dropped, stdout, stderr }) => {
        expect(stdout.length + stderr.length).toBeLessThanOrEqual(2 * 2 ** 20);
        return dropped ? 'dropped' : code === null ? 'killed' : 'exit code';
      }),
      [secret],
    );
  } finally {
    await letGo(peer, () => pool.close());
  }
}

it('every hostile SSH server ends in a fault that is known, in time, and takes no memory', {
  timeout: 600_000,
}, async () => {
  const late = { end: 'dead-peer', ms: limits.connect };
  const siege = await besiege({ ...sizes(), attacks: sshAttacks, slowShare: 12, width: 12, late, one });
  console.log('hostile SSH', JSON.stringify(siege));
  expect(siege.slowestMs.slow).toBeLessThan(limits.connect + limits.slack);
  expect(siege.late).toBeLessThanOrEqual(siege.cases / 100);
  expect(siege.slowestMs.quick).toBeLessThan(limits.slack);
  expect(signInsOver.otherKey).toBe(0);
  // They got as far as that, too.
  expect(siege.ends['exit code']).toBeGreaterThan(0);
  expect(siege.grewMiB.left).toBeLessThan(20);
  expect(siege.grewMiB.resident).toBeLessThan(600);
});
