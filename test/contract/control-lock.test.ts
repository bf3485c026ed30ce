import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { askSnapshot } from '../../electron/control/client.ts';
import { notePath, takeControl } from '../../electron/control/lock.ts';
import { bundle } from '../fakes/bundle.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

/** The user of that name, on Debian and elsewhere. */
const nobody = 65534;

let program = '';
beforeAll(async () => {
  program = join(await bundle('control', { starter: 'test/fakes/control/starter.ts' }), 'starter.js');
});

/** Another process that tries to take control. */
class Starter {
  readonly child: ChildProcess;
  readonly #answers: string[] = [];
  #wake: () => void = () => undefined;
  isToldToDie = false;

  constructor(folder: string) {
    const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child = child;
    // What it is told after it was killed.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#answers.push(line);
      this.#wake();
    });
  }

  async answer(): Promise<string> {
    while (this.#answers.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#answers.shift() ?? '';
  }

  again(): Promise<string> {
    this.child.stdin?.write('\n');
    return this.answer();
  }

  kill(): Promise<unknown> {
    const gone = once(this.child, 'exit');
    this.isToldToDie = true;
    this.child.kill('SIGKILL');
    return gone;
  }
}

describe('control of a data folder', () => {
  it('is had by one of 30 processes that want it at once, again and again, however the one before ended', async () => {
    const folder = await temporaryFolder();
    const begin = (): Starter => {
      const starter = new Starter(folder);
      onTestFinished(() => void starter.child.kill('SIGKILL'));
      return starter;
    };
    let all = Array.from({ length: 30 }, begin);
    let answers = await Promise.all(all.map((each) => each.answer()));
    let tries = 0;
    for (let round = 0; round < 40; round += 1) {
      tries += answers.length;
      const winners = all.filter((_each, at) => answers[at] === 'taken');
      expect(winners).toHaveLength(1);
      const winner = winners[0] as Starter;
      // In every second round the others already try while it dies; then they may still have been held off by it.
      const dead = winner.kill();
      if (round % 2 === 0) await dead;
      const others = all.filter((each) => each !== winner);
      const heir = begin();
      all = [...others, heir];
      answers = await Promise.all(all.map((each) => (each === heir ? each.answer() : each.again())));
      await dead;
      if (!answers.includes('taken')) {
        expect(round % 2).toBe(1);
        answers = await Promise.all(all.map((each) => each.again()));
      }
      const holder = all[answers.indexOf('taken')]?.child.pid;
      const losers = answers.filter((answer) => answer !== 'taken');
      // What the holder before it left behind names nobody: but a process that is dying may still be there.
      if (round % 2 === 0) expect(new Set(losers)).toEqual(new Set([`held ${holder}`]));
    }
    console.log(`control: ${tries} tries by 30 processes at a time, 40 holders killed, one holder every time`);
  }, 120_000);

  it('ends when it is given back', async () => {
    const folder = await temporaryFolder();
    const first = await takeControl(folder, 'daemon', 'test');
    expect(first).toMatchObject({ taken: true, controller: { unheard: null } });
    expect(await takeControl(folder, 'app', 'test')).toMatchObject({
      taken: false,
      by: { pid: process.pid, kind: 'daemon' },
    });
    if (first.taken) await first.controller.release();
    const next = await takeControl(folder, 'app', 'test');
    expect(next.taken).toBe(true);
    if (next.taken) await next.controller.release();
  });

  it('stays with a process that shows nothing more, for as long as it lives', async () => {
    const folder = await temporaryFolder();
    const first = await takeControl(folder, 'app', '1');
    if (!first.taken) expect.unreachable();
    await first.controller.fallSilent();
    expect(await askSnapshot(folder, '1')).toBeNull();
    expect(await takeControl(folder, 'daemon', '1')).toMatchObject({ taken: false, by: { kind: 'app' } });
    await first.controller.release();
    const next = await takeControl(folder, 'daemon', '1');
    expect(next.taken).toBe(true);
    if (next.taken) await next.controller.release();
  });

  it('is not kept by a program that the holder started', async () => {
    const folder = await temporaryFolder();
    const first = await takeControl(folder, 'daemon', 'test');
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    if (first.taken) await first.controller.release();
    const next = await takeControl(folder, 'daemon', 'test');
    expect(next.taken).toBe(true);
    if (next.taken) await next.controller.release();
  });

  it('is taken whatever stands in the file, which only informs', async () => {
    const folder = await temporaryFolder();
    writeFileSync(notePath(folder), `{"who":{"pid":1,"since":0,"kind":"app"},"socket":"/nowhere"}${'x'.repeat(500)}`);
    const taken = await takeControl(folder, 'app', 'test');
    expect(taken.taken).toBe(true);
    expect(JSON.parse(readFileSync(notePath(folder), 'utf8'))).toMatchObject({
      who: { pid: process.pid, kind: 'app' },
    });
    if (taken.taken) await taken.controller.release();
  });

  it('is refused with what to do where nothing can be locked', async () => {
    const folder = await temporaryFolder();
    await mkdir(notePath(folder));
    await expect(takeControl(folder, 'app', 'test')).rejects.toMatchObject({ fault: { code: 'file-unwritable' } });
  });

  it('is had of a file that can only be read', async () => {
    const folder = await temporaryFolder();
    writeFileSync(notePath(folder), '');
    chmodSync(notePath(folder), 0o400);
    const isRoot = process.getuid?.() === 0;
    // Root may write everywhere: for a moment this process is nobody.
    if (isRoot) for (const path of [folder, notePath(folder)]) chownSync(path, nobody, nobody);
    if (isRoot) process.seteuid?.(nobody);
    try {
      expect((await takeControl(folder, 'app', 'test')).taken).toBe(true);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});
