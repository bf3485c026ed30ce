import { assertNever } from '../../shared/assert-never.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Slices } from '../../shared/view.ts';
import { hostsHash } from '../brain/host-edits.ts';
import { systemClock } from '../brain/system-clock.ts';
import { askSnapshot } from '../control/client.ts';
import { controllerOf } from '../control/lock.ts';
import type { Who } from '../control/who.ts';
import { expand } from '../core/plan/expand.ts';
import { rehearse } from '../core/rehearsal.ts';
import { simulate } from '../core/simulation/simulate.ts';
import { sequenceHash } from '../storage/sequence-hash.ts';
import { stepTable } from '../targets/kinds/table.ts';
import { lookAt } from '../targets/reach.ts';
import { SshPool } from '../targets/ssh/pool.ts';
import { arm, disarm } from './arm.ts';
import { confirm } from './confirm.ts';
import { daemon } from './daemon.ts';
import { exitCodes } from './exit-codes.ts';
import { printable } from './fault-line.ts';
import { GivenSecrets } from './given-secrets.ts';
import { heldBy } from './held.ts';
import { planText } from './plan-text.ts';
import type { RackCommand } from './rack-arguments.ts';
import { rehearsalText } from './rehearsal-text.ts';
import { simulationText } from './simulation-text.ts';
import { statusText } from './status-text.ts';
import { checkPlan, readFolder, readSequence, type StoredFolder } from './stored-folder.ts';

export interface RackDeps {
  dataFolder: string;
  release: string;
  /** The built HID worker. */
  worker: string;
  env: NodeJS.ProcessEnv;
  print(text: string): void;
  /** A line for people, beside what was asked for. */
  say(line: string): void;
  /** Aborted when the user has had enough. */
  signal(): AbortSignal;
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
      const { folder } = await folderOf(deps, await askSnapshot(dataFolder, release));
      const checked = checkPlan(sequence, folder);
      print(planText(sequence, sequenceHash(sequence), checked, folder.hosts));
      return checked.problems.some(({ severity }) => severity === 'error') ? exitCodes.fault : exitCodes.well;
    }
    case 'rehearse':
      return rehearseFile(command.file, deps);
    case 'simulate': {
      const sequence = await readSequence(command.file);
      const live = await askSnapshot(dataFolder, release);
      const { folder } = await folderOf(deps, live);
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
      const live = await askController(deps);
      const { folder, secrets } = await folderOf(deps, live);
      // A window is the better place, and the application takes nobody else's word.
      if (live?.who.kind === 'app') throw heldBy(dataFolder, live.who, 'Do it in its window.');
      const armDeps = { folder, live: live?.slices ?? null, secrets, release, say: deps.say, confirm };
      print(command.name === 'arm' ? await arm(command.hash, armDeps) : await disarm(armDeps));
      return exitCodes.well;
    }
    default:
      return assertNever(command, 'command');
  }
}

/** What the controller shows; null: nobody controls the folder. */
type Live = { who: Who; slices: Slices } | null;

/** @throws FaultError `refused` when somebody controls the folder and does not tell what goes on */
async function askController({ dataFolder, release }: RackDeps): Promise<Live> {
  const told = await askSnapshot(dataFolder, release);
  const silent = told ? null : controllerOf(dataFolder);
  if (silent) throw heldBy(dataFolder, silent, 'It tells nothing: try again, and look at its log.');
  return told;
}

async function folderOf(
  { dataFolder, env, say }: RackDeps,
  live: Live,
): Promise<{ folder: StoredFolder; secrets: GivenSecrets }> {
  const secrets = new GivenSecrets(env.CREDENTIALS_DIRECTORY || null);
  const warn = (line: string) => say(printable(line));
  return { folder: await readFolder(dataFolder, await secrets.ids(), live?.slices ?? null, warn), secrets };
}

async function rehearseFile(file: string, deps: RackDeps): Promise<number> {
  const sequence = await readSequence(file);
  const live = await askController(deps);
  const { folder, secrets } = await folderOf(deps, live);
  const { run, status } = live?.slices ?? { run: null, status: null };
  if (run && run.phase !== 'ended') throw notNow('A run goes on.');
  if (status?.powers.some(({ state }) => state === 'battery' || state === 'low')) throw notNow('A UPS is on battery.');
  const { hosts, expected } = folder;
  const notifier = { notify: () => undefined };
  const shell = new SshPool(secrets, systemClock);
  const rehearsal = await rehearse({
    plan: { sequence, hash: sequenceHash(sequence) },
    compiled: expand(sequence, hosts),
    hosts,
    hostsHash: hostsHash(sequence, [...hosts]),
    steps: stepTable({ clock: systemClock, notifier, shell, look: lookAt, wakeTo: [] }),
    clock: systemClock,
    expected,
    runtimeLeft: status?.margin.runtimeLeft ?? null,
    cause: 'by-hand',
    signal: deps.signal(),
    progress: () => undefined,
  });
  // Nothing waits for its connections to be idle.
  shell.close();
  deps.print(rehearsalText(rehearsal));
  const isWell = rehearsal.brokenOff === null && rehearsal.steps.every(({ verdict }) => verdict !== 'fails');
  return isWell ? exitCodes.well : exitCodes.fault;
}

function notByHand(where: string): FaultError {
  const what = 'The command line starts no run: the application does, or the daemon when an armed plan says so.';
  const remedy = 'Use --simulate to play it through, “glidepath arm HASH” to arm it, or “Start now” in the window.';
  return new FaultError({ code: 'refused', what, where, remedy });
}

function notNow(what: string): FaultError {
  return new FaultError({ code: 'refused', what, where: 'rehearsal', remedy: 'Rehearse when it is over.' });
}
