import { expect, onTestFinished } from 'vitest';
import { Brain } from '../../electron/brain/brain.ts';
import type { Clock, Notice, StepTable, UpsSource } from '../../electron/core/ports.ts';
import { Secrets } from '../../electron/storage/secrets.ts';
import type { Push } from '../../shared/ipc.ts';
import type { Slices } from '../../shared/view.ts';
import { keptLog } from '../fakes/kept-log.ts';

/** Hides nothing: what is kept is not looked at here. */
const plainKeychain = {
  encrypt: async (text: string) => Buffer.from(text),
  decrypt: async (data: Buffer) => data.toString(),
  isStrong: () => false,
};

/** The whole application without its windows, started. `pushed`: each slice as a window has it. */
export async function brainIn(
  dataFolder: string,
  clock: Clock,
  sources: readonly UpsSource[],
  // Nothing is run, unless a test brings what does it.
  steps = {} as StepTable,
) {
  const pushed: Partial<Slices> = {};
  const notices: Notice[] = [];
  const log = keptLog();
  const brain = new Brain({
    dataFolder,
    version: '1',
    clock,
    sources,
    steps,
    secrets: new Secrets(dataFolder, plainKeychain),
    notifier: { notify: (notice) => void notices.push(notice) },
    log,
    readHostKey: () => expect.unreachable(),
    warmer: null,
    controller: { who: 'this-app', pid: null, since: null },
    window: { isOpen: () => true, send: (push: Push) => void Object.assign(pushed, push.slices) },
    changed: () => undefined,
    settingsChanged: () => undefined,
  });
  await brain.start();
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= brain.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { brain, pushed, notices, log, stop };
}
