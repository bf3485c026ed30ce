import { expect, it } from 'vitest';
import type { MachineFault, Program } from '../fakes/machine/machine.ts';
import { ProxmoxNode, type ProxmoxState } from '../fakes/machine-programs/proxmox.ts';
import { proxmoxGuest as guest } from '../fakes/machine-programs/proxmox-guest.ts';
import { result } from '../fakes/posix-shell.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';
import { guestsSuite } from './platform-guests-kit.ts';
import { byVisudo, describeMachines, entered, onlyLooked, platformSuite, shortly } from './platform-kit.ts';
import { down, no, proxmox } from './platform-proxmox-kit.ts';
import { settingSuite } from './platform-settings-kit.ts';
import { faultOf } from './targets-kit.ts';

const asUps = { user: 'ups', sudo: true };
const programs = ['/usr/bin/pvesh', '/usr/sbin/qm', '/usr/sbin/pct', '/usr/sbin/ha-manager'];
const rule = [...programs, '/usr/bin/lxc-stop', '/usr/bin/pkill'].join(', ');

platformSuite({
  kind: 'proxmox',
  machine: (after) => new ProxmoxNode(after).machine(),
  powerOff: {
    sent: ['systemctl poweroff'],
    ran: '/usr/bin/systemctl poweroff',
    bySudo: {
      sent: ['sudo -n systemctl poweroff'],
      rule: '/usr/bin/systemctl poweroff',
      remedy: byVisudo('systemctl poweroff'),
    },
  },
  tellsMacs: true,
});

guestsSuite({
  kind: 'proxmox',
  tellsAgents: false,
  machine: (guests, after) => {
    const node = new ProxmoxNode(after, {
      guests: guests.map(({ name, on, hasAgent, stopsAfterMs }, at) =>
        guest(100 + at, name, {
          on,
          // Asking takes its time here, and none is to be off before all were asked.
          stopsAfterMs: stopsAfterMs && 3 * stopsAfterMs,
          type: hasAgent && at % 2 === 1 ? 'lxc' : 'qemu',
          agent: hasAgent ? 'answers' : 'silent',
        }),
      ),
    });
    return { machine: node.machine(), on: () => node.on };
  },
});

/** Each of these is shown with guests, and with every setting. */
const acting: Array<[string, Record<string, unknown>, string]> = [
  ['its guests are shut down', { ...down, limit: 30 }, 'qm shutdown'],
  ['HA is switched off', { kind: 'disable-ha' }, 'disarm-ha'],
  ['it enters maintenance mode', { kind: 'enter-maintenance' }, 'node-maintenance'],
  ['Ceph flags are set', { kind: 'set-ceph-flags' }, 'osd set'],
];

const some = (): Partial<ProxmoxState> => ({ guests: [guest(100, 'dc'), guest(101, 'web', { ha: 'started' })] });

