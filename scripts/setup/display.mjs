import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  let server;
  try {
    const started = await startServer(authority);
    server = started.server;
    return await perform({ DISPLAY: `:${started.number}`, XAUTHORITY: authority });
  } finally {
    server?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Takes a number that no lock and no socket names. Left to choose its own beside a server that runs outside of our
 * network namespace, it was seen to leave that one's programs without a screen.
 */
async function startServer(authority) {
  for (let number = 99; number < 200; number += 1) {
    if (existsSync(`/tmp/.X${number}-lock`) || existsSync(`/tmp/.X11-unix/X${number}`)) continue;
    const screen = [`:${number}`, '-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-auth', authority];
    // Without -noreset it starts over whenever its last program ends, and one that comes just then finds no screen.
    const server = spawn('Xvfb', [...screen, '-noreset', '-displayfd', '3'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const isReady = once(server.stdio[3], 'data').then(() => true);
    const hasEnded = once(server, 'exit').then(() => false);
    // Another may have taken the number at the same moment: then the next.
    if (await Promise.race([isReady, hasEnded])) return { server, number };
  }
  throw new Stop('Xvfb did not start.');
}

/** What xauth would write: one cookie, for any display, since Xvfb chooses its number later. */
function authorityFile() {
  const anyFamily = Buffer.from([0xff, 0xff]);
  const fields = ['', '', 'MIT-MAGIC-COOKIE-1', randomBytes(16)].map((field) => Buffer.from(field));
  return Buffer.concat([anyFamily, ...fields.flatMap((field) => [Buffer.from([0, field.length]), field])]);
}
