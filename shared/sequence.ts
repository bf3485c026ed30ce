import { z } from 'zod';
import { idSchema, nameSchema } from './id.ts';

const seconds = (max: number) => z.int().min(0).max(max);

const common = {
  id: idSchema,
  /** Seconds in which its effect must be proven; absent: the step kind's default. */
  limit: seconds(7200).min(1).optional(),
  /** How often the act is tried again after a fault before anything was accepted. */
  retries: z.int().min(0).max(10).default(1),
  /**
   * `continue`: the failure is noted and the run goes on, because what is left standing when the battery is empty is
   * cut hard. `stop`: nothing that comes later is begun.
   */
  onFailure: z.enum(['stop', 'continue']).default('continue'),
  /** Steps of the same stage that must have ended well before this one starts. */
  needs: z.array(idSchema).max(50).default([]),
};

const target = idSchema;

/** One act on one target. The kinds are the rows of `stepKinds` in step-kinds.ts. */
export const stepSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('power-off'),
    target,
    /**
     * What proves it. `silent`: nothing answers any more, neither open nor closed, for 20 s.
     * `port-closed`: its SSH port no longer accepts, which a host does some seconds before it is really off.
     */
    until: z.enum(['silent', 'port-closed']).default('silent'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('shut-down-guests'),
    target,
    /** Power off the guests that have not stopped when two thirds of the limit are over. */
    force: z.boolean().default(false),
  }),
  z.strictObject({ ...common, kind: z.literal('enter-maintenance'), target }),
  z.strictObject({ ...common, kind: z.literal('exit-maintenance'), target }),
  /** Starts the guests that `shut-down-guests` of this run found running. */
  z.strictObject({ ...common, kind: z.literal('start-guests'), target }),
  z.strictObject({ ...common, kind: z.literal('wake'), target }),
  z.strictObject({ ...common, kind: z.literal('command'), target, command: z.string().trim().min(1).max(2000) }),
  z.strictObject({ ...common, kind: z.literal('wait'), seconds: seconds(7200).min(1) }),
  z.strictObject({ ...common, kind: z.literal('notify'), message: nameSchema }),
]);
export type Step = z.infer<typeof stepSchema>;
export type StepKind = Step['kind'];

export const stageSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  steps: z.array(stepSchema).max(500),
});
export type Stage = z.infer<typeof stageSchema>;

export const triggersSchema = z.strictObject({
  /** Start when runtime left <= plan p90 x factor, and never later than at `floor` seconds left. */
  runtime: z.strictObject({
    enabled: z.boolean().default(true),
    factor: z.number().min(1).max(5).default(1.25),
    floor: seconds(7200).default(180),
  }),
  /** Start when charge falls to this percentage. */
  charge: z.strictObject({ enabled: z.boolean().default(true), percent: z.int().min(1).max(99).default(30) }),
  /** Start after so many seconds on battery. */
  onBattery: z.strictObject({ enabled: z.boolean().default(false), seconds: seconds(7200).default(120) }),
});
export type Triggers = z.infer<typeof triggersSchema>;

export const sequenceSchema = z
  .strictObject({
    format: z.literal('glidepath-sequence'),
    version: z.literal(1),
    id: idSchema,
    name: nameSchema,
    /** Going down, in order; each stage is a barrier. */
    stages: z.array(stageSchema).min(1).max(100),
    /** The stage before which the line stands: once one of its steps begins, mains returning no longer cancels. */
    pointOfNoReturn: idSchema,
    /** Coming back, in order. */
    returnStages: z.array(stageSchema).max(100),
    /** When it may come back: mains stable for so long, and the battery charged so far. */
    returnWhen: z.strictObject({
      stableSeconds: seconds(7200).default(60),
      charge: z.int().min(0).max(100).default(25),
    }),
    triggers: triggersSchema,
  })
  .superRefine((sequence, context) => {
    const stageIds = new Set<string>();
    const stepIds = new Set<string>();
    for (const key of ['stages', 'returnStages'] as const) {
      sequence[key].forEach((stage, at) => {
        const issue = (message: string, path: (string | number)[]) =>
          context.addIssue({ code: 'custom', message, path: [key, at, ...path] });
        if (stageIds.has(stage.id)) issue(`the id "${stage.id}" is used twice`, ['id']);
        stageIds.add(stage.id);
        const here = new Set(stage.steps.map((step) => step.id));
        stage.steps.forEach((step, index) => {
          if (stepIds.has(step.id)) issue(`the id "${step.id}" is used twice`, ['steps', index, 'id']);
          stepIds.add(step.id);
          for (const need of step.needs) {
            if (!here.has(need)) issue(`needs "${need}", which is no step of this stage`, ['steps', index, 'needs']);
          }
        });
      });
    }
    if (!sequence.stages.some((stage) => stage.id === sequence.pointOfNoReturn)) {
      context.addIssue({
        code: 'custom',
        message: `"${sequence.pointOfNoReturn}" is no stage going down`,
        path: ['pointOfNoReturn'],
      });
    }
  });
export type Sequence = z.infer<typeof sequenceSchema>;
