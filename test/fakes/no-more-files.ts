import { openSync, writeSync } from 'node:fs';
import { runLocal } from '../../electron/notify/local-command.ts';
import { ipmi } from '../../electron/targets/bmc/ipmi.ts';
import type { CommandChannel } from '../../shared/channels.ts';
import { toFault } from '../../shared/fault.ts';
import { hostSchema } from '../../shared/inventory.ts';

/**
 * A process that may open no more files, and starts programs all the same. Prints as JSON what came of it.
 * To be run under a small `ulimit -n`.
 */
const controller = hostSchema.parse({
  kind: 'linux',
  id: 'web',
  name: 'web',
  address: '127.0.0.1',
  user: 'ups',
  login: 'key',
});
const addresses = { of: async () => [{ address: '127.0.0.1', family: 4 as const }] };
const channel: CommandChannel = {
  id: 'prog',
  name: 'Program',
  categories: [],
  kind: 'command',
  program: '/bin/true',
  arguments: [],
};
const message = {
  id: 'a2b0c9be-3f1d-4f2a-9d4e-0d5b9f5c1e11',
  at: 0,
  category: 'power',
  urgency: 'critical',
  rack: 'cellar',
  title: 'Power lost',
  body: 'On battery',
} as const;

const never = new AbortController().signal;

function openAll(): void {
  for (;;) {
    try {
      openSync('/dev/null', 'r');
    } catch {
      return;
    }
  }
}

openAll();
const notice = await runLocal(channel, message, never);
const bmc = await ipmi(controller, { password: 'marked-secret-77', addresses, signal: never })
  .isOn()
  .then(String, (error: unknown) => toFault(error, 'somewhere'));
writeSync(1, JSON.stringify({ notice, bmc }));
