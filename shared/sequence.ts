import { z } from 'zod';
import { conditionSchema, parameterName, parameterValue } from './condition.ts';
import { idSchema, nameSchema } from './id.ts';
import { targetSchema } from './target.ts';
import { defaultTriggers, triggersSchema } from './triggers.ts';
import { outletSchema } from './ups-command.ts';

const seconds = (max: number) => z.int().min(0).max(max);

/** Ids of a compiled sequence's steps: `step`, or `step.host`, `step.host.2` for one of several that a step became. */
const compiledId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}(\.[a-z0-9-]{1,64}){0,2}$/, 'small letters, digits and "-", 64 at most');

const guestName = z.string().trim().min(1).max(100);

/** Seconds. */
const limit = seconds(7200).min(1);

/** Some of a host's guests, by name; absent: all. */
const guests = z
  .union([
    z.strictObject({ only: z.array(guestName).min(1).max(500) }),
    z.strictObject({ except: z.array(guestName).min(1).max(500) }),
  ])
  .optional();

const guestGroups = z
  .array(z.strictObject({ name: nameSchema, guests: z.array(guestName).min(1).max(500), limit: limit.optional() }))
  .max(8)
  .default([]);

/** Conditions of a step as the user makes it; a compiled one has up to eight of its stage besides. */
const mostConditions = 16;

const common = {
  id: compiledId,
  /** Seconds in which its effect must be proven; absent: the step kind's default. */
  limit: limit.optional(),
  /** How often the act is tried again after a fault before anything was accepted. */
  retries: z.int().min(0).max(10).default(1),
  /**
   * `continue`: the failure is noted and the run goes on, because what is left standing when the battery is empty is
   * cut hard. `stop`: nothing that comes later is begun.
   */
  onFailure: z.enum(['stop', 'continue']).default('continue'),
  /** Steps of the same stage that must have ended well before this one starts. */
  needs: z.array(compiledId).max(2000).default([]),
  /** Seconds for which it waits once it could begin. */
  after: seconds(7200).default(0),
  /** It is done only if all of these hold when it could begin. A compiled step has those of its stage too. */
  when: z
    .array(conditionSchema)
    .max(mostConditions + 8)
    .default([]),
  /** It may be left out when the battery does not last for everything. */
  optional: z.boolean().default(false),
};

const aimed = {
  /** A host, `tag:NAME`, `all` or `critical`; in a compiled sequence always a host. */
  target: targetSchema,
  /** How it goes through several targets: all at once, or each when the one before it has ended. */
  each: z.enum(['parallel', 'one-by-one']).default('parallel'),
};

/** One act on one target. The kinds are the rows of `stepKinds` in step-kinds.ts. */
export const stepSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    ...aimed,
    kind: z.literal('power-off'),
    /**
     * What proves it. `silent`: nothing answers any more, neither open nor closed, for 20 s.
     * `port-closed`: the port by which it is spoken to no longer accepts, which a host does some seconds before it is really off.
     */
    until: z.enum(['silent', 'port-closed']).default('silent'),
  }),
  z.strictObject({
    ...common,
    ...aimed,
    kind: z.literal('shut-down-guests'),
    /** Power off the guests that have not stopped when two thirds of the limit are over. */
    force: z.boolean().default(false),
    guests,
    /**
     * Priority groups, in the order in which they go down, after the guests that are in none. The groups of all its
     * targets go together: the next one begins when the one before is off everywhere.
     */
    groups: guestGroups,
    /** Guests that are given less or more time than the others before they are powered off, or given up. */
    guestLimits: z
      .array(z.strictObject({ guest: guestName, limit }))
      .max(500)
      .default([]),
  }),
  z.strictObject({
    ...common,
    ...aimed,
    kind: z.literal('enter-maintenance'),
    /**
     * What becomes of the data that a vSAN host holds. `no-action`: it stays, as the whole cluster goes down;
     * `ensure-accessibility`: what would not be there any more moves; `full`: all of it moves.
     */
    evacuation: z.enum(['no-action', 'ensure-accessibility', 'full']).default('no-action'),
  }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('exit-maintenance') }),
  /** Starts the guests that `shut-down-guests` of this run found running. */
  z.strictObject({
    ...common,
    ...aimed,
    kind: z.literal('start-guests'),
    guests,
    /**
     * Groups, in the order in which they come up, before the guests that are in none. The groups of all its targets go
     * together: the next one begins when the one before is on everywhere, or its limit is over. With none, and no guests
     * named either, those of each target come up in the reverse of the order in which they go down.
     */
    groups: guestGroups,
  }),
  /** Moves running guests to hosts of the same cluster that keep their power. */
  z.strictObject({ ...common, ...aimed, kind: z.literal('migrate-guests') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('disable-ha') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('enable-ha') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('retreat-vcls') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('restore-vcls') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('ignore-member-updates') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('heed-member-updates') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('wait-resync') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('prepare-vsan') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('recover-vsan') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('set-ceph-flags') }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('unset-ceph-flags') }),
  z.strictObject({
    ...common,
    kind: z.literal('ups-off'),
    /** Its id. */
    ups: z.string().min(1).max(200),
    /** One group of outlets, by its number; null: all of it. */
    outlet: outletSchema.nullable().default(null),
    /** Seconds until it turns off. What is not off by then is cut hard. */
    delay: seconds(7200).min(10).default(180),
    /** It turns on again when the mains are back; otherwise it stays off. */
    returns: z.boolean().default(true),
  }),
  z.strictObject({ ...common, ...aimed, kind: z.literal('wake') }),
  z.strictObject({
    ...common,
    ...aimed,
    kind: z.literal('command'),
    command: z.string().trim().min(1).max(2000),
    /**
     * Another command, which only looks. Its exit code 0 proves the effect, also before: then the command is not sent.
     * Absent: the exit code of the command itself is all there is.
     */
    proof: z.string().trim().min(1).max(2000).optional(),
    /** It is done in every run, also if the run is not for its host: one that keeps its power. */
    always: z.boolean().default(false),
  }),
  z.strictObject({ ...common, kind: z.literal('wait'), seconds: seconds(7200).min(1) }),
  z.strictObject({
    ...common,
    kind: z.literal('notify'),
    message: nameSchema,
    /** The channels by which it is told besides the desktop, by id; absent: all. */
    channels: z.array(idSchema).max(20).optional(),
  }),
]);
export type Step = z.infer<typeof stepSchema>;
export type StepKind = Step['kind'];

