import { setTimeout as pause } from 'node:timers/promises';
import { assertNever } from '../../shared/assert-never.ts';
import { FaultError } from '../../shared/fault.ts';
import { askSnapshot } from '../control/client.ts';
import { simulate } from '../core/simulation/simulate.ts';
import { sequenceHash } from '../storage/sequence-hash.ts';
import { type ArmDeps, arm, disarm, type Looked } from './arm.ts';
import { confirm } from './confirm.ts';
import { askController, folderOf, secretsOf } from './controlled-folder.ts';
import { daemon } from './daemon.ts';
import { exitCodes } from './exit-codes.ts';
import { heldBy } from './held.ts';
import { planText } from './plan-text.ts';
import type { RackCommand } from './rack-arguments.ts';
import { type RehearseDeps, rehearseFile } from './rehearse-file.ts';
import { simulationText } from './simulation-text.ts';
import { statusText } from './status-text.ts';
import { checkPlan, readSequence } from './stored-folder.ts';

export interface RackDeps extends RehearseDeps {
  /** The built HID worker. */
  worker: string;
}

/** Does what concerns the whole rack; gives the exit code. @throws FaultError */
export async function performRack(command: RackCommand, deps: RackDeps): Promise<number> {
  const { dataFolder, release, print } = deps;
  switch (command.name) {
    case 'daemon':
      await daemon(deps);
      // What a run left open, as connections, must not keep it: its journal says where it stands.
      return process.exit(exitCodes.well);
    case 'run':
      throw notByHand(dataFolder);
    case 'status': {
      const told = await askController(deps);
      if (!told) {
        deps.say(`${dataFolder}: No Glidepath controls this folder.`);
        return exitCodes.nobody;
      }
      print(command.json ? `${JSON.stringify(told, null, 2)}\n` : statusText(told.who, told.slices));
      return exitCodes.well;
    }
    case 'plan': {
      const sequence = await readSequence(command.file);
      const folder = await folderOf(deps, await askSnapshot(dataFolder, release));
      const checked = checkPlan(sequence, folder);
      print(planText(sequence, sequenceHash(sequence), checked, folder.hosts));
      return checked.problems.some(({ severity }) => severity === 'error') ? exitCodes.fault : exitCodes.well;
    }
    case 'rehearse':
      return rehearseFile(command.file, deps);
    case 'simulate': {
      const sequence = await readSequence(command.file);
      const live = await askSnapshot(dataFolder, release);
      const folder = await folderOf(deps, live);
      const { hosts, durations, expected } = folder;
      const played = await simulate({
        sequence,
        hosts,
        powers: live?.slices.status.powers ?? [],
        durations,
        takes: (step, host) => expected(step, host).p90,
        whatIf: command.whatIf,
        settle: () => new Promise((resolve) => setImmediate(resolve)),
      });
      print(simulationText(played, hosts));
      return exitCodes.well;
    }
    case 'arm':
    case 'disarm': {
      const armDeps: ArmDeps = {
        ...deps,
        look: () => lookedAt(deps),
        shown: async () => (await askSnapshot(dataFolder, release))?.slices ?? null,
        secrets: secretsOf(deps),
        confirm,
        pause,
      };
      print(command.name === 'arm' ? await arm(command.hash, armDeps) : await disarm(armDeps));
      return exitCodes.well;
    }
    default:
      return assertNever(command, 'command');
  }
}

async function lookedAt(deps: RackDeps): Promise<Looked> {
  const live = await askController(deps);
  // A window is the better place: an application believes the settings when it starts, and then nobody but its user.
  if (live?.who.kind === 'app') throw heldBy(deps.dataFolder, live.who, 'Do it in its window.');
  return { folder: await folderOf(deps, live), live: live?.slices ?? null };
}

function notByHand(where: string): FaultError {
  const what = 'The command line starts no run: the application does, or the daemon when an armed plan says so.';
  const remedy = 'Use --simulate to play it through, “glidepath arm HASH” to arm it, or “Start now” in the window.';
  return new FaultError({ code: 'refused', what, where, remedy });
}
