import { expect, it } from 'vitest';
import { sessionOf } from '../../electron/targets/kinds/deps.ts';
import { powerOffOf } from '../../electron/targets/platforms/of-host.ts';
import { freebsd, type MachineKind } from '../fakes/machine/kinds.ts';
import type { Program } from '../fakes/machine/machine.ts';
import { type Result, result } from '../fakes/posix-shell.ts';
import { describeMachines, mac, platformSuite, up } from './platform-kit.ts';
import { faultOf } from './targets-kit.ts';

const denied = result('', 1, 'Not authenticated\n');
const refusal = result('', 1, '[EFAULT] cannot\n');
const jobNumber: Result = result('4711\n');
const call = '/usr/bin/midclt call system.shutdown';
const asked = 'uname -s; cat /etc/version';

/**
 * TrueNAS's client of its middleware. Whether wrong arguments are told by its exit code is not known: here they are not,
 * and the machine stays on, which is the worse of the two. What it says to those who may not is made up.
 * @see https://github.com/truenas/middleware/blob/master/src/middlewared/middlewared/plugins/system/lifecycle.py
 */
const midclt =
  (wantsReason: boolean): Program =>
  ({ args, root }, machine) => {
    const [verb, method, ...rest] = args;
    if (verb !== 'call' || method !== 'system.shutdown') return result('', 1, 'Method does not exist\n');
    if (!root) return denied;
    return rest.length === (wantsReason ? 1 : 0) ? machine.goDown(jobNumber, refusal) : jobNumber;
  };

const scale = (version: string, wantsReason: boolean): MachineKind => ({
  shell: 'bash',
  tools: ['/bin/uname'],
  programs: { '/usr/bin/midclt': midclt(wantsReason) },
  files: { '/etc/version': `${version}\n`, '/sys/class/net/eth0/address': `${mac}\n` },
});

for (const [version, rule] of [
  ['25.04.2.1', `${call} Glidepath`],
  ['24.10.2.4', call],
] as const) {
  platformSuite({
    kind: 'truenas',
    title: `TrueNAS SCALE ${version}`,
    machine: () => scale(version, rule !== call),
    powerOff: {
      sent: [asked, rule],
      ran: rule,
      bySudo: { sent: [asked, `sudo -n ${rule}`], rule, remedy: `with no password": ${rule}` },
    },
    tellsMacs: true,
  });
}

describeMachines('TrueNAS SCALE, by its version', () => {
  it.each([
    ['TrueNAS-SCALE-22.12.4.2', call],
    ['24.10-RC.2', call],
    ['TrueNAS-25.04.0', `${call} Glidepath`],
    ['25.10-MASTER-20250601-015430', `${call} Glidepath`],
    ['26.0.0-BETA.1', `${call} Glidepath`],
    ['unheard of', `${call} Glidepath`],
  ])('%s is sent %s', async (version, rule) => {
    const { b, machine, step, sent } = await up({ kind: 'truenas', machine: () => scale(version, rule !== call) });
    const context = step();
    await b.actions(context).act(context);
    expect([sent(), machine.state]).toEqual([[asked, rule], 'dying']);
  });
});

describeMachines('TrueNAS that is lost while it is asked which it is', () => {
  it('gets no command that may be the wrong one', async () => {
    const { b, host, step, sent } = await up({ kind: 'truenas', machine: () => scale('24.10', false) });
    const session = sessionOf(b.deps, step());
    const run: typeof session.run = async (command, limitMs) => {
      if (command !== asked) return session.run(command, limitMs);
      return { stdout: '', stderr: '', code: null, dropped: true, truncated: false };
    };
    expect((await faultOf(powerOffOf(host).act({ ...session, run }))).code).toBe('dead-peer');
    expect(sent()).toEqual([]);
  });
});

const off = '/sbin/shutdown -p now';

platformSuite({
  kind: 'truenas',
  title: 'TrueNAS CORE',
  machine: () => ({
    ...freebsd(mac),
    files: { ...freebsd(mac).files, '/etc/version': 'TrueNAS-13.0-U6.1 (9f3e2c7d)\n' },
  }),
  powerOff: {
    sent: [asked, off],
    ran: off,
    bySudo: { sent: [asked, `sudo -n ${off}`], rule: off, remedy: `with no password": ${off}` },
  },
  tellsMacs: true,
});

platformSuite({
  kind: 'truenas',
  title: 'TrueNAS with a command of the user',
  machine: () => scale('25.04.0', true),
  host: { powerOffCommand: `${call} night` },
  powerOff: { sent: [`${call} night`], ran: `${call} night` },
  tellsMacs: true,
});
