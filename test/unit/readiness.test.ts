import { expect, test } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import { targetOf } from '../../electron/core/plan/target-of.ts';
import { nextMoves } from '../../electron/core/readiness.ts';
import { replayRun } from '../../shared/run.ts';
import { linux, rackSequence } from '../fakes/rack-samples.ts';

test('one by one through two thousand hosts of which only the last is meant: it begins', () => {
  const hosts = Array.from({ length: 2000 }, (_, at) => linux(`h${at}`));
  const steps = [{ id: 'off', kind: 'power-off', target: 'all', each: 'one-by-one' }];
  const stages = [{ id: 's', name: 'S', steps }];
  const { sequence } = expand(rackSequence({ stages, pointOfNoReturn: 's', returnStages: [] }), hosts);
  const of = { runId: 'r', cause: 'runtime', why: 'test', sequence, hash: 'h' } as const;
  const run = replayRun([
    { type: 'begun', version: 3, at: 0, followsPower: true, ...of, owed: [], owedGuests: {}, hosts },
  ]);
  const moves = nextMoves({
    run,
    stages: sequence.stages,
    hosts: new Map(hosts.map((host) => [host.id, host])),
    going: new Set(),
    ending: new Set(),
    putBack: new Set(),
    failedUpses: 1,
    stop: (step) => (targetOf(step) === 'h1999' ? null : { how: 'held' }),
    hasWaited: () => true,
  });
  expect(moves.begin.map(({ step }) => step.id)).toEqual(['off.h1999']);
  expect(moves.held).toHaveLength(1999);
});
