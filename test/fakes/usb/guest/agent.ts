import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { createReadStream, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { release } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { watchNut } from './nut-client.ts';
import type { FromGuest, Request } from './protocol.ts';

// Runs in the virtual machine and does what the test says: see protocol.ts.

const ports = '/sys/class/virtio-ports';
const port = readdirSync(ports).find((name) => readFileSync(`${ports}/${name}/name`, 'utf8').trim() === 'ctl');
// It can be opened only once.
const line = openSync(`/dev/${port}`, 'r+');

function tell(message: FromGuest): void {
  writeSync(line, `${JSON.stringify(message)}\n`);
}

const children = new Map<string, ChildProcess>();

function start(name: string, [program = '', ...args]: readonly string[]): number {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.set(name, child);
  for (const stream of [child.stdout, child.stderr] as Readable[]) {
    createInterface(stream).on('line', (text) => tell({ type: 'line', name, line: text }));
  }
  child.on('exit', (code, signal) => tell({ type: 'ended', name, how: String(signal ?? code) }));
  return child.pid ?? -1;
}

function shell(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('/bin/sh', ['-c', text], { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stdout}${stderr}`));
      else resolve(stdout + stderr);
    });
  });
}

async function perform(request: Request): Promise<string> {
  switch (request.op) {
    case 'shell':
      return shell(request.line);
    case 'start':
      return String(start(request.name, request.argv));
    case 'end':
      children.get(request.name)?.kill();
      return '';
    case 'watch-nut':
      watchNut(request.ups, request.everyMs, (variables) => tell({ type: 'nut', variables }));
      return '';
    case 'power-off':
      // The process itself cannot exit: a thread of it is in a read of the port.
      execFileSync('poweroff', ['-f']);
      return '';
  }
}

createInterface(createReadStream('', { fd: line, autoClose: false })).on('line', (text) => {
  const { id, ...request } = JSON.parse(text) as Request & { id: number };
  perform(request).then(
    (answer) => tell({ type: 'answer', id, text: answer, failed: false }),
    (error) => tell({ type: 'answer', id, text: String(error), failed: true }),
  );
});

const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
tell({ type: 'ready', uptime, node: process.version, kernel: release() });
