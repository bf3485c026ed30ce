import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readKeyBy } from '../../electron/targets/read-key.ts';
import { apiOf, lookingOnly } from '../../electron/targets/soap/api.ts';
import { SoapPool } from '../../electron/targets/soap/pool.ts';
import { warmerOf } from '../../electron/targets/warmers.ts';
import type { Fault } from '../../shared/fault.ts';
import { hostSchema } from '../../shared/inventory.ts';
import { selfSigned } from '../fakes/vcenter/certificate.ts';
import type { Mood } from '../fakes/vcenter/server.ts';
import { bench, byKey, faultOf, keeping } from './targets-kit.ts';
import { closeAll, closing, esxiByApi, type Vsphere, vsphereHost } from './vmware-kit.ts';

afterEach(closeAll);

const serviceInstance = { type: 'ServiceInstance', value: 'ServiceInstance' };
const ever = (): AbortSignal => new AbortController().signal;

/** As the set-up asks for it; no host here is asked over SSH. */
const readKeyOf = readKeyBy({ readHostKey: () => expect.unreachable() });

/** One call that only looks, with a limit in real ms. */
const ask = (v: Vsphere, limitMs = 5000, signal = ever()) =>
  v.b.soap.call(v.host, 'CurrentTime', serviceInstance, [], { limitMs, signal });

describe('a session', () => {
  it('is signed in to once, shared, and logged out of when it has been idle for a minute', async () => {
    const v = await esxiByApi();
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => ask(v)));
    expect(answers.map(({ fault, dropped, returned }) => [fault, dropped, returned.length])).toEqual(
      answers.map(() => [null, false, 1]),
    );
    expect(v.server.logins).toEqual([{ user: 'root', accepted: true }]);
    await v.b.clock.advance(59_000);
    expect(v.server.sessions).toBe(1);
    await v.b.clock.advance(2000);
    await expect.poll(() => v.server.sessions).toBe(0);
    expect(v.server.calls.at(-1)).toBe('Logout');
  });

  it('that the server has forgotten is made anew, once', async () => {
    const v = await esxiByApi();
    await ask(v);
    v.server.forgetSessions();
    expect((await ask(v)).fault).toBeNull();
    expect(v.server.logins).toHaveLength(2);
  });

  it('speaks an older version of the API to an older server', async () => {
    const v = await esxiByApi({ version: '6.0' });
    expect((await ask(v)).fault).toBeNull();
    expect(v.server.calls).toEqual(['RetrieveServiceContent', 'RetrieveServiceContent', 'Login', 'CurrentTime']);
  });

  it('with a wrong password is tried once, and not again for 15 min', async () => {
    const v = await esxiByApi({ password: 'wrong' });
    for (let turn = 0; turn < 3; turn += 1) {
      const fault = await faultOf(ask(v));
      expect(fault.code).toBe('login-refused');
      expect(JSON.stringify(fault)).not.toContain('wrong');
    }
    expect(v.server.logins).toEqual([{ user: 'root', accepted: false }]);
    await v.b.clock.advance(15 * 60_000);
    expect((await faultOf(ask(v))).code).toBe('login-refused');
    expect(v.server.logins).toHaveLength(2);
  });

  it('that a server cannot begin yet, as a vCenter after its boot, is no password that it refused', async () => {
    const v = await esxiByApi();
    v.server.loginFault = 'SystemError';
    expect(await faultOf(ask(v))).toMatchObject({
      code: 'unexpected-answer',
      what: expect.stringContaining('SystemError'),
    });
    v.server.loginFault = null;
    expect((await ask(v)).fault).toBeNull();
    v.server.forgetSessions();
    v.server.loginFault = 'InvalidLogin';
    expect((await faultOf(ask(v))).code).toBe('login-refused');
  });

  it('survives a connection that was closed while nobody used it', async () => {
    const v = await esxiByApi();
    await ask(v);
    v.server.powerOff('fin');
    await v.server.powerOn();
    expect((await ask(v)).fault).toBeNull();
    expect(v.server.logins).toHaveLength(2);
  });

  it('sends no method that changes something where only looks are allowed', async () => {
    const v = await esxiByApi();
    const api = lookingOnly(apiOf(v.b.soap, v.host, { signal: ever() }));
    expect(() => api.call('ShutdownHost_Task', { type: 'HostSystem', value: 'ha-host' })).toThrow('looking only');
    expect((await api.call('CurrentTime', serviceInstance)).fault).toBeNull();
    expect(v.acts()).toEqual([]);
  });
});

