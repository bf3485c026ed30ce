import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, hostSchema } from '../../../shared/inventory.ts';
import { bundle } from '../../fakes/bundle.ts';
import { ended } from '../../fakes/server-process.ts';
import type { RackMachine } from '../../fakes/ssh-rack/plan.ts';
import type { SshRack } from '../../fakes/ssh-rack/rack.ts';
import type { FromRunner, ToRunner } from './messages.ts';

type Told<T extends FromRunner['is']> = Extract<FromRunner, { is: T }>;

export interface Ours {
  warm: Told<'warm'>;
  down: Told<'down'>;
}

const inventory = (rack: SshRack): Host[] =>
  rack.machines.map((machine) =>
    hostSchema.parse({
      id: machine.name,
      name: machine.name,
      kind: 'linux',
      address: machine.address,
      port: machine.port,
      user: 'root',
      login: 'key',
      hostKeys: [{ type: 'ssh-ed25519', fingerprint: rack.fingerprintOf(machine) }],
    }),
  );

/** The rack's machines by stage, the first to go first. */
export function stagesOf({ machines }: SshRack): RackMachine[][] {
  const stages: RackMachine[][] = [];
  for (const machine of machines) {
    const stage = stages[machine.stage - 1] ?? [];
    stages[machine.stage - 1] = stage;
    stage.push(machine);
  }
  return stages;
}

/** Runs the rack down with the product's own engine, step table, SSH and journal on disk, warm. */
export async function runOurs(rack: SshRack): Promise<Ours> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'glidepath-rack-bench-'));
  const built = await bundle('rack-runner', { runner: 'test/bench/rack/runner.ts' });
  const child = spawn(process.execPath, [join(built, 'runner.js')], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    await next(child, 'ready');
    const warmed = next(child, 'warm');
    tell(child, { do: 'warm', hosts: inventory(rack), privateKey: rack.client.privateKey, dataFolder });
    const warm = await warmed;
    const ran = next(child, 'down');
    tell(child, { do: 'run', stages: stagesOf(rack).map((stage) => stage.map(({ name }) => name)) });
    return { warm, down: await ran };
  } finally {
    await ended(child, 'SIGKILL');
    for (const folder of [dataFolder, built]) rmSync(folder, { recursive: true, force: true });
  }
}

const tell = (child: ChildProcess, message: ToRunner): void => void child.send(message);

function next<T extends FromRunner['is']>(child: ChildProcess, what: T): Promise<Told<T>> {
  return new Promise((resolve, reject) => {
    const over = () => reject(new Error('the runner has ended'));
    const hear = (message: FromRunner) => {
      if (message.is !== what) return;
      child.off('message', hear);
      child.off('exit', over);
      resolve(message as Told<T>);
    };
    child.on('message', hear);
    child.once('exit', over);
  });
}
