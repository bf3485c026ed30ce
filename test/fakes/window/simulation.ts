import type { Sequence } from '../../../shared/sequence.ts';
import type { SimulatedStep, SimulationView, WhatIf } from '../../../shared/view.ts';
import { checkPlan } from './plan.ts';

const battery = 2460;

/** A stand-in for the engine on its virtual clock: the plan laid out behind a late start, on a battery that drains evenly. */
export function simulatePlan(sequence: Sequence, whatIf: WhatIf): SimulationView {
  const { steps, needs } = checkPlan(sequence);
  const emptyAt = Math.round(battery / whatIf.load);
  const startsAt = Math.max(0, Math.round(emptyAt - needs * 1.25));
  const { powerBackAt: back, hangs } = whatIf;
  const isBackBefore = back !== null && back < startsAt;
  const line = sequence.stages.findIndex((stage) => stage.id === sequence.pointOfNoReturn);
  const behind = new Set(sequence.stages.slice(line).map((stage) => stage.id));
  const down = steps.filter((step) => step.phase === 'down');
  const simulated = steps.map((step): SimulatedStep => {
    const { id, hostId, phase } = step;
    if (isBackBefore || phase === 'return') {
      return { id, hostId, phase, startedAt: null, endedAt: null, state: 'waiting' };
    }
    const startedAt = startsAt + step.start;
    const isHanging = hangs !== null && hostId === hangs;
    const endedAt = isHanging ? emptyAt : startedAt + step.seconds;
    return { id, hostId, phase, startedAt, endedAt, state: isHanging ? 'failed' : 'done' };
  });
  const firstBehind = down.filter((step) => behind.has(step.stageId)).map((step) => step.start);
  const runs = !isBackBefore;
  return {
    whatIf,
    startsAt: runs ? startsAt : null,
    noReturnAt: runs && firstBehind.length > 0 ? startsAt + Math.min(...firstBehind) : null,
    downAt: runs && hangs === null ? startsAt + needs : null,
    returnedAt: null,
    endsAt: emptyAt,
    emptyAt,
    steps: simulated,
    cutHard: runs && hangs !== null ? [hangs] : [],
    shed: [],
    battery: Array.from({ length: 21 }, (_, index) => ({ at: (emptyAt * index) / 20, percent: 98 - index * 4.9 })),
    sentences: runs
      ? [
          { at: 0, text: 'The mains fail.' },
          { at: startsAt, text: 'Started: 7 min 30 s of runtime are left, the plan needs 6 min (times 1.25).' },
        ]
      : [{ at: back ?? 0, text: 'The mains are back: nothing was due.' }],
  };
}
