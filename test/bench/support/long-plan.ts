import { type Host, hostSchema } from '../../../shared/inventory.ts';
import { type Sequence, type Step, sequenceSchema } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';

const stages = 5;

/** Fifty servers and 500 steps in five stages, with needs among them. */
export function longPlan(): { sequence: Sequence; hosts: Host[] } {
  const hosts = Array.from({ length: 50 }, (_, at) =>
    hostSchema.parse({ kind: 'linux', id: `h${at}`, name: `h${at}`, address: '10.0.0.1', user: 'root', login: 'key' }),
  );
  const stage = (number: number) => {
    const isLast = number === stages - 1;
    const steps = hosts.flatMap(({ id: target }, at) => {
      const id = `s${number}-${target}`;
      const kind = isLast ? { kind: 'power-off' } : { kind: 'command', command: 'sync', limit: 300 };
      const first = { id: `${id}-a`, target, kind: 'command', command: 'sync', limit: 300, after: at % 7 };
      const before = at % 5 === 0 || at === 0 ? [] : [`s${number}-h${at - 1}-a`];
      return [
        { ...first, needs: before },
        { id: `${id}-b`, target, ...kind, needs: [`${id}-a`] },
      ];
    });
    return { id: `stage-${number}`, name: `Stage ${number}`, steps, ...(number === 2 ? { parallel: 20 } : {}) };
  };
  const sequence = sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'long',
    name: 'Long',
    stages: Array.from({ length: stages }, (_, number) => stage(number)),
    pointOfNoReturn: `stage-${stages - 1}`,
    returnStages: [],
    returnWhen: {},
    triggers: { runtime: {}, charge: {}, onBattery: { enabled: true, seconds: 60 } },
  });
  return { sequence, hosts };
}

/** Seconds that a step takes: between half of what is usual for its kind and all of it, and a command up to 50. */
export function secondsOf(step: Step): number {
  let hash = 7;
  for (const letter of step.id) hash = (hash * 31 + letter.charCodeAt(0)) % 1009;
  const most = step.kind === 'command' ? 50 : stepKinds[step.kind].usual;
  return Math.round(most * (0.5 + hash / 2018));
}
