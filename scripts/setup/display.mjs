import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stop } from './say.mjs';
import { ensureSystem } from './system.mjs';

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/**
 * Runs `perform(env)` with a screen of its own. Not xvfb-run: that, told to end, leaves its program behind,
 * and on Ctrl-C it takes the screen away from an application that is still closing.
 */
export async function withVirtualDisplay(perform) {
  await ensureSystem('display');
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-display-'));
  const authority = join(folder, 'Xauthority');
  writeFileSync(authority, authorityFile(), { mode: 0o600 });
  const screen = ['-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-auth', authority, '-displayfd', '3'];
  const server = spawn('Xvfb', screen, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true });
  try {
    return await perform({ DISPLAY: `:${await displayNumber(server)}`, XAUTHORITY: authority });
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function displayNumber(server) {
  const ended = once(server, 'exit').then(() => {
    throw new Stop('Xvfb did not start.');
  });
  const [number] = await Promise.race([once(server.stdio[3], 'data'), ended]);
  ended.catch(() => {});
  return number.toString().trim();
}

/** What xauth would write: one cookie, for any display, since Xvfb chooses its number later. */
function authorityFile() {
  const anyFamily = Buffer.from([0xff, 0xff]);
  const fields = ['', '', 'MIT-MAGIC-COOKIE-1', randomBytes(16)].map((field) => Buffer.from(field));
  return Buffer.concat([anyFamily, ...fields.flatMap((field) => [Buffer.from([0, field.length]), field])]);
}