export const stageSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  steps: z.array(stepSchema).max(2000),
  /** How many of its steps may go on at once; absent: all that are ready. */
  parallel: z.int().min(1).max(500).optional(),
  /** `stop`: when one of its steps failed, nothing that comes after the stage is begun. */
  onFailure: z.enum(['stop', 'continue']).default('continue'),
  /** Its steps are done only if all of these hold. */
  when: z.array(conditionSchema).max(8).default([]),
});
export type Stage = z.infer<typeof stageSchema>;

/**
 * `skip-optional`: optional steps are left out. `shorten-limits`: what has had its usual time and is not proven is given
 * up. `force`: steps that may force do so at once.
 */
export const shedSchema = z.enum(['skip-optional', 'shorten-limits', 'force']);
export type Shed = z.infer<typeof shedSchema>;

const isSet = (list: readonly string[]): boolean => new Set(list).size === list.length;

/** A sequence in which every step is aimed at one host, as a run has it. */
export const compiledSchema = z
  .strictObject({
    format: z.literal('glidepath-sequence'),
    version: z.literal(3),
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
    triggers: triggersSchema.default(defaultTriggers),
    /** `all`: a run is for every host; `critical`: for those that lose their power, and what depends on them. */
    scope: z.enum(['all', 'critical']).default('all'),
    /**
     * Fault tolerance: so many UPSes may have failed and the rack still lives. Conditions ask for it; `beyond: all`: when
     * more have failed, a run is for every host.
     */
    faultTolerance: z
      .strictObject({ level: z.int().min(0).max(8), beyond: z.enum(['all', 'critical']) })
      .nullable()
      .default(null),
    /** What is given up first when the battery will not last for everything. What is not named is not given up. */
    shed: z
      .array(shedSchema)
      .max(3)
      .refine(isSet, 'a measure is named twice')
      .default([...shedSchema.options]),
    /** Values that conditions ask for and that stand as `{{name}}` in commands and messages. */
    parameters: z.record(parameterName, parameterValue).default({}),
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
export type Sequence = z.infer<typeof compiledSchema>;

/** A sequence as the user makes it: ids with a dot are those that compiling makes. */
export const sequenceSchema = compiledSchema.superRefine((sequence, context) => {
  for (const key of ['stages', 'returnStages'] as const) {
    sequence[key].forEach((stage, at) => {
      stage.steps.forEach((step, index) => {
        const refuse = (field: string, message: string) =>
          context.addIssue({ code: 'custom', message, path: [key, at, 'steps', index, field] });
        if (!idSchema.safeParse(step.id).success) refuse('id', 'small letters, digits and "-", 64 at most');
        if (step.when.length > mostConditions) refuse('when', `${mostConditions} conditions at most`);
      });
    });
  }
});
