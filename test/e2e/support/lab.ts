import { type Host, hostSchema } from '../../../shared/inventory.ts';
import { type Sequence, type Step, sequenceSchema } from '../../../shared/sequence.ts';
import { esxiVm } from '../../fakes/esxi/shell.ts';
import { Rack, type RackHost } from '../../fakes/rack/rack.ts';
import { FakeUps } from '../../fakes/ups/fake-ups.ts';
import type { App } from './app.ts';

/** The rack of the tests: a web server, a database, a NAS behind a restricted user, and an ESXi host. */
export function rackUp(): Promise<Rack> {
  return Rack.up({
    hosts: [
      { name: 'web', timeToDieMs: 700, bootMs: 500 },
      { name: 'db', logins: ['password'], timeToDieMs: 1200, bootMs: 700 },
      { name: 'nas', user: 'ups', sudo: ['/usr/bin/systemctl poweroff'], timeToDieMs: 900, bootMs: 500 },
      { name: 'esx', kind: 'esxi', bootMs: 800, timeFactor: 0.05, esxi: { vms: guests() } },
    ],
  });
}

const guests = () => [
  esxiVm(1, 'dc-1', { shutdownDelayMs: 40_000 }),
  esxiVm(2, 'web front (old)', { shutdownDelayMs: 25_000 }),
  esxiVm(9, 'spare', { power: 'off' }),
];

/** Enters every host as a user does: saved, its key read from the host and confirmed, its secret given. */
export async function enterHosts(app: App, rack: Rack): Promise<void> {
  for (const machine of rack.hosts) {
    await app.request('hosts.save', { host: hostOf(machine) });
    const key = await app.request('hosts.readKey', { id: machine.name });
    if (key.fingerprint !== machine.hostKeyFingerprint)
      throw new Error(`${machine.name} showed another key than its own`);
    await app.request('hosts.pinKey', { id: machine.name, key });
    await app.request('hosts.setSecret', { id: machine.name, secret: machine.credential, passphrase: '' });
  }
}

function hostOf(machine: RackHost): Host {
  return hostSchema.parse({
    id: machine.name,
    name: machine.name,
    kind: machine.kind,
    address: machine.address,
    port: machine.port,
    user: machine.user,
    login: machine.credential.includes('PRIVATE KEY') ? 'key' : 'password',
    macs: [machine.mac],
    ...(machine.kind === 'linux' && machine.user !== 'root' ? { sudo: true } : {}),
  });
}

export interface PlanOptions {
  /** `silent` waits 20 s for each proof, `port-closed` only for the port. */
  until: 'silent' | 'port-closed';
  /** A wait before anything is sent, in seconds. */
  pause?: number;
}

/** Guests; then the line; the hypervisor, the web server and the database; the NAS last. Back in reverse. */
export function planFor({ until, pause = 0 }: PlanOptions): Sequence {
  const off = (target: string, needs: string[] = []): object => ({
    id: `off-${target}`,
    kind: 'power-off',
    target,
    until,
    needs,
  });
  const before =
    pause > 0 ? [{ id: 'pause', name: 'Pause', steps: [{ id: 'pause-step', kind: 'wait', seconds: pause }] }] : [];
  return sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'rack-plan',
    name: 'Rack plan',
    stages: [
      ...before,
      { id: 'guests', name: 'Guests', steps: [{ id: 'guests-esx', kind: 'shut-down-guests', target: 'esx' }] },
      {
        id: 'hosts',
        name: 'Hosts',
        steps: [
          { id: 'mm-esx', kind: 'enter-maintenance', target: 'esx' },
          off('esx', ['mm-esx']),
          off('web'),
          off('db'),
        ],
      },
      { id: 'storage', name: 'Storage', steps: [off('nas')] },
    ],
    pointOfNoReturn: 'hosts',
    returnStages: [
      { id: 'back-storage', name: 'Storage', steps: [{ id: 'wake-nas', kind: 'wake', target: 'nas' }] },
      {
        id: 'back-hosts',
        name: 'Hosts',
        steps: [
          { id: 'wake-web', kind: 'wake', target: 'web' },
          { id: 'wake-db', kind: 'wake', target: 'db' },
          { id: 'wake-esx', kind: 'wake', target: 'esx' },
          { id: 'exit-esx', kind: 'exit-maintenance', target: 'esx', needs: ['wake-esx'] },
          { id: 'start-esx', kind: 'start-guests', target: 'esx', needs: ['exit-esx'] },
        ],
      },
    ],
    returnWhen: { stableSeconds: 2, charge: 25 },
    triggers: { runtime: {}, charge: {}, onBattery: {} },
  });
}

/** Saves the plan and arms it, through the same door as the window. */
export async function saveAndArm(app: App, sequence: Sequence): Promise<void> {
  const { hash } = await app.request('plan.save', { sequence, baseHash: '' });
  await app.answerNativeQuestions(0);
  await app.request('plan.arm', { hash });
  await app.until('the armed plan', ({ plan, status }) => plan.armed && plan.hash === hash && status.margin.needs > 0);
}

/** A UPS on mains with a full battery. */
export async function plugUps(): Promise<FakeUps> {
  const ups = new FakeUps();
  mainsOn(ups, 100);
  await ups.plug();
  return ups;
}

/** Seconds of runtime that make the plan start at once. */
const nearlyEmpty = 120;

export function mainsOff(ups: FakeUps, runtime = nearlyEmpty): void {
  ups.set({ ACPresent: 0, Discharging: 1, Charging: 0, RemainingCapacity: 80, RunTimeToEmpty: runtime });
}

export function mainsOn(ups: FakeUps, charge = 80): void {
  ups.set({ ACPresent: 1, Discharging: 0, Charging: 0, RemainingCapacity: charge, RunTimeToEmpty: 3600 });
}

export const stepsOf = (sequence: Sequence): Step[] =>
  [...sequence.stages, ...sequence.returnStages].flatMap((stage) => stage.steps);

/** Which power commands reached each machine, in the order in which they came. */
export function powerOrder(rack: Rack): string[] {
  return rack.hosts
    .flatMap((machine) => machine.powerCommands.map((command) => ({ ...command, name: machine.name })))
    .sort((a, b) => a.at - b.at)
    .map((command) => command.name);
}
