import type { MachineRecord } from '../../fakes/ssh-rack/plan.ts';
import type { SshRack } from '../../fakes/ssh-rack/rack.ts';
import { type Ours, stagesOf } from './ours.ts';

/** Where the time of one stage went, in ms. */
export interface StageTimes {
  hosts: number;
  /** The slowest host's time to die: less is not possible. */
  limit: number;
  /** From the end of the stage before to the last command that ran on its host. */
  lastCommand: number;
  /** From a host being off to its proof being on disk: the fastest and the slowest. */
  proof: { least: number; most: number };
  /** Beyond the limit. */
  over: number;
}

/** @throws Error when a host was told twice, was proven off while it was on, or was told before its turn */
export function stageTimes(rack: SshRack, { down }: Ours, records: readonly MachineRecord[]): StageTimes[] {
  let from = down.begunAt;
  return stagesOf(rack).map((machines) => {
    const hosts = machines.map(({ name }) => {
      const step = down.steps.find(({ hostId }) => hostId === name);
      const record = records.find((one) => one.name === name);
      const [commandedAt, again] = record?.commandedAt ?? [];
      if (!step || !record?.offAt || commandedAt === undefined || again !== undefined || step.state !== 'done') {
        throw new Error(`${name} did not go down as it should: ${JSON.stringify({ step, record })}`);
      }
      if (step.endedAt < record.offAt) throw new Error(`${name} was "proven" off while it was on`);
      if (commandedAt < from) throw new Error(`${name} was told before its turn`);
      return { commandedAt, endedAt: step.endedAt, late: step.endedAt - record.offAt };
    });
    const limit = Math.max(...machines.map(({ timeToDie }) => timeToDie));
    const end = Math.max(...hosts.map(({ endedAt }) => endedAt));
    const late = hosts.map((host) => host.late);
    const times = {
      hosts: hosts.length,
      limit,
      lastCommand: Math.max(...hosts.map(({ commandedAt }) => commandedAt)) - from,
      proof: { least: Math.min(...late), most: Math.max(...late) },
      over: end - from - limit,
    };
    from = end;
    return times;
  });
}
