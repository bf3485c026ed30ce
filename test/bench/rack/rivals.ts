import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lookAt } from '../../../electron/targets/reach.ts';
import type { RackMachine } from '../../fakes/ssh-rack/plan.ts';
import type { SshRack } from '../../fakes/ssh-rack/rack.ts';
import { cpuOfEnded } from '../support/process-tree.ts';
import { stagesOf } from './ours.ts';

/** Ms: as a script has it that hurries. One refusal is enough for it. */
const askEvery = 100;

export interface RivalRun {
  tookMs: number;
  /** Of its processes; not what our own looks at the ports take. */
  cpuMs: number;
}

/** As `ssh -o` takes them. */
const options = ({ files }: SshRack): string[] => [
  `IdentityFile=${files.key}`,
  `UserKnownHostsFile=${files.known}`,
  'StrictHostKeyChecking=yes',
  'BatchMode=yes',
  'ConnectTimeout=10',
];

/** One host after the other: `ssh HOST systemctl poweroff`, then until its port is closed. */
export function runSequential(rack: SshRack): Promise<RivalRun> {
  return measured(async () => {
    for (const machine of rack.machines) {
      const where = ['-p', String(machine.port), `root@${machine.address}`, 'systemctl', 'poweroff'];
      await ended('ssh', [...options(rack).flatMap((option) => ['-o', option]), ...where]);
      await untilClosed([machine]);
    }
  });
}

/** `parallel-ssh` to all hosts of a stage at once, then until all their ports are closed; stage by stage. */
export function runPssh(rack: SshRack): Promise<RivalRun> {
  return measured(async () => {
    for (const stage of stagesOf(rack)) {
      const list = join(rack.files.folder, 'stage.txt');
      writeFileSync(list, stage.map(({ address, port }) => `root@${address}:${port}\n`).join(''));
      const how = ['-h', list, '-p', String(stage.length), '-t', '30'];
      await ended('parallel-ssh', [...how, ...options(rack).flatMap((option) => ['-O', option]), 'systemctl poweroff']);
      await untilClosed(stage);
    }
  });
}

async function measured(work: () => Promise<void>): Promise<RivalRun> {
  const began = { at: performance.now(), cpu: cpuOfEnded() };
  await work();
  return { tookMs: performance.now() - began.at, cpuMs: cpuOfEnded() - began.cpu };
}

async function ended(program: string, args: readonly string[]): Promise<void> {
  const [code] = await once(spawn(program, args, { stdio: 'ignore' }), 'exit');
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

async function untilClosed(machines: readonly RackMachine[]): Promise<void> {
  let open = [...machines];
  for (;;) {
    const looks = await Promise.all(open.map(lookAt));
    open = open.filter((_, at) => looks[at] !== 'closed');
    if (open.length === 0) return;
    await wait(askEvery);
  }
}
