import { nameSchema } from '../../../shared/id.ts';
import type { Sequence, Step } from '../../../shared/sequence.ts';

const place = /\{\{([a-z][a-z0-9-]{0,31})\}\}/g;

/** The longest command that a step may have, in characters. */
const longestCommand = 2000;

/** The texts of a step in which parameters may stand. */
export function textsOf(step: Step): string[] {
  if (step.kind === 'command') return [step.command, ...(step.proof === undefined ? [] : [step.proof])];
  return step.kind === 'notify' ? [step.message] : [];
}

/** The parameters that a text asks for. */
export const parametersIn = (text: string): string[] => [...text.matchAll(place)].map(([, name]) => name ?? '');

/** A text with its parameters filled in. What nobody knows is left as it is. */
export function filled(text: string, parameters: Sequence['parameters']): string {
  return text.replace(place, (whole, name: string) =>
    Object.hasOwn(parameters, name) ? String(parameters[name]) : whole,
  );
}

/** Whether a step may have this text: one that has become too long, or empty, is not filled in. */
export function mayStand(step: Step, text: string): boolean {
  if (step.kind === 'notify') return nameSchema.safeParse(text).success;
  return text.trim() !== '' && text.length <= longestCommand;
}

export function fill(step: Step, parameters: Sequence['parameters']): Step {
  const within = (text: string): string => {
    const news = filled(text, parameters);
    return mayStand(step, news) ? news : text;
  };
  if (step.kind === 'notify') return { ...step, message: within(step.message) };
  if (step.kind !== 'command') return step;
  return { ...step, command: within(step.command), ...(step.proof !== undefined && { proof: within(step.proof) }) };
}
