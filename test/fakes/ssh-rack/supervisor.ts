import { constants, openSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Machine } from './machine.ts';
import { type RackAnswer, type RackMachine, type RackQuestion, rackFiles } from './plan.ts';

/** The program that is the rack. Runs inside enter.sh; its first argument is the rack's folder. */
const files = rackFiles(process.argv[2] ?? '');
const real = ['/usr/bin/systemctl', '/bin/systemctl'].flatMap((path) => {
  try {
    return [readFileSync(path)];
  } catch {
    return [];
  }
});
const standIn = readFileSync(files.standIn);
if (real.some((text) => !text.equals(standIn))) throw new Error('the power commands are not masked: not starting');

const plan = JSON.parse(readFileSync(files.plan, 'utf8')) as RackMachine[];
const machines = new Map(plan.map((one) => [one.name, new Machine(one, files)]));
const tell = (answer: RackAnswer): void => void process.send?.(answer);

let rest = '';
const pipe = openSync(files.pipe, constants.O_RDWR | constants.O_NONBLOCK);
new net.Socket({ fd: pipe, readable: true, writable: false }).setEncoding('utf8').on('data', (text) => {
  const lines = (rest + String(text)).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    const [name, seconds] = line.split('\t');
    machines.get(name ?? '')?.command(Math.round(Number(seconds) * 1000));
  }
});

/** "address:port" of every listening TCP socket. */
function listening(): Set<string> {
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
  return new Set(
    rows.flatMap((row) => {
      const [, local = '', , state] = row.trim().split(/\s+/);
      const [hex = '', port = ''] = local.split(':');
      if (state !== '0A') return [];
      const bytes = [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
      return [`${bytes.join('.')}:${Number.parseInt(port, 16)}`];
    }),
  );
}

async function wakeAll(): Promise<void> {
  for (const machine of machines.values()) await machine.start();
  const limit = performance.now() + 60_000;
  const allAnswer = (): boolean => {
    const open = listening();
    return plan.every(({ address, port }) => open.has(`${address}:${port}`));
  };
  while (!allAnswer()) {
    if (performance.now() > limit) throw new Error(`not all machines came up:\n${readFileSync(files.log, 'utf8')}`);
    await wait(50);
  }
}

process.on('message', async ({ id, ask }: RackQuestion) => {
  switch (ask) {
    case 'wake':
      await wakeAll();
      return tell({ id, answer: 'wake' });
    case 'events':
      return tell({ id, answer: 'events', machines: [...machines.values()].map(({ record }) => record) });
  }
});
process.on('disconnect', () => {
  for (const machine of machines.values()) machine.stop();
  process.exit(0);
});

await wakeAll();
tell({ ready: true });
