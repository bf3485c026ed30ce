import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A new folder. Those of its prefix that processes left that were ended before they could tidy up are removed first. */
export function sweptFolder(prefix: string): string {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (pid && !fs.existsSync(`/proc/${pid}`))
      fs.rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
  }
  return fs.mkdtempSync(path.join(os.tmpdir(), `${prefix}${process.pid}-`));
}
