import type { Host } from '../../shared/inventory.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';

/** The host that a step is aimed at; null for kinds that have no target. */
export const targetOf = (step: Step): string | null => ('target' in step ? step.target : null);

type Place = Pick<Problem, 'stageId' | 'stepId'>;

/**
 * Everything wrong with a sequence, located, with what to do. Never throws. `secretIds`: the hosts for which a secret
 * is kept; `upsIds`: the UPSes that are known, when that is to be checked as well.
 */
export function findProblems(
  sequence: Sequence,
  hosts: readonly Host[],
  secretIds: ReadonlySet<string>,
  upsIds?: ReadonlySet<string>,
): Problem[] {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const all = [...sequence.stages, ...sequence.returnStages];
  return [
    ...nothingToDo(sequence),
    ...all.flatMap((stage) => stage.steps.flatMap((step) => references(stage, step, byId, secretIds))),
    ...all.flatMap(cycles),
    ...hypervisorOrder(sequence, byId),
    ...wayBack(sequence, byId),
    ...(upsIds ? feeding(all, byId, upsIds) : []),
  ];
}

const error = (place: Place, what: string, remedy: string): Problem => ({ severity: 'error', ...place, what, remedy });
const warning = (place: Place, what: string, remedy: string): Problem => ({
  severity: 'warning',
  ...place,
  what,
  remedy,
});
const whole: Place = { stageId: null, stepId: null };

function nothingToDo(sequence: Sequence): Problem[] {
  if (sequence.stages.some((stage) => stage.steps.length > 0)) return [];
  return [error(whole, 'The plan has no step: an outage would change nothing', 'Add a step to a stage.')];
}

function references(stage: Stage, step: Step, hosts: Map<string, Host>, secretIds: ReadonlySet<string>): Problem[] {
  const target = targetOf(step);
  const place = { stageId: stage.id, stepId: step.id };
  const kind = stepKinds[step.kind];
  if (target === null || kind.targets === null) return [];
  const host = hosts.get(target);
  if (!host)
    return [error(place, `There is no host "${target}"`, 'Add the host under Setup, or choose another target.')];
  const found: Problem[] = [];
  if (!kind.targets.includes(host.kind)) {
    found.push(
      error(
        place,
        `"${kind.label}" cannot be done on ${host.name}, which is of kind ${host.kind}`,
        'Choose another target or another step.',
      ),
    );
  }
  if (step.kind === 'wake') {
    if (host.macs.length === 0)
      found.push(
        error(place, `${host.name} has no MAC address, so it cannot be woken`, 'Enter its MAC address under Setup.'),
      );
    return found;
  }
  if (host.hostKeys.length === 0) {
    found.push(
      error(
        place,
        `The host key of ${host.name} has not been confirmed, so nothing will be sent to it`,
        'Read and confirm its host key under Setup.',
      ),
    );
  }
  if (!secretIds.has(host.id)) {
    const secret = host.login === 'key' ? 'private key' : 'password';
    found.push(error(place, `No ${secret} is kept for ${host.name}`, `Enter its ${secret} under Setup.`));
  }
  return found;
}

/** Steps that wait for each other would never start. */
function cycles(stage: Stage): Problem[] {
  let waiting = stage.steps;
  for (;;) {
    const ids = new Set(waiting.map((step) => step.id));
    const left = waiting.filter((step) => step.needs.some((need) => ids.has(need)));
    if (left.length === waiting.length) break;
    waiting = left;
  }
  return waiting.map((step) =>
    error(
      { stageId: stage.id, stepId: step.id },
      `This step waits for itself through ${step.needs.join(', ')}`,
      'Remove one of the steps it needs.',
    ),
  );
}

/** A hypervisor goes off after its guests are down and it is in maintenance mode; else its guests are cut hard. */
function hypervisorOrder(sequence: Sequence, hosts: Map<string, Host>): Problem[] {
  const found: Problem[] = [];
  const before = new Set<string>();
  for (const stage of sequence.stages) {
    const done: string[] = [];
    for (const step of stage.steps) {
      const host = hosts.get(targetOf(step) ?? '');
      if (host?.kind !== 'esxi') continue;
      const has = (kind: Step['kind']) => before.has(`${kind} ${host.id}`) || needsKind(stage, step, kind, host.id);
      const place = { stageId: stage.id, stepId: step.id };
      if (step.kind === 'power-off' && !has('enter-maintenance')) {
        found.push(
          error(
            place,
            `${host.name} would be powered off outside maintenance mode, which it refuses`,
            `Put "Enter maintenance mode" on ${host.name} in an earlier stage.`,
          ),
        );
      }
      if (step.kind === 'enter-maintenance' && !has('shut-down-guests')) {
        found.push(
          warning(
            place,
            `Nothing shuts down the guests of ${host.name} before`,
            `Put "Shut down guests" on ${host.name} in an earlier stage.`,
          ),
        );
      }
      done.push(`${step.kind} ${host.id}`);
    }
    for (const each of done) before.add(each);
  }
  return found;
}

/** In the same stage an order exists only through `needs`. */
function needsKind(stage: Stage, step: Step, kind: Step['kind'], host: string): boolean {
  const queue = [...step.needs];
  const seen = new Set(queue);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const found = stage.steps.find((other) => other.id === id);
    if (!found) continue;
    if (found.kind === kind && targetOf(found) === host) return true;
    for (const need of found.needs) {
      if (!seen.has(need)) queue.push(need);
      seen.add(need);
    }
  }
  return false;
}

function wayBack(sequence: Sequence, hosts: Map<string, Host>): Problem[] {
  const woken = new Set(
    sequence.returnStages.flatMap((stage) =>
      stage.steps.filter((step) => step.kind === 'wake').map((step) => targetOf(step)),
    ),
  );
  const found: Problem[] = [];
  for (const stage of sequence.stages) {
    for (const step of stage.steps) {
      const host = hosts.get(targetOf(step) ?? '');
      if (!host || step.kind !== 'power-off') continue;
      const place = { stageId: stage.id, stepId: step.id };
      if (!woken.has(host.id)) {
        found.push(
          warning(
            place,
            `Nothing brings ${host.name} back when power returns`,
            `Add "Wake" for ${host.name} to a return stage.`,
          ),
        );
      }
    }
  }
  return found;
}

/** Nothing can be concluded for a host from a UPS that does not exist. */
function feeding(stages: readonly Stage[], hosts: Map<string, Host>, upsIds: ReadonlySet<string>): Problem[] {
  const targets = new Set(stages.flatMap((stage) => stage.steps.map((step) => targetOf(step) ?? '')));
  return [...targets].flatMap((id) => {
    const host = hosts.get(id);
    const missing = host?.fedBy.upses.filter((ups) => !upsIds.has(ups)) ?? [];
    return missing.map((ups) =>
      warning(
        whole,
        `${host?.name} is said to be fed by the UPS "${ups}", which nobody knows: an outage there would not be seen`,
        'Choose under Setup which UPSes feed it.',
      ),
    );
  });
}
