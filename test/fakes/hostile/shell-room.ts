import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { compiledFrom } from '../rack/preflight.ts';
import { sweptFolder } from '../swept-folder.ts';

/** The shells that read commands: of Debian, of most others, and of what has a busybox (ESXi, NAS). */
export const shells = ['dash', 'bash', 'ash'] as const;
export type Shell = (typeof shells)[number];

/** The words by which one program was run, its own name first. */
export type Words = readonly string[];

/** Where the programs are that stand in a command without a folder. */
const programs = '/programs';

/** Nobody's ids, who may kill nothing of this computer. */
const nobody = '65534:65534';

/**
 * A root folder with three real shells and nothing else but programs that tell by which words they were run: what a
 * command really means, without doing it. Needs root.
 */
export class ShellRoom {
  readonly #folder = sweptFolder('glidepath-room-');
  readonly #tell = this.#at('tell');
  #round = 0;

  constructor() {
    for (const name of ['dash', 'bash']) this.#bring(`/bin/${name}`, `/bin/${name}`);
    const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
    this.#bring(busybox, '/bin/ash');
    this.#bring('/bin/dash', '/bin/sh');
    fs.copyFileSync(compiledFrom(path.join(import.meta.dirname, 'tell.c'), ['-static']), this.#tell);
    fs.chmodSync(this.#tell, 0o755);
    fs.mkdirSync(this.#at('dev'));
    fs.writeFileSync(this.#at('dev/null'), '');
    fs.chmodSync(this.#at('dev/null'), 0o666);
    fs.chmodSync(this.#folder, 0o755);
  }

  /**
   * Has each command read by a shell, each on its own, and resolves with what was run by each, in its order.
   * @param known programs that there are, absolute or not; all others are not found
   */
  async read(shell: Shell, commands: readonly (string | Buffer)[], known: readonly string[]): Promise<Words[][]> {
    for (const name of known) this.#add(name);
    this.#round += 1;
    const [cases, told] = [`/cases/${this.#round}`, `/told/${this.#round}`];
    fs.mkdirSync(this.#at(cases), { recursive: true });
    fs.mkdirSync(this.#at(told), { recursive: true });
    fs.chmodSync(this.#at(told), 0o777);
    commands.forEach((command, at) => void fs.writeFileSync(this.#at(`${cases}/${at}`), command));
    await this.#run(shell, [
      `at=0`,
      `while [ $at -lt ${commands.length} ]; do`,
      `  TELL=${told}/$at`,
      '  export TELL',
      // A shell of its own for each, so that a word that no shell can read ends that alone.
      `  (cd /; . ${cases}/$at) </dev/null >/dev/null 2>&1`,
      '  at=$((at + 1))',
      'done',
    ]);
    const runs = commands.map((_, at) => wordsIn(this.#at(`${told}/${at}`)));
    for (const folder of [cases, told]) fs.rmSync(this.#at(folder), { recursive: true });
    return runs;
  }

  close(): void {
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Until all that it started has ended, also in the background: that holds the pipe. */
  async #run(shell: Shell, lines: readonly string[]): Promise<void> {
    fs.writeFileSync(this.#at('script'), `${lines.join('\n')}\n`);
    const child = spawn('/usr/sbin/chroot', [`--userspec=${nobody}`, this.#folder, `/bin/${shell}`, '/script'], {
      env: { PATH: programs, LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', (part: Buffer) => {
      said += part.toString();
    });
    child.stdio[3]?.on('data', () => undefined);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${shell} ended with ${code}: ${said.slice(0, 500)}`);
  }

  #add(name: string): void {
    const file = this.#at(name.startsWith('/') ? name : `${programs}/${name}`);
    if (fs.existsSync(file)) return;
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.linkSync(this.#tell, file);
    } catch (error) {
      // Longer than a name can be, or below what is a program already: no shell finds it either.
      if (!['ENAMETOOLONG', 'ENOTDIR', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }

  #bring(from: string, to: string): void {
    const libraries = librariesOf(from);
    for (const [source, target] of [[from, to], ...libraries.map((file) => [file, file])] as [string, string][]) {
      fs.mkdirSync(path.dirname(this.#at(target)), { recursive: true });
      fs.copyFileSync(source, this.#at(target));
      fs.chmodSync(this.#at(target), 0o755);
    }
  }

  #at(name: string): string {
    return path.join(this.#folder, name);
  }
}

/** Each run: the count of its words, then they. Bytes that are no UTF-8 become U+FFFD, as they would on both sides. */
function wordsIn(file: string): Words[] {
  if (!fs.existsSync(file)) return [];
  const parts = fs.readFileSync(file, 'utf8').split('\0');
  const runs: Words[] = [];
  for (let at = 0; at < parts.length - 1; ) {
    const count = Number(parts[at]);
    runs.push(parts.slice(at + 1, at + 1 + count));
    at += 1 + count;
  }
  return runs;
}

function librariesOf(program: string): string[] {
  // What is linked to nothing makes it fail.
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file = '']) => file);
}
