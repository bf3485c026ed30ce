import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

export const bootScript = path.join(here, 'boot.sh');

const tools = [
  'ip',
  'gcc',
  'unshare',
  'nsenter',
  'setpriv',
  'ssh-keygen',
  'openssl',
  'cmp',
  '/usr/sbin/sshd',
  '/usr/bin/sudo',
];

/** Why no rack can be built here, or null. A rack adds to the network, which must be a private one; mounts are its hosts' own. */
export function unfit(): string | null {
  if (process.platform !== 'linux') return 'a rack needs Linux';
  if (process.getuid?.() !== 0) return 'a rack needs root';
  // Every network namespace has files of its own under /proc/PID/net, also where its name may not be read.
  if (fs.statSync('/proc/self/net/dev').ino === fs.statSync('/proc/1/net/dev').ino) {
    return 'a rack needs a network of its own: run under "unshare --net --mount"';
  }
  const folders = (process.env.PATH ?? '').split(':').concat('/usr/sbin', '/sbin');
  const missing = tools.filter((tool) => !folders.some((folder) => fs.existsSync(path.resolve(folder, tool))));
  return missing.length > 0 ? `a rack needs ${missing.join(', ')} (Debian: openssh-server, sudo, iproute2, gcc)` : null;
}

/** Compiles one of the C programs here, once per source. */
export const compiled = (name: 'wol-nic' | 'ask'): string => compiledFrom(path.join(here, `${name}.c`));

/** Compiles a C program, once per source; `more` goes to gcc. Returns its path. */
export function compiledFrom(source: string, more: readonly string[] = []): string {
  const version = createHash('sha256').update(fs.readFileSync(source)).digest('hex').slice(0, 12);
  const cache = path.resolve(here, '../../../node_modules/.cache/glidepath-rack');
  const program = path.join(cache, `${path.basename(source, '.c')}-${version}`);
  if (fs.existsSync(program)) return program;
  fs.mkdirSync(cache, { recursive: true });
  const fresh = `${program}.${process.pid}`;
  execFileSync('gcc', ['-O1', '-Wall', '-D_GNU_SOURCE', ...more, '-o', fresh, source], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  fs.renameSync(fresh, program);
  return program;
}
