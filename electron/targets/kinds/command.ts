import type { Fault } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Probe, StepActions, StepContext } from '../../core/ports.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { hostFault } from '../host-fault.ts';
import { commandMs } from '../platforms/session.ts';
import type { CommandResult } from '../ssh/exec.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { limitMsOf, stepOf, type TargetDeps, targetOf, tellOrUnknown } from './deps.ts';

/** `not-sent`: nothing was run. `in-doubt`: it may have been. `refused`: it ended with another code than 0. */
type Fate = 'not-sent' | 'in-doubt' | 'refused' | 'done';

type Deps = Pick<TargetDeps, 'clock'> & { shell: Pick<TargetDeps['shell'], 'run'> };

/** Milliseconds of the clock between two times that a proof is run. */
const proofEvery = 2000;

/**
 * Runs the user's own command. Without a proof its exit code 0 is the only one there can be: nothing is known about what
 * it does. So a command that may have been run, and did not tell, is in doubt and stays so. With a proof, which is a
 * command of the user too, that one alone says whether the effect is there, before the command and after it.
 */
export function command({ shell, clock }: Deps, checks: Pick<KindChecks, 'command'>): StepActions {
  const fates = new StepMemory<Fate>();
  const proofs = new StepMemory<{ at: number; seen: Probe } | null>();

  const byFate = (context: StepContext): Probe => {
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
  };

  const runProof = async (context: StepContext, proof: string): Promise<Probe> => {
    const host = targetOf(context);
    const result = await shell.run(host, proof, { limitMs: commandMs, signal: context.signal });
    if (result.dropped) throw lost(host, 'its proof');
    if (result.code === 0) return { state: 'done', proof: 'exit code 0 of its proof' };
    // A proof that did not run to its end says nothing: 126 and 127 are the shell's own, for what it could not run.
    if (result.code === null || result.code === 126 || result.code === 127) throw failed(host, 'its proof', result);
    return { state: 'not-done', seen: `exit code ${result.code} of its proof${saidBy(result)}` };
  };

  const byProof = async (context: StepContext, proof: string): Promise<Probe> => {
    const last = proofs.get(context);
    if (last && clock.monotonic() - last.at < proofEvery) return last.seen;
    const seen = await tellOrUnknown(context, () => runProof(context, proof));
    proofs.set(context, { at: clock.monotonic(), seen });
    return seen;
  };

  return {
    proveEvery: 100,
    async probe(context) {
      const { proof } = stepOf(context, 'command');
      return proof === undefined ? byFate(context) : byProof(context, proof);
    },
    async act(context) {
      const host = targetOf(context);
      fates.set(context, 'not-sent');
      const result = await shell.run(host, stepOf(context, 'command').command, {
        limitMs: limitMsOf(context.step),
        signal: context.signal,
        onSent: () => fates.set(context, 'in-doubt'),
      });
      // What was seen before it is over.
      proofs.set(context, null);
      if (result.dropped) throw lost(host, 'the command');
      fates.set(context, result.code === 0 ? 'done' : 'refused');
      if (result.code !== 0) {
        context.tell(`the command ${howEnded(result)}`);
        throw failed(host, 'the command', result);
      }
      return { exitCode: 0 };
    },
    check: (context) => checks.command(context),
    would(step) {
      const { command: text, proof } = stepOf({ step }, 'command');
      return proof === undefined ? text : `${text}, proven by ${proof}`.slice(0, 2000);
    },
  };
}

const inDoubt = (host: Host): Fault =>
  hostFault(
    host,
    'state-unknown',
    'nothing tells whether the command has been run',
    'Look at the host and decide whether to run it by hand.',
  ).fault;

const lost = (host: Host, what: string) =>
  hostFault(host, 'dead-peer', `the connection was lost while ${what} ran`, 'Look whether the host is still up.');

const howEnded = ({ code }: CommandResult): string =>
  code === null ? 'was ended by a signal' : `failed with exit code ${code}`;

function saidBy({ stdout, stderr }: CommandResult): string {
  const said = (stderr.trim() || stdout.trim()).slice(0, 300);
  return said === '' ? '' : `: ${said}`;
}

function failed(host: Host, what: string, result: CommandResult) {
  const remedy =
    result.code === 127
      ? 'The command was not found: write its absolute path, as PATH is short for commands sent over SSH.'
      : 'Run the command there by hand and look at what it says.';
  return hostFault(host, 'command-failed', `${what} ${howEnded(result)}${saidBy(result)}`, remedy);
}