for (const [when, one, part] of acting) {
  describeMachines(`a Proxmox VE node, when ${when}`, () => {
    const only = { ...one, ...(one.kind === down.kind && { guests: { only: ['dc'] } }) };

    it('and it says no, is never proven', async () => {
      const w = await proxmox(some());
      w.node.instead = () => no;
      const context = w.step(only);
      if (one.kind === down.kind) {
        await w.act(context);
        expect(w.b.told).toEqual(['asking dc ended with exit code 255: no, not now']);
      } else {
        const fault = await faultOf(w.act(context));
        expect([fault.code, fault.what]).toEqual(['command-failed', expect.stringContaining('255: no, not now')]);
      }
      expect((await w.prove(context, 40_000)).state).toBe('not-done');
    });

    it('and it lies, is never proven', async () => {
      const w = await proxmox(some());
      w.node.instead = () => result();
      const context = w.step(only);
      await w.act(context);
      expect((await w.prove(context, 40_000)).state).toBe('not-done');
      expect(w.orders().at(-1)).toContain(part);
    });

    it('and it hangs, holds the step up to its limit', async () => {
      const w = await proxmox(some());
      w.node.instead = () => new Promise(() => {});
      const context = w.step(only);
      const acted = faultOf(w.b.actions(context).act(context));
      await expect.poll(() => w.orders().at(-1)).toContain(part);
      context.abort();
      expect((await acted).code).toBe('limit-reached');
      expect((await w.probe(w.step(only))).state).toBe('not-done');
    });

    it.each(['fin', 'rst'] as const)('and it is gone by %s, is in doubt', async (fault) => {
      const w = await proxmox(some());
      w.node.instead = dying(fault);
      expect((await faultOf(w.act(w.step(only)))).code).toBe('dead-peer');
      expect((await w.probe(w.step(only))).state).toBe('unknown');
    });

    it('and it falls silent, is in doubt', async () => {
      const w = await proxmox(some());
      w.node.instead = dying('silence');
      const context = w.step(only);
      const acted = faultOf(w.b.actions(context).act(context));
      await expect.poll(() => w.machine.state).toBe('off');
      context.abort();
      expect((await acted).code).toBe('limit-reached');
    });

    it('is done by a user whom sudo lets', async () => {
      const w = await proxmox(some(), { host: asUps, sudo: [...programs, '/usr/bin/ceph'] });
      expect(shortly(await w.check(only)).slice(0, 4)).toEqual([...entered, 'privilege: ready']);
      onlyLooked(w);
      const context = w.step(only);
      expect((await w.probe(context)).state).toBe('not-done');
      await w.act(context);
      expect((await w.prove(context, 90_000)).state).toBe('done');
    });

    it('is not done by one whom sudo lets only look: the rule to add', async () => {
      const w = await proxmox(some(), {
        host: asUps,
        sudo: ['/usr/bin/pvesh', '/usr/bin/ceph --connect-timeout 10 osd dump --format json'],
      });
      const fault = await faultOf(w.act(w.step(only)));
      expect(fault).toMatchObject({ code: 'not-allowed', remedy: expect.stringContaining(`NOPASSWD: ${rule}`) });
      expect(w.orders()).toEqual([]);
      const checks = await w.check(only);
      expect(checks.find(({ what }) => what === 'privilege')?.fault).toMatchObject({
        code: 'not-allowed',
        remedy: expect.stringContaining(rule),
      });
    });

    it('is not done by one who is not root', async () => {
      const w = await proxmox(some(), { host: { user: 'ups' } });
      expect((await faultOf(w.act(w.step(only)))).code).toBe('command-failed');
      expect((await w.probe(w.step(only))).state).toBe('unknown');
      expect(w.orders()).toEqual([]);
      expect(shortly(await w.check(only))).toContain('privilege: fails');
    });

    it('is not done with another key than ours, or on a host that was installed anew', async () => {
      const strange = await proxmox(some(), { publicKey: newSshKey().publicKey });
      expect((await faultOf(strange.act(strange.step(only)))).code).toBe('login-refused');
      const renewed = await proxmox(some());
      renewed.machine.powerCut();
      renewed.machine.ssh.root.renewHostKey();
      await renewed.machine.powerOn();
      expect((await faultOf(renewed.act(renewed.step(only)))).code).toBe('host-key-changed');
      expect([strange.sent(), renewed.sent()]).toEqual([[], []]);
    });
  });
}

/** Gone as soon as it is told to change something. */
const dying =
  (fault: Exclude<MachineFault, 'none'>): Program =>
  (_call, machine) => {
    machine.fault = fault;
    return machine.goDown(no, no);
  };

/** A setting of a node, for the suite that is true of all. */
const switched = (away: 'disable-ha' | 'enter-maintenance' | 'set-ceph-flags', title: string, version = '9.2.10') => {
  settingSuite({
    kind: 'proxmox',
    title,
    away,
    machine: (on, after) => {
      const node = new ProxmoxNode(after, { version, guests: [guest(100, 'dc', { ha: 'started' })] });
      const { ha, state } = node;
      if (away === 'disable-ha' && !on) state.guests = [guest(100, 'dc', { ha: 'ignored' })];
      if (away === 'enter-maintenance' && on) {
        ha.maintenance = 'on';
        ha.elsewhere.add('vm:100');
      }
      if (away === 'set-ceph-flags' && on) state.ceph?.add('noout');
      const isOn = {
        'disable-ha': () => ha.arms === 'armed' && state.guests[0]?.ha === 'started',
        'enter-maintenance': () => ha.maintenance !== 'off',
        'set-ceph-flags': () => state.ceph?.has('noout') === true,
      }[away];
      const refuse = () => {
        node.instead = () => no;
      };
      return { machine: node.machine(), isOn, refuse };
    },
  });
};

switched('disable-ha', 'Proxmox VE 9.2');
switched('disable-ha', 'Proxmox VE 8.4', '8.4.1');
switched('enter-maintenance', 'Proxmox VE');
switched('set-ceph-flags', 'Proxmox VE');
