import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Addresses, HostPasswords } from '../../electron/core/ports.ts';
import { searchedOn } from '../../electron/targets/bmc/ipmi.ts';
import { hasBmc, powerSeen, switchOn, type WithBmc } from '../../electron/targets/bmc/switch-on.ts';
import { hostFault } from '../../electron/targets/host-fault.ts';
import type { Bmc } from '../../shared/inventory.ts';
import { selfSigned } from '../fakes/bmc/certificate.ts';
import { IpmiController, whyNoIpmi } from '../fakes/bmc/ipmi.ts';
import { RedfishController, type Trouble } from '../fakes/bmc/redfish.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { WakeListener } from '../fakes/wake-listener.ts';
import { bench, byKey, faultOf, inventoryHost } from './targets-kit.ts';

const closing: Array<() => unknown> = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const user = 'ups';
const password = 'marked-secret-77';
const keeping = (secret: string): HostPasswords => ({ secureOn: () => expect.unreachable(), bmc: async () => secret });
const never = new AbortController().signal;
const kept: Addresses = { of: async () => [{ address: '127.0.0.1', family: 4 }] };
const mac = '02:00:00:aa:bb:01';

function hostWith(bmc: Partial<Bmc>, more: Record<string, unknown> = {}): WithBmc {
  const at = { address: '127.0.0.1', port: 1, fingerprint: null };
  const host = inventoryHost(at, { bmc: { protocol: 'ipmi', address: '127.0.0.1', user, ...bmc }, ...more });
  if (!hasBmc(host)) throw new Error('it has none');
  return host;
}

const [ours, another] = [selfSigned(), selfSigned()];
const pinned = (certificate = ours) => ({ type: 'x509', fingerprint: certificate.fingerprint });

async function redfish(trouble: Trouble | null = null) {
  const controller = await RedfishController.open(ours, user, password);
  controller.trouble = trouble;
  closing.push(() => controller.close());
  const host = hostWith({ protocol: 'redfish', port: controller.port, certificate: pinned() });
  return { controller, host };
}

describe('by Redfish', () => {
  it('a host that is off is switched on', async () => {
    const { controller, host } = await redfish();
    expect(await switchOn(host, keeping(password), never)).toBe('its management controller was told to switch it on');
    expect(controller.powerState).toBe('On');
    expect(controller.asked.at(-1)).toBe('POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset {"ResetType":"On"}');
  });

  it('one that is on is left as it is', async () => {
    const { controller, host } = await redfish();
    controller.powerState = 'On';
    expect(await switchOn(host, keeping(password), never)).toBe('its management controller says that it is on');
    expect(controller.asked.every((asked) => asked.startsWith('GET'))).toBe(true);
  });

  it('its name leads where it is kept to lead: who resolves names may be off as well', async () => {
    const { controller, host } = await redfish();
    const named = { ...host, bmc: { ...host.bmc, address: 'bmc.invalid' } };
    expect(await switchOn(named, keeping(password), never, kept)).toContain('was told to switch it on');
    expect(controller.powerState).toBe('On');
  });

  it('a rehearsal asks for the power and changes nothing', async () => {
    const { controller, host } = await redfish();
    expect(await powerSeen(host, keeping(password), never)).toBe(
      'its management controller lets ups in, and says that it is off',
    );
    expect(controller.powerState).toBe('Off');
  });

  it('a wrong password is told as that', async () => {
    const { controller, host } = await redfish();
    expect(await faultOf(switchOn(host, keeping('wrong'), never))).toMatchObject({ code: 'login-refused' });
    expect(controller.asked).toHaveLength(1);
  });

  it.each([
    ['another certificate', pinned(another), 'host-key-changed'],
    ['none confirmed', null, 'host-key-unknown'],
  ])('%s: the password is not sent', async (_name, certificate, code) => {
    const { controller, host } = await redfish();
    const elsewhere = { ...host, bmc: { ...host.bmc, certificate } };
    expect(await faultOf(switchOn(elsewhere, keeping(password), never))).toMatchObject({ code });
    expect(controller.credentials).toEqual([]);
  });

  it.each<[Trouble, string]>([
    ['resets', 'dead-peer'],
    ['garbage', 'unexpected-answer'],
    ['endless', 'unexpected-answer'],
    ['may-not', 'not-allowed'],
    ['moved', 'command-failed'],
  ])('one with the trouble “%s” ends as %s', async (trouble, code) => {
    const { controller, host } = await redfish(trouble);
    expect(await faultOf(switchOn(host, keeping(password), never))).toMatchObject({ code });
    expect(controller.powerState).toBe('Off');
  });

  it('one that is silent, or sends a byte now and then, is waited for no longer than 15 s', async () => {
    const waited = (['silent', 'drips'] as const).map(async (trouble) => {
      const { host } = await redfish(trouble);
      const before = performance.now();
      expect(await faultOf(switchOn(host, keeping(password), never))).toMatchObject({ code: 'dead-peer' });
      expect(performance.now() - before).toBeLessThan(16_500);
    });
    await Promise.all(waited);
  }, 20_000);

  it('one that manages several systems is not guessed at', async () => {
    const { controller, host } = await redfish();
    controller.systems = ['1', '2'];
    expect(await faultOf(switchOn(host, keeping(password), never))).toMatchObject({ code: 'unexpected-answer' });
  });

  it('one behind a closed port is told as unreachable', async () => {
    const { controller, host } = await redfish();
    controller.close();
    expect(await faultOf(switchOn(host, keeping(password), never))).toMatchObject({ code: 'unreachable' });
  });
});

