import { describe, expect, it } from 'vitest';
import { cannotBeWoken } from '../../renderer/setup/host-facts.ts';
import {
  changeHost,
  formOf,
  type HostForm,
  hostOf,
  isHostChanged,
  loginOf,
  managerOf,
  missingInHost,
} from '../../renderer/setup/host-form.ts';
import { jumpsFor, kindOptions, managersOf } from '../../renderer/setup/host-kinds.ts';
import { isKept, slotsOf } from '../../renderer/setup/host-secrets.ts';
import { commandFor } from '../../renderer/setup/key-words.ts';
import { sameName, samePlace } from '../../renderer/setup/twins.ts';
import { wakingSentence } from '../../renderer/setup/waking-fields.tsx';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import { hostKinds } from '../../shared/platforms.ts';
import { shownFingerprint } from '../../shared/shown-fingerprint.ts';
import { certificate, everyKind, sshKey } from '../fakes/window/platforms.ts';

const of = (kind: Host['kind']): Host => {
  const host = everyKind.find((each) => each.kind === kind);
  if (!host) throw new Error(`there is no ${kind}`);
  return host;
};
const none: ReadonlySet<string> = new Set();

describe('the form of a host', () => {
  it.each(hostKinds)('gives back a host of the kind %s as it was, and the schema takes it', (kind) => {
    const host = of(kind);
    expect(hostSchema.parse(hostOf(formOf(host), host, none))).toEqual(host);
  });

  it('keeps the old algorithms of a host when something else is edited', () => {
    const host = of('esxi');
    expect(host.oldAlgorithms).toBe(true);
    expect(hostOf({ ...formOf(host), name: 'renamed' }, host, none)).toMatchObject({ oldAlgorithms: true });
  });

  it('lets port, user and login follow the kind, but not what was typed', () => {
    const vcenter = changeHost(formOf(null), { kind: 'vcenter' });
    expect(vcenter).toMatchObject({ port: 443, user: 'administrator@vsphere.local' });
    expect(loginOf(vcenter)).toBe('password');
    expect(changeHost(vcenter, { kind: 'truenas' })).toMatchObject({ port: 22, user: 'admin' });
    const typed = changeHost({ ...formOf(null), port: 8443, user: 'ops' }, { kind: 'esxi-api' });
    expect(typed).toMatchObject({ port: 8443, user: 'ops' });
    // Typed stays typed, though it is what some kind would have had anyhow.
    const admin = changeHost(formOf(null), { user: 'admin' });
    const through = (['macos', 'windows', 'proxmox'] as const).reduce(
      (form, kind) => changeHost(form, { kind }),
      admin,
    );
    expect(through.user).toBe('admin');
  });

  it('is changed while something is entered, and not when that is as it was again', () => {
    const old = formOf(of('esxi'));
    const other = changeHost(old, { user: 'ops', managedBy: null });
    expect(isHostChanged(other, old)).toBe(true);
    expect(isHostChanged(changeHost(other, { user: old.user, managedBy: old.managedBy }), old)).toBe(false);
    const through = changeHost(changeHost(old, { kind: 'esxi-api' }), { managedBy: old.managedBy });
    expect([through, changeHost(through, { kind: 'esxi' })].map((form) => isHostChanged(form, old))).toEqual([
      true,
      false,
    ]);
  });

  it('drops what the new kind cannot have, and the schema takes the rest', () => {
    const old: Host = { ...of('linux'), jump: 'windows-1', oldAlgorithms: true, powerOffCommand: 'halt' };
    const next = hostOf(changeHost(formOf(old), { kind: 'vcenter' }), old, none);
    expect(hostSchema.safeParse(next).success).toBe(true);
    expect(next).toMatchObject({ oldAlgorithms: false, sudo: false, macs: [], secureOn: false, bmc: null });
    expect(next).not.toHaveProperty('jump');
    expect(next).not.toHaveProperty('powerOffCommand');
    const esxi = changeHost(formOf(of('esxi')), { kind: 'esxi-api' });
    expect(managerOf(esxi)).toBe('vcenter-1');
    expect(managerOf(changeHost(esxi, { kind: 'linux' }))).toBeNull();
    expect(hostOf(changeHost(esxi, { kind: 'linux' }), of('esxi'), none)).not.toHaveProperty('managedBy');
  });

  it('loses nothing on the way through other kinds to the one that is meant', () => {
    const through = (form: HostForm, ...kinds: Host['kind'][]) =>
      kinds.reduce((next, kind) => changeHost(next, { kind }), form);
    const agent = changeHost(formOf(null), { login: 'agent' });
    expect(loginOf(through(agent, 'esxi-api', 'vcenter', 'proxmox'))).toBe('agent');
    const old = of('esxi');
    expect(hostOf(through(formOf(old), 'esxi-api', 'vcenter', 'libvirt', 'esxi'), old, none)).toEqual(old);
    const pooled = changeHost(through(formOf(old), 'xcp-ng'), { managedBy: 'xcp-ng-1' });
    expect(hostOf(pooled, old, none).managedBy).toBe('xcp-ng-1');
    expect(hostOf(through(pooled, 'esxi'), old, none)).not.toHaveProperty('managedBy');
  });

  it('gives up what was confirmed when host or controller stand elsewhere', () => {
    const host: Host = { ...of('linux'), bmc: { ...bmc, certificate } };
    const form = formOf(host);
    expect(hostOf(form, host, none)).toMatchObject({ hostKeys: [sshKey], bmc: { certificate } });
    expect(hostOf({ ...form, port: 2222 }, host, none)).toMatchObject({ hostKeys: [], bmc: { certificate } });
    // An SSH key is no certificate, wherever it was shown.
    expect(hostOf({ ...form, kind: 'esxi-api' }, host, none).hostKeys).toEqual([]);
    expect(hostOf({ ...form, kind: 'windows' }, host, none).hostKeys).toEqual([sshKey]);
    const moved = hostOf({ ...form, bmc: { ...bmc, port: 8443 } }, host, none);
    expect(moved).toMatchObject({ hostKeys: [sshKey], bmc: { port: 8443, certificate: null } });
  });

  it('says what is missing, one thing at a time', () => {
    const form = { ...formOf(null), kind: 'other' as const };
    expect(missingInHost(form)).toBe('It needs a name.');
    const named = { ...form, name: 'box', address: '10.0.0.9' };
    expect(missingInHost(named)).toBe('It needs the command that powers it off.');
    const commanded = { ...named, powerOffCommand: 'halt' };
    expect(missingInHost(commanded)).toBeNull();
    expect(missingInHost({ ...commanded, bmc: { ...bmc, port: null, address: '' } })).toBe(
      'Its management controller needs an address.',
    );
    expect(missingInHost({ ...commanded, bmc: { ...bmc, port: null, user: ' ' } })).toBe(
      'Its management controller needs a user.',
    );
  });
});

