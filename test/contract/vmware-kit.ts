import type { StepContext } from '../../electron/core/ports.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import { type Certificate, selfSigned } from '../fakes/vcenter/certificate.ts';
import type { Side } from '../fakes/vcenter/properties.ts';
import { type VsphereOptions, VsphereServer } from '../fakes/vcenter/server.ts';
import { type FakeEsxi, World } from '../fakes/vcenter/world.ts';
import { type Bench, bench, byPassword } from './targets-kit.ts';

export const closing: Array<() => unknown> = [];

/** To be called after each test: it closes what the test opened. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}

/** Made once: what a certificate says does not matter to any test. */
let made: Certificate | null = null;
export const certificate = (): Certificate => {
  made ??= selfSigned();
  return made;
};

export interface Vsphere {
  b: Bench;
  world: World;
  server: VsphereServer;
  host: Host;
  /** Methods that change something, in order. */
  acts(): string[];
  step(step: Record<string, unknown>, earlier?: StepContext['earlier']): ReturnType<Bench['step']>;
  act(context: StepContext): ReturnType<ReturnType<Bench['actions']>['act']>;
  probe(context: StepContext): ReturnType<ReturnType<Bench['actions']>['probe']>;
}

export interface VsphereParts extends Partial<VsphereOptions> {
  parts?: ConstructorParameters<typeof World>[1];
  inventory?: Record<string, unknown>;
  password?: string;
}

const looks = /^(Login|Logout|CurrentTime|Retrieve|ContinueRetrieve|CreateContainerView|DestroyView|QueryOptions)/;

/** The inventory's host for a fake server. */
export const vsphereHost = (server: VsphereServer, more: Record<string, unknown> = {}): Host =>
  hostSchema.parse({
    id: 'it',
    name: 'it',
    kind: 'esxi-api',
    address: server.address,
    port: server.port,
    user: 'root',
    login: 'password',
    hostKeys: [{ type: 'x509', fingerprint: server.certificate.fingerprint }],
    ...more,
  });

async function opened(sideOf: (world: World) => Side, kind: string, more: VsphereParts): Promise<Vsphere> {
  const { parts, inventory, password = 'right', ...options } = more;
  const b = bench(byPassword(password));
  const after: VsphereOptions['after'] = (ms, call) => b.clock.after(ms, call);
  const world = options.world ?? new World(after, parts);
  const server = new VsphereServer({
    name: 'it',
    side: sideOf(world),
    after,
    users: [{ name: 'root', password: 'right' }],
    certificate: certificate(),
    ...options,
    world,
  });
  await server.powerOn();
  closing.push(
    () => b.soap.close(),
    () => server.close(),
  );
  const host = vsphereHost(server, { kind, ...inventory });
  return {
    b,
    world,
    server,
    host,
    acts: () => server.calls.filter((method) => !looks.test(method)),
    step: (step, earlier) => b.step({ target: 'it', ...step }, host, earlier),
    act: (context) => b.meanwhile(b.actions(context).act(context)),
    probe: (context) => b.meanwhile(b.actions(context).probe(context)),
  };
}

export const esxiByApi = (more: VsphereParts = {}): Promise<Vsphere> =>
  opened((world) => ({ is: 'esxi', host: world.hosts[0] as FakeEsxi }), 'esxi-api', more);

export const vcenter = (more: VsphereParts = {}): Promise<Vsphere> =>
  opened(() => ({ is: 'vcenter' }), 'vcenter', more);
