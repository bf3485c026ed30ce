import { userInfo } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../electron/core/ports.ts';
import { hostFault } from '../../electron/targets/host-fault.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import { RefusedLogins } from '../../electron/targets/ssh/refused-logins.ts';
import type { Host } from '../../shared/inventory.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { hasOpenSsh, OpenSsh } from '../fakes/ssh-openssh.ts';
import { byPassword, faultOf, inventoryHost, keeping } from './targets-kit.ts';

const never = new AbortController().signal;
const ending: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function server(...config: string[]): Promise<{ server: OpenSsh; host: Host }> {
  const made = new OpenSsh({ authorized: '', config: ['LogLevel DEBUG1', 'PubkeyAuthentication no', ...config] });
  await made.start();
  ending.push(() => made.remove());
  const at = { address: '127.0.0.1', port: made.port, fingerprint: made.fingerprint('ed25519') };
  return { server: made, host: inventoryHost(at, { user: made.user, login: 'password' }) };
}

function poolOf(credential: Credential): { pool: SshPool; clock: ManualClock; attempt(host: Host): Promise<string> } {
  const clock = new ManualClock();
  const pool = new SshPool(keeping(credential), clock);
  ending.push(() => pool.close());
  const attempt = async (host: Host) => (await faultOf(pool.run(host, 'true', { limitMs: 5000, signal: never }))).code;
  return { pool, clock, attempt };
}

/** What the server's log says of attempts, by the method: its own count is what locks an account. */
const failures = (of: OpenSsh): string[] =>
  of.said(/Failed (?!none)\S+ for/).map((line) => /Failed (\S+) for/.exec(line)?.[1] ?? '');

/** PAM asks nobody but root to look into /etc/shadow. */
const isRoot = userInfo().uid === 0;

it('what one host refused bars none that has its address behind another jump host', async () => {
  const refused = new RefusedLogins(new ManualClock());
  const at = { address: '192.168.1.10', port: 22, fingerprint: null };
  const behind = (jump: string): Host => inventoryHost(at, { id: `behind-${jump}`, login: 'password', jump });
  const kept = keeping(byPassword('right'));
  const no = hostFault(behind('north'), 'login-refused', 'it refused the password', 'Enter it again.');
  const signIn = (host: Host, answer: () => Promise<string>) =>
    refused.guard(host, kept, async (credentials) => {
      await credentials.for(host);
      return answer();
    });
  expect((await faultOf(signIn(behind('north'), () => Promise.reject(no)))).code).toBe('login-refused');
  expect((await faultOf(signIn(behind('north'), async () => 'in'))).code).toBe('login-refused');
  expect(await signIn(behind('south'), async () => 'in')).toBe('in');
});

describe.skipIf(!hasOpenSsh)('how often a wrong password comes to a real OpenSSH server', () => {
  it.each([
    ['password alone', ['PasswordAuthentication yes', 'KbdInteractiveAuthentication no'], 'password'],
    ...(isRoot
      ? ([
          [
            'keyboard-interactive alone',
            ['UsePAM yes', 'KbdInteractiveAuthentication yes'],
            'keyboard-interactive/pam',
          ],
          ['both', ['UsePAM yes', 'PasswordAuthentication yes', 'KbdInteractiveAuthentication yes'], 'password'],
        ] as const)
      : []),
  ] as const)('once where it takes %s', { timeout: 20_000 }, async (_name, config, method) => {
    const { server: sshd, host } = await server('PermitRootLogin yes', ...config);
    const { attempt } = poolOf(byPassword('wr0ng'));
    expect(await attempt(host)).toBe('login-refused');
    expect(await attempt(host)).toBe('login-refused');
    await expect.poll(() => sshd.said(/Connection (?:closed|reset) by authenticating/).length).toBe(1);
    expect(failures(sshd)).toEqual([method]);
  });

  it('once more in each run, and not more often', { timeout: 20_000 }, async () => {
    const { server: sshd, host } = await server('PermitRootLogin yes', 'PasswordAuthentication yes');
    const { pool, clock, attempt } = poolOf(byPassword('wr0ng'));
    const attempts = async (times: number) => {
      for (let time = 0; time < times; time += 1) expect(await attempt(host)).toBe('login-refused');
      return failures(sshd).length;
    };
    expect(await attempts(3)).toBe(1);
    pool.runBegins();
    expect(await attempts(3)).toBe(2);
    pool.runBegins();
    expect(await Promise.all([attempts(1), attempts(1)])).toEqual([3, 3]);
    await clock.advance(15 * 60_000);
    expect(await attempts(2)).toBe(4);
  });
});