describe('by IPMI', () => {
  const why = whyNoIpmi();

  beforeAll(() => {
    if (why && process.env.CI) throw new Error(why);
  });

  async function ipmi() {
    const controller = await IpmiController.open(user, password);
    closing.push(() => controller.close());
    return { controller, host: hostWith({ protocol: 'ipmi', port: controller.port }) };
  }

  describe.skipIf(why !== null)('with ipmitool and the simulator of OpenIPMI', { timeout: 60_000 }, () => {
    it('a host that is off is switched on, and one that is on is left; the password stands in nobody’s arguments', async () => {
      const { controller, host } = await ipmi();
      expect(await powerSeen(host, keeping(password), never)).toContain('it is off');
      expect(controller.told).toEqual([]);
      const { said, seen } = await watched(switchOn(host, keeping(password), never));
      expect(said).toBe('its management controller was told to switch it on');
      expect(seen.filter((each) => each.includes('ipmitool')).length).toBeGreaterThan(0);
      expect(seen.filter((each) => each.includes(password))).toEqual([]);
      expect(controller.isOn).toBe(true);
      expect(controller.told).toEqual(['set power 1']);
      const named = { ...host, bmc: { ...host.bmc, address: 'bmc.invalid' } };
      expect(await switchOn(named, keeping(password), never, kept)).toBe(
        'its management controller says that it is on',
      );
      expect(controller.told).toEqual(['set power 1']);
    });

    it('a wrong password, and a controller that does not answer', async () => {
      const { controller, host } = await ipmi();
      const wrong = await faultOf(switchOn(host, keeping('wrong'), never));
      expect(wrong).toMatchObject({ code: 'command-failed', what: expect.stringContaining('exit code 1') });
      expect(controller.isOn).toBe(false);
      await controller.close();
      expect((await faultOf(switchOn(host, keeping(password), never))).code).toBe('command-failed');
    });
  });

  /** With another ipmitool, or none: what it is told is what its environment, in which it is found, says. */
  async function withTool<T>(tool: { text: string; mode: number } | null, work: () => Promise<T>) {
    const folder = await temporaryFolder();
    if (tool) await writeFile(join(folder, 'ipmitool'), tool.text, { mode: tool.mode });
    const before = process.env.PATH;
    process.env.PATH = folder;
    try {
      return { folder, done: await work() };
    } finally {
      process.env.PATH = before;
    }
  }

  it('without ipmitool the user is told what to install', async () => {
    const { done } = await withTool(null, () => faultOf(switchOn(hostWith({}), keeping(password), never)));
    expect(done).toMatchObject({ code: 'command-failed', remedy: expect.stringContaining('package ipmitool') });
  });

  it('with one that may not be executed the user is told so', async () => {
    const tool = { text: '#!/bin/sh\n', mode: 0o644 };
    const { done } = await withTool(tool, () => faultOf(switchOn(hostWith({}), keeping(password), never)));
    expect(done).toMatchObject({
      code: 'command-failed',
      what: 'ipmitool could not be started (EACCES)',
      where: expect.stringMatching(/^web \(management controller\)/),
      remedy: expect.stringContaining('Look whether it may be executed'),
    });
  });

  it('its environment holds the password, where it is searched for and its language, and nothing else of ours', async () => {
    const text = [
      '#!/bin/sh',
      'tr "\\0" "\\n" < /proc/$$/environ > "$(dirname "$0")/environment"',
      'echo "Chassis Power is on"',
      '',
    ].join('\n');
    const tool = { text: text.replace('#!/bin/sh', '#!/bin/sh\nPATH=/usr/bin:/bin'), mode: 0o755 };
    process.env.GLIDEPATH_MARKED = 'of another secret';
    try {
      const { folder, done } = await withTool(tool, () => powerSeen(hostWith({}), keeping(password), never));
      expect(done).toContain('it is on');
      const seen = (await readFile(join(folder, 'environment'), 'utf8')).trim().split('\n').sort();
      expect(seen).toEqual([`IPMI_PASSWORD=${password}`, 'LC_ALL=C', `PATH=${folder}`]);
    } finally {
      delete process.env.GLIDEPATH_MARKED;
    }
  });

  it.each([
    ['linux', '/usr/bin', '/usr/bin'],
    ['win32', 'C:\\Windows;C:\\tools', 'C:\\Windows;C:\\tools'],
    ['linux', undefined, undefined],
    // What is begun from the Finder has no more than this.
    ['darwin', '/usr/bin:/bin', '/usr/bin:/bin:/opt/homebrew/bin:/usr/local/bin:/opt/local/bin'],
    ['darwin', undefined, '/opt/homebrew/bin:/usr/local/bin:/opt/local/bin'],
  ] as const)('is searched for where programs of the user are, on %s with the PATH %s', (platform, path, searched) => {
    expect(searchedOn(platform, path)).toBe(searched);
  });
});

