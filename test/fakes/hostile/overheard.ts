import type { Clock } from '../../../electron/core/ports.ts';
import type { Platform } from '../../../electron/targets/platforms/platform.ts';
import type { Session } from '../../../electron/targets/platforms/session.ts';
import type { CommandResult } from '../../../electron/targets/ssh/exec.ts';
import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { StepData } from '../../../shared/run-record.ts';
import type { Step } from '../../../shared/sequence.ts';

/** Every wait is over at once. */
const noWaits: Clock = {
  now: () => 0,
  monotonic: () => 0,
  after(_ms, call) {
    const timer = setImmediate(call);
    return () => clearImmediate(timer);
  },
};

/** What a host prints to a command, and the code that it ends with. */
export type Voice = (command: string) => { stdout: string; code: number };

/** A session with a host that answers as `voice` says, and the commands that were sent over it. */
export function overheard(
  host: Host,
  voice: Voice,
  mayRun: (command: string) => boolean = () => true,
  own: Host | null = null,
) {
  const sent: string[] = [];
  const session: Session = {
    host,
    clock: noWaits,
    signal: AbortSignal.timeout(60_000),
    patience: 1,
    async run(command): Promise<CommandResult> {
      if (!mayRun(command)) throw new Error('not harmless');
      sent.push(command);
      return { ...voice(command), stderr: '', dropped: false, truncated: false };
    },
    api: {
      addresses: { of: async () => [] },
      content: async () => refuse(host),
      call: async () => refuse(host),
    },
    tell: () => undefined,
    other: () => null,
    own,
    spared: () => [],
  };
  return { session, sent };
}

const refuse = ({ name }: Host): never => {
  throw new FaultError({ code: 'unreachable', what: 'it has no API', where: name, remedy: 'None.' });
};

/** Names and ids as a host gave them, or a journal. */
export interface Given {
  id: string;
  name: string;
  data: StepData;
  step: Step;
}

/**
 * Has a platform do all that it can do, with what was given. Whatever it refuses is refused; what it sent is known to the
 * session.
 */
export async function doAll({ powerOff, guests, settings }: Platform, session: Session, given: Given): Promise<void> {
  const guest = { id: given.id, name: given.name, on: true };
  const before = [given.data];
  const acts: Array<() => Promise<unknown> | undefined> = [
    () => powerOff?.act(session),
    ...(powerOff?.looks(session) ?? []).map((look) => () => look.see()),
    () => guests?.list(session),
    () => guests?.running?.(session),
    () => guests?.stillOn?.(session, [guest]),
    () => guests?.hasAgent?.(session, guest),
    () => guests?.shutDown(session, guest),
    () => guests?.cut(session, [guest], 1),
    () => guests?.cut(session, [guest], 2),
    () => guests?.start(session, guest),
    () => guests?.mayManage(session, given.step),
    // What it says there is, is what it is told next.
    async () => {
      const [first] = (await guests?.list(session)) ?? [];
      if (!first) return;
      await guests?.shutDown(session, first).catch(() => undefined);
      await guests?.cut(session, [first], 1).catch(() => undefined);
      await guests?.start(session, first);
    },
    ...Object.values(settings ?? {}).flatMap((setting) => [
      () => setting.read(session, before),
      () => setting.set(session, true, { step: given.step, before }),
      () => setting.set(session, false, { step: given.step, before }),
      () => setting.maySet(session, true, given.step),
    ]),
  ];
  for (const act of acts) {
    try {
      await act();
    } catch {
      // A refusal is what hostile names are to meet.
    }
  }
}
