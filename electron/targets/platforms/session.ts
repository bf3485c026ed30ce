import type { Host } from '../../../shared/inventory.ts';
import type { Clock } from '../../core/ports.ts';
import type { VsphereApi } from '../soap/api.ts';
import type { CommandResult } from '../ssh/exec.ts';

/** Milliseconds for one command, unless it says otherwise. */
export const commandMs = 30_000;

/** One host as its platform meets it: in a step of a run, or in a rehearsal, which refuses to send what is not harmless. */
export interface Session {
  readonly host: Host;
  readonly clock: Clock;
  /** Aborted when the step's limit is over, or the rehearsal ends. */
  readonly signal: AbortSignal;
  /** How often a management service that does not answer is asked. */
  readonly patience: number;
  /**
   * Runs one command there over SSH.
   * @param limitMs of real time, 30 s unless given
   * @throws FaultError those of `RemoteShell.run`
   */
  run(command: string, limitMs?: number): Promise<CommandResult>;
  /** The API of a host that is spoken to by SOAP; nothing is signed in to before it is called. */
  readonly api: VsphereApi;
  /** One short line about what is going on, for the run's log. */
  tell(line: string): void;
  /** Another host of the inventory, in the same step or rehearsal; null: there is none of that id. */
  other(hostId: string): Session | null;
  /** The guest of this host in which we ourselves run, by the name that it has under Setup; null: we run elsewhere. */
  readonly own: Host | null;
  /** The hosts that keep their power: the run is not for them. None in a rehearsal. */
  spared(): readonly Host[];
}

/** On the way down hosts are asked a few times; on the way back only the step's limit ends the patience. */
export const fewTimes = 5;
export const untilLimit = Number.POSITIVE_INFINITY;
