import type { UpsEvent } from '../../electron/core/ports.ts';
import { noAnswer } from '../../electron/ups/net/server-fault.ts';
import { NutSession } from '../../electron/ups/nut/session.ts';
import { Talk } from '../../electron/ups/nut/talk.ts';
import { FaultError, faultSchema } from '../../shared/fault.ts';
import { detailSchema, readingSchema, upsSchema } from '../../shared/reading.ts';
import type { NutServer } from '../../shared/supplies.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { UpsdModel } from '../fakes/nut/model.ts';
import { type Act, answerOf } from './nut-answers.ts';
import { type Chance, type Figures, measure } from './ups-chance.ts';

const server: NutServer = { id: 'one', kind: 'nut', address: '10.0.0.5', port: 3493, user: 'me', certificate: null };

/** Questions of one case: the meeting, the login, an order and some rounds. */
const questions = 40;
/** Milliseconds of the case's own clock between two looks: longer than an answer may take. */
const nap = 5000;

/** Sessions with peers that are hostile now and then. Throws at the first one that hangs, throws or tells what is no event. */
export function fuzzNut(options: { cases: number; seed: number }): Promise<Figures> {
  return measure(options, oneCase);
}

function model(): UpsdModel {
  const made = new UpsdModel();
  const variables = {
    'ups.status': 'OL',
    'battery.charge': '90',
    'battery.runtime': '600',
    'ups.delay.shutdown': '20',
  };
  const commands = new Set(['shutdown.return', 'beeper.disable', 'load.off']);
  made.add(
    'rack',
    { ...variables, 'ups.beeper.status': 'enabled' },
    { commands, writable: new Set(['ups.delay.shutdown']) },
  );
  made.add('shelf', variables);
  return made;
}

async function oneCase(chance: Chance): Promise<'fault' | 'ok'> {
  const clock = new ManualClock();
  const peer = model();
  const acts: Act[] = [];
  const rarity = chance.pick([3, 10, 30, 100]);
  let asked = 0;
  let closed = false;
  const wire = {
    write: (line: string) => {
      asked += 1;
      // The status changes by itself, so that everything is read again.
      if (chance.below(5) === 0)
        peer.upses.get('rack')?.variables.set('ups.status', chance.pick(['OB', 'OL', 'OB LB']));
      acts.push(answerOf(chance, peer.answer(line.trimEnd()), rarity));
    },
    close: () => {
      closed = true;
    },
  };
  const talk = new Talk(server, clock, wire);
  const tell = (event: UpsEvent): void => {
    checkEvent(event);
    if (event.type === 'found' && chance.below(3) === 0) void use(session, event.ups.id);
  };
  const password = () => Promise.resolve(chance.pick(['secret', null, 'a "b" \\']));
  const deps = { server, clock, talk, tell, password, met: new Set<string>(), news: () => undefined };
  const session = new NutSession(deps, chance.below(2) === 0);
  let fault: FaultError | null = null;
  const run = session.run().then((end) => {
    fault = end;
  });
  let steps = 0;
  while (!fault && asked < questions) {
    steps += 1;
    if (steps > 10 * questions) throw new Error('it never ends');
    await step(clock, talk, acts, () => closed);
  }
  const end: 'fault' | 'ok' = fault ? 'fault' : 'ok';
  talk.end(noAnswer(server, 'The case is over.'));
  await run;
  faultSchema.parse((fault as FaultError | null)?.fault);
  if (!closed) throw new Error('the connection was left open');
  return end;
}

/** One act of the peer, or the time until something happens by itself. */
async function step(clock: ManualClock, talk: Talk, acts: Act[], over: () => boolean): Promise<void> {
  const act = acts.shift();
  if (act === 'reset') talk.end(noAnswer(server, 'It closed the connection.'));
  else if (act && act !== 'silence') {
    for (const piece of act.pieces) {
      if (act.pauseMs > 0) await clock.advance(act.pauseMs);
      talk.feed(piece);
    }
  }
  await new Promise<void>((resolve) => setImmediate(resolve));
  if (acts.length > 0) return;
  if (clock.pending === 0 && !over()) throw new Error('it waits, and nothing will ever come');
  await clock.advance(nap);
}

async function use(session: NutSession, id: string): Promise<void> {
  const ups = session.ups(id);
  if (!ups) return;
  const ends = await Promise.allSettled([
    ups.details().then((details) => detailSchema.array().parse(details)),
    ups.command({ command: 'shutdown.return', delay: 90 }),
    ups.command({ command: 'beeper.disable', delay: null }),
  ]);
  for (const end of ends) if (end.status === 'rejected' && !(end.reason instanceof FaultError)) throw end.reason;
}

export function checkEvent(event: UpsEvent): void {
  if (event.type === 'found') upsSchema.parse(event.ups);
  else if (event.type === 'reading') readingSchema.parse(event.reading);
  else if (event.type !== 'gone' && event.fault) faultSchema.parse(event.fault);
}
