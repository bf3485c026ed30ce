import { type Host, hostSchema } from '../../../shared/inventory.ts';
import { type HostKind, hostKinds, platforms, usualPort } from '../../../shared/platforms.ts';
import { type Sequence, type StepKind, sequenceSchema } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import type { HostView } from '../../../shared/view.ts';

export const sshKey = { type: 'ssh-ed25519', fingerprint: `SHA256:${'k3Jx9'.repeat(8)}Qw2` };
/** The bytes 0, 1, 2 … 31. */
export const certificate = { type: 'x509', fingerprint: 'SHA256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8' };

const change: Partial<Record<HostKind, object>> = {
  'esxi-api': { managedBy: 'vcenter-1' },
  esxi: { managedBy: 'vcenter-1', oldAlgorithms: true, login: 'password' },
  windows: { login: 'agent', jump: 'linux-1' },
  linux: {
    sudo: true,
    user: 'ups',
    secureOn: true,
    bmc: { protocol: 'redfish', address: '10.0.99.10', user: 'power' },
  },
  kubernetes: { bmc: { protocol: 'ipmi', address: '10.0.99.11', user: 'ADMIN' } },
  other: { powerOffCommand: 'poweroff', tags: ['lab'] },
};

/** One host of every kind, as its usual port and user are. */
export const everyKind: Host[] = hostKinds.map((kind, at) => {
  const { by, isMachine, user } = platforms[kind];
  return hostSchema.parse({
    id: `${kind}-1`,
    name: `${kind}-1`,
    kind,
    address: `10.0.20.${at + 10}`,
    port: usualPort(kind),
    user,
    login: by === 'soap' ? 'password' : 'key',
    hostKeys: [by === 'soap' ? certificate : sshKey],
    macs: isMachine ? [`3c:ec:ef:00:20:${String(at + 10)}`] : [],
    ...change[kind],
  });
});

/** The certificates of the APIs, and what wakes linux-1, are still to be confirmed and entered. */
export const everyKindViews: HostView[] = everyKind.map((host) =>
  platforms[host.kind].by === 'soap'
    ? { host: { ...host, hostKeys: [] }, hasSecret: host.kind !== 'vcenter' }
    : { host, hasSecret: true, ...(host.kind === 'kubernetes' ? { alsoKept: ['bmc'] as const } : {}) },
);

const own: Partial<Record<StepKind, object>> = {
  'shut-down-guests': {
    target: 'esxi-1',
    force: true,
    groups: [{ name: 'Low', guests: ['web-1', 'web-2'] }],
    guestLimits: [{ guest: 'db-1', limit: 600 }],
  },
  'start-guests': { target: 'esxi-1', groups: [{ name: 'First', guests: ['dc-1', 'db-1'], limit: 120 }] },
  'enter-maintenance': { target: 'esxi-1', evacuation: 'ensure-accessibility' },
  command: { target: 'linux-1', command: 'systemctl stop restic', proof: '! systemctl is-active restic' },
  'ups-off': { ups: 'G123A45678', delay: 300 },
  wait: { seconds: 90 },
  notify: { message: 'The rack goes down', channels: ['ops', 'gone'] },
};

const back: readonly StepKind[] = [
  'wake',
  'exit-maintenance',
  'heed-member-updates',
  'recover-vsan',
  'unset-ceph-flags',
  'restore-vcls',
  'enable-ha',
  'start-guests',
];

const stepOf = (kind: StepKind): object => {
  const target = everyKind.find((host) => stepKinds[kind].targets?.includes(host.kind));
  return { id: kind, kind, ...(target ? { target: target.id } : {}), ...own[kind] };
};
const all = Object.keys(stepKinds) as StepKind[];

/** A plan with a step of every kind. */
export const everyStepPlan: Sequence = sequenceSchema.parse({
  format: 'glidepath-sequence',
  version: 3,
  id: 'rack',
  name: 'Rack plan',
  stages: [{ id: 'down', name: 'Down', steps: all.filter((kind) => !back.includes(kind)).map(stepOf) }],
  pointOfNoReturn: 'down',
  returnStages: [{ id: 'back', name: 'Back', steps: back.map(stepOf) }],
  returnWhen: {},
});
