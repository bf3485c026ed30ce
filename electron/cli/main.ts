import { join } from 'node:path';
import { toFault } from '../../shared/fault.ts';
import { systemClock } from '../brain/system-clock.ts';
import type { UpsSource } from '../core/ports.ts';
import { type Command, parseArguments } from './arguments.ts';
import { dataFolder } from './data-folder.ts';
import { decode } from './decode.ts';
import { dump } from './dump.ts';
import { exitCodes } from './exit-codes.ts';
import { faultLine, printable } from './fault-line.ts';
import { list } from './list.ts';
import { performRack, type RackDeps } from './rack-commands.ts';
import { release } from './release.ts';
import { serverSources, usbSource } from './sources.ts';
import { writeTextFile } from './text-file.ts';
import { usage } from './usage.ts';
import { watch } from './watch.ts';

// The entry of the command line, under plain Node. Standard output holds what was asked for and nothing else.

// Built beside this file.
const worker = join(import.meta.dirname, 'hid-worker.js');

const print = (text: string): void => {
  process.stdout.write(text);
};
const complain = (line: string): void => {
  process.stderr.write(`glidepath: ${line}\n`);
};

/** Whoever read our output has had enough, as `head` does: no fault. The HID worker ends with us. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.well);
  complain(`standard output: It could not be written: ${printable(error.message)}. Check the free space.`);
  process.exit(exitCodes.fault);
});

async function perform(command: Command): Promise<number> {
  switch (command.name) {
    case 'help':
      print(usage);
      return exitCodes.well;
    case 'decode':
      print(await decode(command.descriptor, command.profile));
      return exitCodes.well;
    case 'list':
      print(await using(await everySource(), (sources) => list(sources, systemClock, command.json)));
      return exitCodes.well;
    case 'dump': {
      const usb = usbSource(worker, systemClock);
      const text = await using([usb], () => dump(usb, systemClock, command));
      if (command.out === null) print(text);
      else await writeTextFile(command.out, text);
      return exitCodes.well;
    }
    case 'watch': {
      const end = endSignal(command.seconds);
      await using(await everySource(), (sources) => watch(sources, systemClock, (line) => print(`${line}\n`), end));
      return exitCodes.well;
    }
    default:
      return performRack(command, rackDeps(command.data));
  }
}

function rackDeps(data: string | null): RackDeps {
  return {
    dataFolder: data ?? dataFolder(),
    release,
    worker,
    env: process.env,
    print,
    say: (line) => process.stderr.write(`${line}\n`),
    signal: () => endSignal(null),
  };
}

async function everySource(): Promise<UpsSource[]> {
  return [usbSource(worker, systemClock), ...(await serverSources(dataFolder(), systemClock))];
}

/** Stops the sources, whatever comes of it. */
async function using<T>(sources: UpsSource[], use: (sources: UpsSource[]) => Promise<T>): Promise<T> {
  try {
    return await use(sources);
  } finally {
    await Promise.all(sources.map((source) => source.stop()));
  }
}

/** Aborted by Ctrl+C, by a polite kill, or when the time is over. */
function endSignal(seconds: number | null): AbortSignal {
  const end = new AbortController();
  const cancel = seconds === null ? () => undefined : systemClock.after(seconds * 1000, () => end.abort());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      cancel();
      end.abort();
    });
  }
  return end.signal;
}

async function main(words: readonly string[]): Promise<number> {
  const parsed = parseArguments(words);
  if ('wrong' in parsed) {
    complain(`command line: ${printable(parsed.wrong)} "npm run -s glidepath -- --help" shows what there is.`);
    return exitCodes.notUnderstood;
  }
  try {
    return await perform(parsed.command);
  } catch (error) {
    complain(faultLine(toFault(error, 'glidepath')));
    // Half started it would hold the folder and watch nothing; whoever keeps it running starts it anew.
    if (parsed.command.name === 'daemon') process.exit(exitCodes.fault);
    return exitCodes.fault;
  }
}

process.exitCode = await main(process.argv.slice(2));