describe('the certificate', () => {
  it('that is not confirmed lets nothing be sent, not even a packet', async () => {
    const v = await esxiByApi({ inventory: { hostKeys: [] } });
    let connections = 0;
    const listener = net.createServer(() => {
      connections += 1;
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    closing.push(() => listener.close());
    v.host = { ...v.host, port: (listener.address() as net.AddressInfo).port };
    expect((await faultOf(ask(v))).code).toBe('host-key-unknown');
    expect(connections).toBe(0);
  });

  it('that is another one is told before a credential, or any request, is sent', async () => {
    const other = selfSigned();
    const v = await esxiByApi({ inventory: { hostKeys: [{ type: 'x509', fingerprint: other.fingerprint }] } });
    const fault = await faultOf(ask(v));
    expect(fault).toMatchObject({ code: 'host-key-changed', what: expect.stringContaining(other.fingerprint) });
    expect(v.server.calls).toEqual([]);
  });

  it('that changes while we are signed in is told at the next connection', async () => {
    const v = await esxiByApi();
    await ask(v);
    v.server.powerOff('fin');
    v.server.certificate = selfSigned();
    await v.server.powerOn();
    const before = v.server.calls.length;
    expect((await faultOf(ask(v))).code).toBe('host-key-changed');
    expect(v.server.calls).toHaveLength(before);
  });

  it('an SSH key of the same fingerprint is no certificate', async () => {
    const v = await esxiByApi();
    v.host = vsphereHost(v.server, {
      hostKeys: [{ type: 'ssh-ed25519', fingerprint: v.server.certificate.fingerprint }],
    });
    expect((await faultOf(ask(v))).code).toBe('host-key-unknown');
  });

  it('is read for a person to confirm, as openssl prints it, without signing in', async () => {
    const v = await esxiByApi();
    expect(await readKeyOf(v.host)).toEqual({
      type: 'x509',
      fingerprint: v.server.certificate.fingerprint,
    });
    expect(v.server.calls).toEqual([]);
    v.server.powerOff('fin');
    expect((await faultOf(readKeyOf(v.host))).code).toBe('unreachable');
  });
});

describe('a server that is not well', () => {
  const ends = async (mood: Mood, limitMs: number): Promise<{ fault: Fault; ms: number }> => {
    const v = await esxiByApi();
    await ask(v);
    v.server.moods.set('CurrentTime', mood);
    const began = performance.now();
    const ending = ask(v, limitMs);
    // Its drops fall by the manual clock.
    if (mood === 'drip') void v.b.clock.advance(60_000);
    const fault = await faultOf(ending);
    return { fault, ms: performance.now() - began };
  };

  it.each([
    ['silence', 300, 'dead-peer', 'no whole answer within 0.3 s'],
    ['drip', 300, 'dead-peer', 'no whole answer within 0.3 s'],
    ['fin', 5000, 'dead-peer', 'took the connection and then failed'],
    ['rst', 5000, 'dead-peer', 'took the connection and then failed'],
    ['cut', 5000, 'dead-peer', 'took the connection and then failed'],
    ['huge', 5000, 'unexpected-answer', 'larger than 8 MiB'],
    ['garbage', 5000, 'unexpected-answer', 'cannot be read'],
    ['bomb', 5000, 'unexpected-answer', 'document type'],
    ['busy', 5000, 'unexpected-answer', 'HTTP status 503'],
  ] as const)('%s ends within %i ms as %s', async (mood, limitMs, code, what) => {
    const { fault, ms } = await ends(mood, limitMs);
    expect(fault).toMatchObject({ code, what: expect.stringContaining(what) });
    expect(ms).toBeLessThan(limitMs + 700);
  });

  it('is waited for as long as it may take', async () => {
    const v = await esxiByApi();
    await ask(v);
    v.server.moods.set('CurrentTime', 'slow');
    const ending = ask(v);
    await v.b.meanwhile(ending);
    expect((await ending).returned).toHaveLength(1);
    expect(v.b.clock.monotonic()).toBeGreaterThanOrEqual(20_000);
  });

  it('that is slow with some answers is not taken for gone by who asks for another meanwhile', async () => {
    const v = await esxiByApi();
    await ask(v);
    v.server.moods.set('QueryOptions', 'slow');
    const setting = { type: 'OptionManager', value: 'HostAgentSettings' };
    const slow = Array.from({ length: 8 }, () =>
      v.b.soap.call(v.host, 'QueryOptions', setting, [], { limitMs: 10_000, signal: ever() }),
    );
    await expect.poll(() => v.server.calls.filter((method) => method === 'QueryOptions')).toHaveLength(8);
    expect((await ask(v, 1000)).fault).toBeNull();
    await v.b.meanwhile(Promise.all(slow));
  });

  it('an act that was never answered in time is a fault, not a loss: it may still be going on', async () => {
    const v = await esxiByApi();
    await ask(v);
    v.server.moods.set('ShutdownGuest', 'silence');
    const vm = { type: 'VirtualMachine', value: '7' };
    const ending = v.b.soap.call(v.host, 'ShutdownGuest', vm, [], { limitMs: 200, signal: ever() });
    expect((await faultOf(ending)).code).toBe('dead-peer');
  });

  it('lets go at once of whoever does not want to wait any longer', async () => {
    const v = await esxiByApi();
    await ask(v);
    v.server.moods.set('CurrentTime', 'silence');
    const stop = new AbortController();
    const ending = ask(v, 60_000, stop.signal);
    setImmediate(() => stop.abort());
    expect((await faultOf(ending)).code).toBe('limit-reached');
  });

  it('a login that hangs holds up only those who wait for it', async () => {
    const v = await esxiByApi();
    v.server.moods.set('Login', 'silence');
    const stop = new AbortController();
    const ended = faultOf(ask(v, 60_000, stop.signal));
    await expect.poll(() => v.server.calls).toContain('Login');
    stop.abort();
    expect((await ended).code).toBe('limit-reached');
  });

  it('that is off is unreachable', async () => {
    const v = await esxiByApi();
    v.server.powerOff('fin');
    expect((await faultOf(ask(v))).code).toBe('unreachable');
  });

  it('that speaks no TLS took the connection and failed', async () => {
    const listener = net.createServer((socket) => socket.end('220 smtp.lab ESMTP\r\n'));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    closing.push(() => listener.close());
    const v = await esxiByApi();
    v.host = { ...v.host, port: (listener.address() as net.AddressInfo).port };
    expect((await faultOf(ask(v))).code).toBe('dead-peer');
  });

  it('an act whose answer was lost is told as that: nobody knows what became of it', async () => {
    for (const mood of ['fin', 'rst', 'cut'] as const) {
      const v = await esxiByApi();
      await ask(v);
      v.server.moods.set('ShutdownGuest', mood);
      const vm = { type: 'VirtualMachine', value: '7' };
      const answer = await v.b.soap.call(v.host, 'ShutdownGuest', vm, [], { limitMs: 5000, signal: ever() });
      expect(answer).toEqual({ returned: [], fault: null, dropped: true });
      expect(v.acts()).toEqual(['ShutdownGuest']);
    }
  });
});

describe('warm sessions', () => {
  it('are kept, looked at, and told when the server is gone', async () => {
    const v = await esxiByApi();
    const lost: string[] = [];
    const warmer = warmerOf({ ssh: v.b.pool, soap: v.b.soap });
    warmer.onLost((id) => lost.push(id));
    await warmer.warm(v.host, ever());
    await v.b.clock.advance(10 * 60_000);
    expect(v.server.sessions).toBe(1);
    await expect.poll(() => v.server.calls.filter((method) => method === 'CurrentTime').length).toBeGreaterThan(0);
    await ask(v);
    expect(v.server.logins).toHaveLength(1);
    v.server.powerOff('rst');
    // The next look finds it out; each takes a moment of real time.
    await expect
      .poll(async () => {
        await v.b.clock.advance(31_000);
        return lost;
      })
      .toEqual(['it']);
  });

  it('are not ended by a look that fails while a step uses them', async () => {
    const v = await esxiByApi();
    const lost: string[] = [];
    v.b.soap.onLost((id) => lost.push(id));
    await v.b.soap.warm(v.host, ever());
    await v.b.clock.advance(15_000);
    v.server.moods.set('QueryOptions', 'slow').set('CurrentTime', 'fin');
    const setting = { type: 'OptionManager', value: 'HostAgentSettings' };
    const working = v.b.soap.call(v.host, 'QueryOptions', setting, [], { limitMs: 10_000, signal: ever() });
    await expect.poll(() => v.server.calls).toContain('QueryOptions');
    await v.b.clock.advance(15_000);
    await expect.poll(() => v.server.calls).toContain('CurrentTime');
    await v.b.meanwhile(working);
    expect((await working).fault).toMatchObject({ type: 'InvalidName' });
    expect([lost, v.server.logins.length]).toEqual([[], 1]);
  });

  it('are let go of when they need not be kept any longer', async () => {
    const v = await esxiByApi();
    await v.b.soap.warm(v.host, ever());
    v.b.soap.release();
    await v.b.clock.advance(61_000);
    await expect.poll(() => v.server.sessions).toBe(0);
  });

  it('give way to those of the same host, edited', async () => {
    const v = await esxiByApi();
    await v.b.soap.warm(v.host, ever());
    await v.b.soap.warm({ ...v.host, name: 'edited' }, ever());
    expect(v.server.sessions).toBe(2);
    await v.b.clock.advance(61_000);
    await expect.poll(() => v.server.sessions).toBe(1);
  });

  it('that cannot be had say why, and a host over SSH is none of theirs', async () => {
    const v = await esxiByApi({ password: 'wrong' });
    expect((await faultOf(v.b.soap.warm(v.host, ever()))).code).toBe('login-refused');
    const b = bench(byKey);
    const ssh = hostSchema.parse({ ...v.host, kind: 'linux', hostKeys: [] });
    const warmer = warmerOf({ ssh: b.pool, soap: b.soap });
    expect((await faultOf(warmer.warm(ssh, ever()))).what).toContain('host key');
  });
});

it('takes a password only, and says so', async () => {
  const v = await esxiByApi();
  const pool = new SoapPool(keeping(byKey), v.b.clock);
  closing.push(() => pool.close());
  expect((await faultOf(pool.content(v.host, ever()))).code).toBe('no-credential');
});

it('signs in with any password, whatever XML makes of its characters', async () => {
  const secret = `pa<ss>&"wörd' ]]>`;
  const v = await esxiByApi({ password: secret, users: [{ name: 'root', password: secret }] });
  expect((await ask(v)).fault).toBeNull();
});
