import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ended, freePort, until } from '../server-process.ts';
import { type Certificate, makeCertificate } from './certificate.ts';

/** Debian's paths: /usr/sbin/upsd is a script that reads /etc/nut. */
const folders = ['/lib/nut', '/usr/lib/nut', '/usr/libexec/nut', '/usr/sbin'];
const upsd = folders.map((folder) => join(folder, 'upsd')).find(existsSync);
const driver = folders.map((folder) => join(folder, 'dummy-ups')).find(existsSync);
export const hasUpsd = upsd !== undefined && driver !== undefined;

export type Variables = Readonly<Record<string, string>>;

export interface UpsdOptions {
  ups: Readonly<Record<string, Variables>>;
  users?: ReadonlyArray<{ name: string; password: string; rights: readonly string[] }>;
  tls?: boolean;
}

/** A real upsd with a real driver, dummy-ups, for each UPS. */
export interface Upsd {
  readonly port: number;
  /** With `tls`: as it is pinned. */
  readonly fingerprint: string;
  /** Changes variables as a device would: seen by upsd within about a second. */
  set(ups: string, patch: Variables): void;
  killDriver(ups: string): Promise<void>;
  startDriver(ups: string): Promise<void>;
  /** Ends upsd and starts it again on the same port; what `between` does happens while it is down. */
  restart(between?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function startUpsd({ ups, users = [], tls = false }: UpsdOptions): Promise<Upsd> {
  if (!upsd || !driver) throw new Error('upsd and dummy-ups are not installed (Debian: nut-server)');
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-upsd-'));
  const state = join(folder, 'state');
  mkdirSync(state);
  const port = await freePort();
  const certificate = tls ? makeCertificate(join(folder, 'certificates')) : null;
  const all = new Map(Object.entries(ups).map(([name, values]) => [name, { ...values }]));
  const device = (name: string): string => join(folder, `${name}.dev`);
  let changes = Math.floor(Date.now() / 1000);
  const write = (name: string): void => {
    const lines = Object.entries(all.get(name) ?? {}).map(([key, value]) => `${key}: ${value}\n`);
    const fresh = `${device(name)}.new`;
    writeFileSync(fresh, lines.join(''));
    // The driver reads the file anew when its time, in whole seconds, is another: two changes may fall in one second.
    changes += 1;
    utimesSync(fresh, changes, changes);
    renameSync(fresh, device(name));
  };
  for (const name of all.keys()) write(name);
  writeFileSync(join(folder, 'ups.conf'), upsConf([...all.keys()], device));
  writeFileSync(join(folder, 'upsd.conf'), upsdConf(port, certificate));
  writeFileSync(join(folder, 'upsd.users'), upsdUsers(users));

  const env = { ...process.env, NUT_CONFPATH: folder, NUT_STATEPATH: state, NUT_ALTPIDPATH: state };
  const asUser = ['-u', userInfo().username];
  const run = (command: string, args: string[]): ChildProcess => spawn(command, args, { env, stdio: 'ignore' });
  const drivers = new Map<string, ChildProcess>();
  const startDriver = async (name: string): Promise<void> => {
    drivers.set(name, run(driver, ['-F', '-i', '1', '-a', name, ...asUser]));
    await until(() => existsSync(join(state, `dummy-ups-${name}`)), `the driver of ${name}`);
  };
  const killDriver = async (name: string): Promise<void> => {
    await ended(drivers.get(name), 'SIGKILL');
    rmSync(join(state, `dummy-ups-${name}`), { force: true });
  };
  let server: ChildProcess | undefined;
  const startServer = async (): Promise<void> => {
    server = run(upsd, ['-F', '-4', ...asUser]);
    await until(() => answers(port, ups), 'upsd');
  };
  for (const name of all.keys()) await startDriver(name);
  await startServer();

  return {
    port,
    fingerprint: certificate?.fingerprint ?? '',
    set: (name, patch) => {
      Object.assign(all.get(name) ?? {}, patch);
      write(name);
    },
    killDriver,
    startDriver,
    restart: async (between) => {
      await ended(server, 'SIGTERM');
      await between?.();
      await startServer();
    },
    stop: async () => {
      await ended(server, 'SIGTERM');
      for (const one of drivers.values()) await ended(one, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const upsConf = (names: string[], device: (name: string) => string): string =>
  names
    .map(
      (name) => `[${name}]\n driver = dummy-ups\n mode = dummy-once\n port = ${device(name)}\n desc = "UPS ${name}"\n`,
    )
    .join('');

/** MAXAGE: seconds until the data of a driver that says nothing is stale. */
const upsdConf = (port: number, certificate: Certificate | null): string =>
  [
    `LISTEN 127.0.0.1 ${port}`,
    'MAXAGE 3',
    ...(certificate
      ? [`CERTPATH ${certificate.database}`, `CERTIDENT "${certificate.name}" "${certificate.password}"`]
      : []),
    '',
  ].join('\n');

const upsdUsers = (users: NonNullable<UpsdOptions['users']>): string =>
  users
    .map(({ name, password, rights }) =>
      [`[${name}]`, `password = "${password.replace(/["\\]/g, '\\$&')}"`, ...rights, ''].join('\n'),
    )
    .join('');

/** upsd listens before it has heard all that its drivers say. */
function answers(port: number, ups: UpsdOptions['ups']): boolean {
  try {
    return Object.entries(ups).every(([name, values]) => {
      const told = execFileSync('upsc', [`${name}@127.0.0.1:${port}`], { stdio: 'pipe' }).toString();
      return Object.keys(values).every((key) => told.includes(`${key}: `));
    });
  } catch {
    return false;
  }
}
