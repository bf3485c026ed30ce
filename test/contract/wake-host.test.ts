import dgram from 'node:dgram';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { HostPasswords } from '../../electron/core/ports.ts';
import { resolveName } from '../../electron/targets/resolve-name.ts';
import { answers } from '../../electron/targets/wake/answers.ts';
import { ping } from '../../electron/targets/wake/ping.ts';
import type { Destination } from '../../electron/targets/wake/send-wake.ts';
import type { Host } from '../../shared/inventory.ts';
import { selfSigned } from '../fakes/bmc/certificate.ts';
import { magicMac } from '../fakes/wake-listener.ts';
import { bench, byKey, faultOf, inventoryHost } from './targets-kit.ts';

const closing: Array<() => void> = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const mac = '02:00:00:aa:bb:01';

/** What comes to the broadcast address of loopback, as it was sent. */
async function listening(): Promise<{ port: number; heard: Buffer[] }> {
  const heard: Buffer[] = [];
  const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise<void>((resolve) => socket.bind(0, '127.255.255.255', resolve));
  socket.on('message', (message) => heard.push(message));
  closing.push(() => socket.close());
  return { port: socket.address().port, heard };
}

/** A port of loopback on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const sleeping = async (more: Record<string, unknown> = {}): Promise<Host> =>
  inventoryHost({ address: '127.0.0.1', port: await closedPort(), fingerprint: null }, { macs: [mac], ...more });

function waking(host: Host, port: number, secrets?: HostPasswords, more: Destination[] = []) {
  const wakeTo = [{ address: '127.255.255.255', port }, ...more];
  const b = bench(byKey, { wakeTo, ...(secrets && { secrets }) });
  closing.push(() => b.pool.close());
  const step = b.step({ kind: 'wake', target: host.id }, host);
  return { b, step, actions: b.actions(step) };
}

const withSecureOn = (password: string): HostPasswords => ({
  secureOn: async () => password,
  bmc: () => expect.unreachable(),
});

describe('SecureOn', () => {
  it.each([
    ['00-11-22-33-44-55', '001122334455'],
    ['00:11:22:aa:bb:CC', '001122aabbcc'],
    ['192.0.2.7', 'c0000207'],
  ])('appends the password %s to the packet', async (written, bytes) => {
    const { port, heard } = await listening();
    const { b, step, actions } = waking(await sleeping({ secureOn: true }), port, withSecureOn(written));
    await b.meanwhile(actions.act(step));
    await expect.poll(() => heard.length).toBe(3);
    for (const packet of heard) {
      expect(magicMac(packet)).toBe('020000aabb01');
      expect(packet.subarray(102).toString('hex')).toBe(bytes);
    }
  });

  it('sends nothing when the password is missing: the card would not heed it', async () => {
    const { port, heard } = await listening();
    const { b, step, actions } = waking(await sleeping({ secureOn: true }), port);
    expect((await faultOf(b.meanwhile(actions.act(step)))).code).toBe('no-credential');
    expect(heard).toEqual([]);
  });

  it('is no part of the packet for a host without it', async () => {
    const { port, heard } = await listening();
    const { b, step, actions } = waking(await sleeping(), port, withSecureOn('00-11-22-33-44-55'));
    await b.meanwhile(actions.act(step));
    await expect.poll(() => heard.length).toBe(3);
    expect(heard.every(({ length }) => length === 102)).toBe(true);
  });
});

it('a network that takes no packet is told of once, not in every round', async () => {
  const { port, heard } = await listening();
  // Over IPv4 there is no way to it.
  const { b, step, actions } = waking(await sleeping(), port, undefined, [{ address: '::1', port: 9 }]);
  await b.meanwhile(actions.act(step));
  await b.prove(step, 40_000);
  await expect.poll(() => heard.length).toBeGreaterThan(6);
  expect(b.told.filter((line) => line.includes('::1'))).toHaveLength(1);
});

describe('whether a host is awake', () => {
  it('a ping that is answered is a hint, and no proof', async () => {
    const { port } = await listening();
    const { step, actions } = waking(await sleeping(), port);
    expect(await actions.probe(step)).toEqual({
      state: 'not-done',
      seen: 'its network card answers, the system does not yet',
    });
  });

  it('a ping tells what answers, what does not, and what it may not be asked', async () => {
    expect(await ping('127.0.0.1')).toBe(true);
    // For documentation: nobody has it, so that nothing answers or there is no way to it.
    expect(await ping('192.0.2.1')).not.toBe(true);
    expect(await ping('-f')).toBe(null);
    expect(await ping('127.0.0.1; true')).toBe(null);
  });

  it('a host that is spoken to over TLS is awake when it shakes hands, whatever its certificate', async () => {
    const { key, cert } = selfSigned();
    const server = tls.createServer({ key, cert }, (socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const at = { address: '127.0.0.1', port: (server.address() as net.AddressInfo).port, fingerprint: null };
    const host = inventoryHost(at, { kind: 'esxi-api', login: 'password' });
    expect(await answers(host, { of: resolveName })).toBe(true);
    // Of an SSH host the same is no proof.
    expect(await answers(inventoryHost(at), { of: resolveName })).toBe(false);
  });

  it('a port that accepts and shakes no hands proves nothing of it', async () => {
    const server = net.createServer(
      (socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400 No\r\n\r\n'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const at = { address: '127.0.0.1', port: (server.address() as net.AddressInfo).port, fingerprint: null };
    expect(await answers(inventoryHost(at, { kind: 'esxi-api', login: 'password' }), { of: resolveName })).toBe(false);
  });

  it('its name leads where it is kept to lead: who resolves names may sleep as well', async () => {
    const server = net.createServer((socket) => void socket.on('error', () => undefined).end('SSH-2.0-web\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const at = { address: 'web.invalid', port: (server.address() as net.AddressInfo).port, fingerprint: null };
    const b = bench(byKey, { addresses: { of: async () => [{ address: '127.0.0.1', family: 4 }] } });
    closing.push(() => b.pool.close());
    const step = b.step({ kind: 'wake', target: 'web' }, inventoryHost(at));
    expect(await b.actions(step).probe(step)).toMatchObject({ state: 'done' });
  });

  it('what stands behind another host is looked at through that one', async () => {
    const { port } = await listening();
    const { b, step, actions } = waking(await sleeping({ jump: 'gate' }), port);
    b.looks = ['silent', 'open'];
    expect((await actions.probe(step)).state).toBe('not-done');
    expect((await actions.probe(step)).state).toBe('done');
  });
});