const bmc = { protocol: 'redfish' as const, address: '10.0.99.10', port: 443, user: 'power' };

describe('a host among others', () => {
  it('is told of who has its name or stands where it does, which no host of the sample does', () => {
    for (const host of everyKind) {
      const others = everyKind.filter((each) => each !== host);
      expect(sameName(formOf(host), others) + samePlace(formOf(host), others)).toBe('');
    }
    const form = { ...formOf(null), name: ' Linux-1', address: of('windows').address, jump: 'linux-1' };
    expect(sameName(form, everyKind)).toBe('Another host has this name');
    expect(samePlace(form, everyKind)).toBe('windows-1 has this address and port: it would be the same machine');
    expect(samePlace({ ...form, port: 2222 }, everyKind)).toBe('');
    // The same address behind another jump host is another machine.
    expect(samePlace({ ...form, jump: null }, everyKind)).toBe('');
  });

  it('is of a kind that stands in the list once, under one heading each', () => {
    expect(kindOptions.map(({ value }) => value).sort()).toEqual([...hostKinds].sort());
    const headings = kindOptions.map(({ group }) => group).filter((group, at, all) => group !== all[at - 1]);
    expect(new Set(headings).size).toBe(headings.length);
  });

  it('goes through hosts with SSH that do not go through it', () => {
    const ids = jumpsFor('linux-1', everyKind).map(({ id }) => id);
    // windows-1 itself goes through linux-1.
    expect(ids).not.toContain('windows-1');
    expect(ids).not.toContain('vcenter-1');
    expect(ids).toContain('freebsd-1');
  });

  it('is managed by its vCenter, by no other kind of host', () => {
    expect(managersOf('esxi', everyKind)?.hosts.map(({ id }) => id)).toEqual(['vcenter-1']);
    expect(managersOf('xcp-ng', everyKind)?.hosts.map(({ id }) => id)).toEqual(['xcp-ng-1']);
    const planes = managersOf('kubernetes', everyKind)?.hosts.map(({ id }) => id);
    expect(planes).toContain('linux-1');
    expect(planes).not.toContain('vcenter-1');
    expect(managersOf('linux', everyKind)).toBeNull();
  });
});

describe('what a host must prove and must be told', () => {
  it('needs a secret for each way in which it is spoken to, and none of an agent', () => {
    expect(slotsOf(of('linux'))).toEqual(['login', 'secure-on', 'bmc']);
    expect(slotsOf(of('windows'))).toEqual([]);
    const view = { host: of('linux'), hasSecret: true, alsoKept: ['bmc'] as const };
    expect(slotsOf(view.host).map((slot) => isKept(slot, view))).toEqual([true, false, true]);
  });

  it('shows a certificate as openssl does, a host key as ssh-keygen does', () => {
    const bytes = Array.from({ length: 32 }, (_, at) => at.toString(16).toUpperCase().padStart(2, '0'));
    expect(shownFingerprint(certificate)).toBe(bytes.join(':'));
    expect(shownFingerprint(sshKey)).toBe(sshKey.fingerprint);
    expect(commandFor('host', of('esxi-api'), certificate)).toContain('openssl x509 -noout -fingerprint -sha256');
    expect(commandFor('host', of('hyper-v'), sshKey)).toContain('ssh_host_ed25519_key.pub');
    expect(commandFor('host', of('esxi'), sshKey)).toMatch(
      /^\/usr\/lib\/vmware\/openssh\/bin\/ssh-keygen -lf \/etc\/ssh\//,
    );
    expect(commandFor('bmc', of('linux'), certificate)).toBeNull();
  });

  it('is said to have no way to be woken only where something would wake it', () => {
    const host: Host = { ...of('windows'), macs: [] };
    expect(cannotBeWoken(host)).toBe(true);
    expect(cannotBeWoken(of('windows'))).toBe(false);
    expect(cannotBeWoken({ ...host, runsOn: 'esxi-1' })).toBe(false);
    expect(cannotBeWoken({ ...host, isThisComputer: true })).toBe(false);
    expect(cannotBeWoken({ ...host, bmc: { ...bmc, certificate: null } })).toBe(false);
    expect(cannotBeWoken(of('vcenter'))).toBe(false);
  });

  it('is woken in the ways that it says', () => {
    expect(wakingSentence(formOf(of('linux')))).toBe(
      'by wake-on-LAN with a SecureOn password and by its management controller (Redfish).',
    );
    expect(wakingSentence({ macs: ' ', secureOn: false, bmc: null })).toBe('it cannot be woken.');
  });
});
