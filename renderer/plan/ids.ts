import type { Sequence } from '../../shared/sequence.ts';
import type { PlanView } from '../../shared/view.ts';
import { fileName } from '../parts/format.ts';
import { allStages } from './step-words.ts';

const longest = 64;

/** Letters, digits and dashes from any name, as shared/id.ts wants them. */
export function slug(name: string): string {
  const text = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, longest)
    .replace(/-+$/, '');
  return text || 'x';
}

/**
 * Whether letters of a name get lost in its slug, so that names which differ may become one: those of any script but the
 * Latin one. Accents and signs do not count, unless there is nothing else.
 */
export function losesLetters(name: string): boolean {
  const kept = name.normalize('NFKD').toLowerCase();
  return !/[a-z0-9]/.test(kept) || /[\p{L}\p{N}]/u.test(kept.replace(/[a-z0-9]/g, ''));
}

/** A valid id that begins like `wish` and is not taken yet. */
export function freshId(wish: string, taken: ReadonlySet<string>): string {
  const base = slug(wish);
  if (!taken.has(base)) return base;
  for (let count = 2; ; count += 1) {
    const tail = `-${count}`;
    const id = base.slice(0, longest - tail.length) + tail;
    if (!taken.has(id)) return id;
  }
}

export const stageIds = (sequence: Sequence): Set<string> => new Set(allStages(sequence).map((stage) => stage.id));

export const stepIds = (sequence: Sequence): Set<string> =>
  new Set(allStages(sequence).flatMap((stage) => stage.steps.map((step) => step.id)));

/** A plan's file is called by its id, also while it cannot be read: a new plan must not come to lie on it. */
export const takenIds = ({ sequence, refused }: Pick<PlanView, 'sequence' | 'refused'>): Set<string> =>
  new Set([...(sequence ? [sequence.id] : []), ...refused.map(({ file }) => fileName(file).replace(/\.json$/i, ''))]);
