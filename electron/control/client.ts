import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { type Fault, FaultError } from '../../shared/fault.ts';
import type { SliceName, Slices } from '../../shared/view.ts';
import { Lines } from './lines.ts';
import { readNote } from './lock.ts';
import { controlVersion, type Hello, helloSchema, mostTold, parseLine, toldSchema } from './protocol.ts';
import { isTrustworthy, socketPath } from './socket-path.ts';
import type { Who } from './who.ts';

/** Ms in which the controller must have told everything for the first time. */
const answerWithin = 10_000;
/** Ms without a word after which it hangs: it gives a sign of life every 5 s. */
const silentFor = 15_000;

export interface FollowerDeps {
  dataFolder: string;
  /** Of Glidepath: a controller of another release shows what this one cannot read. */
  release: string;
  /** Everything as it is now, and which slices are others than before. */
  onSlices(slices: Slices, changed: readonly SliceName[], who: Who): void;
  /** Called once, when there is nothing more to come. null: nobody controls the folder, or not any more. */
  onGone(fault: Fault | null): void;
}

/** Follows the controller of a data folder until `stop`, after which nothing is called any more. Windows and Unix. */
export function follow(deps: FollowerDeps): { stop(): void } {
  const path = readNote(deps.dataFolder)?.socket ?? socketPath(deps.dataFolder);
  const socket = connect(path);
  let who: Who | null = null;
  let slices: Slices | null = null;
  let isOver = false;

  const stop = (): void => {
    isOver = true;
    clearTimeout(patience);
    lines.end();
    socket.destroy();
  };
  const end = (fault: Fault | null): void => {
    if (isOver) return;
    stop();
    deps.onGone(fault);
  };
  const waitFor = (ms: number): NodeJS.Timeout =>
    setTimeout(() => end(fault('It does not answer.', path, 'Look at its log; end it if it hangs.')), ms);
  let patience = waitFor(answerWithin);

  const meet = (line: string): void => {
    const hello = helloSchema.safeParse(parseLine(line));
    const strange = hello.success
      ? otherRelease(hello.data, deps.release, path)
      : fault('It is no Glidepath.', path, 'Remove the socket.');
    if (strange || !hello.data) {
      end(strange);
      return;
    }
    who = hello.data.who;
    socket.write(`${JSON.stringify({ ask: 'snapshot' })}\n`);
  };
  const show = (now: Slices, news: Partial<Slices>, from: Who): void => {
    clearTimeout(patience);
    patience = waitFor(silentFor);
    slices = now;
    const changed = Object.keys(news) as SliceName[];
    if (changed.length > 0) deps.onSlices(now, changed, from);
  };
  const hear = (line: string, from: Who): void => {
    const { data: told } = toldSchema.safeParse(parseLine(line));
    if (!told) end(fault('It says what cannot be read.', path, 'Start it and this program again.'));
    else if (told.type === 'refused') end(told.fault);
    else if (told.type === 'snapshot') show(told.slices, told.slices, from);
    else if (slices !== null) show({ ...slices, ...told.slices }, told.slices, from);
  };

  const lines = new Lines(
    mostTold,
    (line) => (who === null ? meet(line) : hear(line, who)),
    () => end(fault('It says too much at once.', path, 'Start it and this program again.')),
  );
  socket.on('data', (chunk) => lines.add(chunk));
  // A socket that nobody listens on, none at all, or one whose process ended while it spoke.
  socket.on('error', (error: NodeJS.ErrnoException) =>
    end(isAbsence(error.code) ? null : fault(error.message, path, 'Use the user that the controller runs as.')),
  );
  socket.on('close', () => end(null));
  if (existsSync(path) && !isTrustworthy(path, deps.dataFolder))
    end(fault('Somebody else could be listening there, so it is not believed.', path, 'Remove the folder it lies in.'));
  return { stop };
}

/**
 * Asks the controller once; null: nobody controls the folder.
 * @throws FaultError `refused` when it is of another release, or not to be read by this user
 */
export function askSnapshot(dataFolder: string, release: string): Promise<{ who: Who; slices: Slices } | null> {
  return new Promise((resolve, reject) => {
    const follower = follow({
      dataFolder,
      release,
      onSlices: (slices, _changed, who) => {
        follower.stop();
        resolve({ who, slices });
      },
      onGone: (why) => (why === null ? resolve(null) : reject(new FaultError(why))),
    });
  });
}

const isAbsence = (code: string | undefined): boolean =>
  code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE';

function otherRelease(hello: Hello, release: string, where: string): Fault | null {
  if (hello.version === controlVersion && hello.release === release) return null;
  const what = `It is Glidepath ${hello.release}, this is ${release}.`;
  return fault(what, where, 'Bring both to the same release.');
}

function fault(what: string, where: string, remedy: string): Fault {
  return { code: 'refused', what, where, remedy };
}
