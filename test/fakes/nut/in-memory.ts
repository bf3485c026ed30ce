import type { UpsEvent } from '../../../electron/core/ports.ts';
import { noAnswer } from '../../../electron/ups/net/server-fault.ts';
import { NutSession } from '../../../electron/ups/nut/session.ts';
import { Talk } from '../../../electron/ups/nut/talk.ts';
import type { FaultError } from '../../../shared/fault.ts';
import type { NutServer } from '../../../shared/supplies.ts';
import { ManualClock } from '../manual-clock.ts';
import { UpsdModel } from './model.ts';

export interface InMemory {
  clock: ManualClock;
  model: UpsdModel;
  session: NutSession;
  talk: Talk;
  events: UpsEvent[];
  /** Why it was over. */
  ended: Promise<FaultError>;
  /** Ends the conversation and waits for the session's end. */
  stop(): Promise<void>;
}

/** A session with a model of upsd, without a socket and with a clock of its own. */
export function inMemory(user: string, password: string | null, setUp: (model: UpsdModel) => void): InMemory {
  const server: NutServer = { id: 'one', kind: 'nut', address: '10.0.0.5', port: 3493, user, certificate: null };
  const clock = new ManualClock();
  const model = new UpsdModel();
  setUp(model);
  const events: UpsEvent[] = [];
  const talk = new Talk(server, clock, {
    // Later, as a network does it.
    write: (line) =>
      queueMicrotask(() =>
        talk.feed(
          Buffer.from(
            model
              .answer(line.trimEnd())
              .map((one) => `${one}\n`)
              .join(''),
          ),
        ),
      ),
    close: () => undefined,
  });
  const tell = (event: UpsEvent): void => void events.push(event);
  const secret = () => Promise.resolve(password);
  const deps = { server, clock, talk, tell, password: secret, met: new Set<string>(), news: () => undefined };
  const session = new NutSession(deps, false);
  const run = session.run();
  const stop = async (): Promise<void> => {
    talk.end(noAnswer(server, 'The test is over.'));
    await clock.advance(5000);
    await run;
  };
  return { clock, model, session, talk, events, ended: run, stop };
}
