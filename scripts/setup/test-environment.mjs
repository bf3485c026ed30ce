import { spawnSync } from 'node:child_process';
import { withVirtualDisplay } from './display.mjs';
import { Stop, say } from './say.mjs';

export const isCi = () => process.env.CI === 'true';

// In a network of its own a test may add addresses, count packets and open port 22 without touching the machine.
const privateNetwork = ['unshare', '--net', '--mount', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

const sessionBus = ['dbus-run-session', '--'];

/**
 * Runs `perform({ prefix, env })` with a screen, a session bus and a network for tests that open windows.
 * Tests that need the network of their own look at GLIDEPATH_PRIVATE_NET.
 */
export function inWindowEnvironment(perform) {
  const alone = mayUnshare();
  if (!alone && isCi()) throw new Stop('the tests need a network namespace of their own, which takes root.');
  if (!alone) say('skipped: what needs a network namespace of its own, which takes root');
  const prefix = alone ? [...privateNetwork, ...sessionBus] : sessionBus;
  const env = alone ? { GLIDEPATH_PRIVATE_NET: '1' } : {};
  return withVirtualDisplay((display) => perform({ prefix, env: { ...env, ...display } }));
}

const mayUnshare = () => process.getuid() === 0 && spawnSync('unshare', ['--net', '--mount', 'true']).status === 0;
