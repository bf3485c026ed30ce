import { expect, test } from 'vitest';
import { withNext } from '../../electron/brain/what-next.ts';
import type { Notice } from '../../electron/core/ports.ts';
import type { RunView } from '../../shared/run.ts';
import type { DecisionView } from '../../shared/view.ts';
import { runPast, runWaiting } from '../fakes/window/runs.ts';

const decision = (more: Partial<DecisionView>): DecisionView => ({
  state: 'idle',
  armed: true,
  startsIn: null,
  sentence: 'On mains',
  postponedUntil: null,
  latestStartIn: null,
  ...more,
});
const notice = (body: string, category: Notice['category'] = 'power'): Notice => ({
  category,
  urgency: 'critical',
  title: 'x',
  body,
});
const bodyOf = (one: Notice, now: DecisionView, run: RunView | null) => withNext(one, now, run).body;

test('while a start is counted down it says when that comes, unless that was said', () => {
  const counting = decision({ state: 'counting', sentence: 'The shutdown starts in 5 min' });
  expect(bodyOf(notice('On battery.'), counting, null)).toBe('On battery. The shutdown starts in 5 min.');
  const said = 'On battery. The shutdown starts in 5 min.';
  expect(bodyOf(notice(said), counting, null)).toBe(said);
  expect(bodyOf(notice('On battery.'), decision({}), null)).toBe('On battery.');
  expect(bodyOf(notice('Hello.', 'user'), counting, null)).toBe('Hello.');
});

test('while a run goes on it says where that stands, and while one waits, for what', () => {
  const going = { ...runPast(), phase: 'down' as const };
  const running = decision({ state: 'running', sentence: 'why' });
  expect(bodyOf(notice('A step failed.', 'failure'), running, going)).toMatch(
    /^A step failed\. The shutdown is at stage \d of \d, “[^”]+”\.$/,
  );
  const waiting = decision({ state: 'waiting-for-return', sentence: 'Waits for the mains' });
  expect(bodyOf(notice('Everything is off.', 'run'), waiting, runWaiting())).toBe(
    'Everything is off. Waits for the mains.',
  );
});
