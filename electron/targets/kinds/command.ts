import type { Fault } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { StepActions, StepContext } from '../../core/ports.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { hostFault } from '../host-fault.ts';
import type { CommandResult } from '../ssh/exec.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { limitMsOf, stepOf, type TargetDeps, targetOf } from './deps.ts';

/** `not-sent`: nothing was run. `in-doubt`: it may have been. `refused`: it ended with another code than 0. */
type Fate = 'not-sent' | 'in-doubt' | 'refused' | 'done';

/**
 * Runs the user's own command. Exit code 0 is its proof, and the only one there can be: nothing is known about what
 * it does. So a command that may have been run, and did not tell, is in doubt and stays so.
 */
export function command({ shell }: TargetDeps, checks: KindChecks): StepActions {
  const fates = new StepMemory<Fate>();

  return {
    proveEvery: 100,
    async probe(context) {
      switch (fates.get(context) ?? (ownData(context) ? 'done' : 'in-doubt')) {
        case 'done':
          return { state: 'done', proof: 'exit code 0' };
        case 'not-sent':
          return { state: 'not-done', seen: 'not sent' };
        case 'refused':
          return { state: 'not-done', seen: 'it failed' };
        case 'in-doubt':
          return { state: 'unknown', fault: inDoubt(targetOf(context)) };
      }
    },
    async act(context) {
      const host = targetOf(context);
      fates.set(context, 'not-sent');
      const result = await shell.run(host, stepOf(context, 'command').command, {
        limitMs: limitMsOf(context.step),
        signal: context.signal,
        onSent: () => fates.set(context, 'in-doubt'),
      });
      if (result.dropped) throw lost(host);
      fates.set(context, result.code === 0 ? 'done' : 'refused');
      if (result.code !== 0) throw failed(host, result, context);
      return { exitCode: 0 };
    },
    check: (context) => checks.command(context),
    would: (step) => stepOf({ step }, 'command').command,
  };
}

const inDoubt = (host: Host): Fault =>
  hostFault(
    host,
    'state-unknown',
    'nothing tells whether the command has been run',
    'Look at the host and decide whether to run it by hand.',
  ).fault;

const lost = (host: Host) =>
  hostFault(host, 'dead-peer', 'the connection was lost while the command ran', 'Look whether the host is still up.');

function failed(host: Host, { code, stdout, stderr }: CommandResult, context: StepContext) {
  const how = code === null ? 'was ended by a signal' : `failed with exit code ${code}`;
  const said = (stderr.trim() || stdout.trim()).slice(0, 300);
  context.tell(`the command ${how}`);
  const remedy =
    code === 127
      ? 'The command was not found: write its absolute path, as PATH is short for commands sent over SSH.'
      : 'Run the command there by hand and look at what it says.';
  return hostFault(host, 'command-failed', `the command ${how}: ${said}`, remedy);
}
