import { command } from '../../electron/targets/kinds/command.ts';
import { FaultError } from '../../shared/fault.ts';
import type { ManualClock } from './manual-clock.ts';
import type { World } from './world.ts';

/**
 * Lets the world's hosts run the user's commands, by the step kind itself. Every one ends well, on a host that is on and
 * answers; the port of one that is `deaf` is closed, and it is on. Returns what was run, as "command host".
 */
export function giveShells(world: World, clock: ManualClock, deaf: ReadonlySet<string> = new Set()): string[] {
  const ran: string[] = [];
  const shell = {
    run: async (host: { id: string }, text: string, { onSent }: { onSent?: () => void }) => {
      const { power, trouble } = world.host(host.id);
      if (power !== 'on' || trouble === 'severed' || deaf.has(host.id)) {
        // As long as a host of the same network takes to be found missing.
        await new Promise<void>((resolve) => clock.after(3000, resolve));
        throw new FaultError({ code: 'unreachable', what: 'no route to host', where: host.id, remedy: 'none' });
      }
      onSent?.();
      ran.push(`${text} ${host.id}`);
      return { stdout: '', stderr: '', code: 0, dropped: false, truncated: false };
    },
  };
  const check = () => Promise.reject(new Error('nothing is rehearsed here'));
  Object.assign(world.steps.command, command({ shell, clock }, { command: check }));
  return ran;
}
