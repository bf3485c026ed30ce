import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** How many different bytes a PNG's pixels have: an empty window has a handful. */
function shades(file: string): number {
  const png = readFileSync(file);
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return new Set(inflateSync(Buffer.concat(data))).size;
}

test('the demo without a display of its own: a whole outage, told line by line, with pictures of the window', () => {
  const { DISPLAY: _, ...env } = process.env;
  const made = spawnSync(process.execPath, ['scripts/go.mjs', 'demo'], {
    cwd: root,
    env,
    encoding: 'utf8',
    timeout: 110_000,
  });
  const lines = made.stdout.trim().split('\n');
  expect(made.status, made.stderr).toBe(0);
  expect(lines.at(-1)).toMatch(/^demo: 4 of 4 hosts proven off, 4 brought back, \d+\.\d s$/);
  expect(made.stdout).toMatch(/margin: battery lasts .*, plan needs .*, spare .*, starts in /);
  expect(made.stdout).toContain('Started because the battery lasts');
  for (const scene of ['mains', 'countdown', 'running', 'down', 'back']) {
    expect(shades(join(root, `out/demo/demo-${scene}.png`)), scene).toBeGreaterThan(100);
  }
});
