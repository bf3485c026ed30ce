import type { Problem } from '../../../shared/problem.ts';
import { type Sequence, type Stage, type Step, sequenceSchema } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import type { CheckedPlan, PlannedStep, PlanView } from '../../../shared/view.ts';

const common = { retries: 1 };

export const sequence: Sequence = sequenceSchema.parse({
  format: 'glidepath-sequence',
  version: 3,
  id: 'rack',
  name: 'Rack plan',
  stages: [
    {
      id: 'workloads',
      name: 'Stop workloads',
      steps: [
        { ...common, id: 'guests-1', kind: 'shut-down-guests', target: 'esx-1', force: true },
        { ...common, id: 'guests-2', kind: 'shut-down-guests', target: 'esx-2', force: false },
        {
          ...common,
          id: 'stop-backups',
          kind: 'command',
          target: 'backup-1',
          command: 'systemctl stop restic',
        },
      ],
    },
    {
      id: 'hypervisors',
      name: 'Hypervisors',
      steps: [
        { ...common, id: 'maint-1', kind: 'enter-maintenance', target: 'esx-1' },
        { ...common, id: 'off-esx-1', kind: 'power-off', target: 'esx-1', until: 'silent', needs: ['maint-1'] },
        { ...common, id: 'maint-2', kind: 'enter-maintenance', target: 'esx-2' },
        {
          ...common,
          id: 'off-esx-2',
          kind: 'power-off',
          target: 'esx-2',
          until: 'silent',
          needs: ['maint-2'],
          onFailure: 'stop',
        },
      ],
    },
    {
      id: 'storage',
      name: 'Storage',
      steps: [
        { ...common, id: 'off-backup', kind: 'power-off', target: 'backup-1', until: 'silent' },
        { ...common, id: 'off-nas', kind: 'power-off', target: 'nas-1', until: 'port-closed', limit: 120 },
      ],
    },
  ],
  pointOfNoReturn: 'hypervisors',
  returnStages: [
    { id: 'wake-storage', name: 'Wake storage', steps: [{ ...common, id: 'wake-nas', kind: 'wake', target: 'nas-1' }] },
    {
      id: 'wake-hosts',
      name: 'Wake hypervisors',
      steps: [
        { ...common, id: 'wake-esx-1', kind: 'wake', target: 'esx-1' },
        { ...common, id: 'wake-esx-2', kind: 'wake', target: 'esx-2' },
      ],
    },
    { id: 'guests-back', name: 'Guests', steps: [{ ...common, id: 'start-1', kind: 'start-guests', target: 'esx-1' }] },
  ],
  returnWhen: { stableSeconds: 60, charge: 25 },
  triggers: {
    runtime: { enabled: true, factor: 1.25, floor: 180 },
    charge: { enabled: true, percent: 30 },
    onBattery: { enabled: false, seconds: 120 },
  },
});

/** A stand-in for the planner: stages one after the other, needs inside them, usual times. */
export function checkPlan(plan: Sequence, problems: Problem[] = []): CheckedPlan {
  const down = lay(plan.stages, 'down');
  const back = lay(plan.returnStages, 'return');
  return { problems, needs: down.end, usually: down.end / 1.5, steps: [...down.steps, ...back.steps] };
}

function lay(stages: readonly Stage[], phase: PlannedStep['phase']): { steps: PlannedStep[]; end: number } {
  const steps: PlannedStep[] = [];
  let from = 0;
  for (const stage of stages) {
    const ends = new Map<string, number>();
    const endOf = (step: Step): number => {
      const start = Math.max(from, ...step.needs.map((id) => ends.get(id) ?? from));
      const seconds = step.kind === 'wait' ? step.seconds : stepKinds[step.kind].usual * 1.5;
      ends.set(step.id, start + seconds);
      const hostId = 'target' in step ? step.target : null;
      const own = { id: step.id, from: step.id, hostId, p50: seconds / 1.5, samples: 0 };
      steps.push({ ...own, stageId: stage.id, phase, start, seconds, critical: seconds > 80 });
      return start + seconds;
    };
    from = Math.max(from, ...stage.steps.map(endOf));
  }
  return { steps, end: from };
}

export const problems: Problem[] = [
  {
    severity: 'error',
    stageId: 'storage',
    stepId: 'off-nas',
    what: 'the host key of nas-1 is not confirmed, so nothing is sent to it',
    remedy: 'Confirm its host key under Setup.',
  },
  {
    severity: 'warning',
    stageId: 'hypervisors',
    stepId: 'off-esx-1',
    what: 'esx-1 has no MAC address and cannot be woken',
    remedy: 'Add its MAC address under Setup.',
  },
  {
    severity: 'warning',
    stageId: null,
    stepId: null,
    what: 'the plan needs 6 min and the battery lasts 5 min at this load',
    remedy: 'Shorten it, or take load off the UPS.',
  },
];

export const hash = 'a'.repeat(64);

export const planView = (change: Partial<PlanView> = {}): PlanView => ({
  sequence,
  hash,
  armed: true,
  checked: checkPlan(sequence),
  refused: [],
  ...change,
});

export const noPlan: PlanView = {
  sequence: null,
  hash: '',
  armed: false,
  checked: { problems: [], needs: 0, usually: 0, steps: [] },
  refused: [],
};