/** What it came to, and the arguments of every process meanwhile. */
async function watched(work: Promise<string>): Promise<{ said: string; seen: string[] }> {
  const seen: string[] = [];
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  void work.then(over, over);
  while (!isOver) {
    seen.push(...argumentsOfAll());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { said: await work, seen };
}

/** The arguments of every process, as everybody on this computer sees them. */
function argumentsOfAll(): string[] {
  const pids = execFileSync('ls', ['/proc'])
    .toString()
    .split('\n')
    .filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
    } catch {
      return [];
    }
  });
}

describe('waking a host that has a management controller', () => {
  async function waking(bmc: Partial<Bmc>, secret: string, macs: string[] = [mac]) {
    const listener = await WakeListener.open();
    const wakeTo = [{ address: '127.255.255.255', port: listener.port }];
    const b = bench(byKey, { wakeTo, secrets: keeping(secret) });
    closing.push(
      () => listener.close(),
      () => b.pool.close(),
    );
    const step = b.step({ kind: 'wake', target: 'web' }, hostWith(bmc, { macs }));
    return { b, step, actions: b.actions(step), listener };
  }

  it('asks it, sends magic packets as well, and takes neither for a proof', async () => {
    const { controller } = await redfish();
    const { b, step, actions, listener } = await waking(
      { protocol: 'redfish', port: controller.port, certificate: pinned() },
      password,
    );
    await b.meanwhile(actions.act(step));
    await expect.poll(() => controller.powerState).toBe('On');
    // What is repeated goes on behind the first that was taken.
    await b.clock.advance(1000);
    await expect.poll(() => listener.count(mac)).toBe(3);
    await expect
      .poll(() => actions.probe(step))
      .toMatchObject({ state: 'not-done', seen: expect.stringContaining('was told to switch it on') });
  });

  it('by it alone, when there is no MAC address', async () => {
    const { controller } = await redfish();
    const bmc = { protocol: 'redfish', port: controller.port, certificate: pinned() } as const;
    const { b, step, actions } = await waking(bmc, password, []);
    expect(await b.meanwhile(actions.act(step))).toEqual({
      controller: 'its management controller was told to switch it on',
    });
  });

  it('one that is silent keeps the packets from nothing', async () => {
    const server = net.createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as net.AddressInfo;
    const { b, step, actions, listener } = await waking({ protocol: 'redfish', port, certificate: pinned() }, password);
    const before = performance.now();
    expect(await b.meanwhile(actions.act(step))).toHaveProperty('packets');
    expect(performance.now() - before).toBeLessThan(3000);
    await expect.poll(() => listener.count(mac)).toBe(3);
    step.abort();
  });

  it('one that refuses the login is asked once in all: it may count', async () => {
    const { controller } = await redfish();
    const bmc = { protocol: 'redfish', port: controller.port, certificate: pinned() } as const;
    const { b, step, actions } = await waking(bmc, 'wrong');
    await b.meanwhile(actions.act(step));
    await expect.poll(() => b.told).toContain('it does not let ups in');
    await b.prove(step, 200_000);
    expect(controller.credentials).toEqual(['ups:wrong']);
  });

  it('one that could not be reached is asked again, as it starts itself when the power is back', async () => {
    const { controller } = await redfish('garbage');
    const bmc = { protocol: 'redfish', port: controller.port, certificate: pinned() } as const;
    const { b, step, actions } = await waking(bmc, password, []);
    expect((await faultOf(b.meanwhile(actions.act(step)))).code).toBe('unexpected-answer');
    // A second attempt that comes too soon meets what the first one met, which does not end the step.
    expect((await faultOf(b.meanwhile(actions.act(step)))).code).toBe('unexpected-answer');
    controller.trouble = null;
    await b.prove(step, 50_000);
    expect(controller.powerState).toBe('Off');
    await b.prove(step, 30_000);
    await expect.poll(() => controller.powerState).toBe('On');
  });

  it('one that says no for good does not keep the packets from another attempt', async () => {
    const { controller } = await redfish();
    const bmc = { protocol: 'redfish', port: controller.port, certificate: pinned() } as const;
    const host = hostWith(bmc, { macs: [mac], secureOn: true });
    const noNetworkYet = hostFault(host, 'wake-not-sent', 'no magic packet left this computer', 'Look at its network.');
    const secrets = { bmc: async () => 'wrong', secureOn: () => Promise.reject(noNetworkYet) };
    const b = bench(byKey, { secrets });
    closing.push(() => b.pool.close());
    const step = b.step({ kind: 'wake', target: 'web' }, host);
    expect((await faultOf(b.meanwhile(b.actions(step).act(step)))).code).toBe('wake-not-sent');
    expect(controller.credentials).toEqual(['ups:wrong']);
  });

  it('in a rehearsal it is asked, and without a MAC address nothing is missing', async () => {
    const { controller } = await redfish();
    const bmc = { protocol: 'redfish', port: controller.port, certificate: pinned() } as const;
    const { b, step, actions } = await waking(bmc, password, []);
    const checks = await b.meanwhile(actions.check(step));
    expect(checks.filter(({ what }) => what === 'mac').map(({ verdict, detail }) => [verdict, detail])).toEqual([
      ['ready', 'its management controller lets ups in, and says that it is off'],
    ]);
    const refused = await waking(bmc, 'wrong', []);
    const failing = await refused.b.meanwhile(refused.actions.check(refused.step));
    expect(failing.find(({ what }) => what === 'mac')).toMatchObject({
      verdict: 'fails',
      fault: { code: 'login-refused' },
    });
    expect(controller.powerState).toBe('Off');
  });
});
