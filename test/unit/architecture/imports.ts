import { posix } from 'node:path';
import { parseSync } from 'vite';
import type { Layer } from './rules.ts';

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

export const parse = (path: string, source: string) => {
  const parsed = parseSync(path, source);
  if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0]?.message}`);
  return parsed;
};

function importsOf(path: string, source: string): Import[] {
  const { module } = parse(path, source);
  const written = module.staticImports.map((one) => ({
    from: one.moduleRequest.value,
    typeOnly: one.entries.length > 0 && one.entries.every((entry) => entry.isType),
  }));
  const passedOn = module.staticExports
    .flatMap((one) => one.entries)
    .flatMap((entry) => (entry.moduleRequest ? [{ from: entry.moduleRequest.value, typeOnly: entry.isType }] : []));
  const later = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    from: source.slice(start, end).replace(/^['"`]|['"`]$/g, ''),
    typeOnly: false,
  }));
  return [...written, ...passedOn, ...later];
}

/** One sentence for each import that the file's layer does not allow. */
export function forbiddenImports(path: string, source: string, layers: readonly Layer[]): string[] {
  const layer = layers.find((one) => path.startsWith(one.of));
  if (!layer) return [];
  return importsOf(path, source)
    .map((one) => ({ ...one, to: one.from.startsWith('.') ? posix.join(posix.dirname(path), one.from) : one.from }))
    .filter(({ to, typeOnly }) => !layer.may.some((allowed) => fits(to, typeOnly, allowed)))
    .map(({ to }) => `${path} imports ${to}`);
}

function fits(to: string, typeOnly: boolean, allowed: string): boolean {
  if (allowed.startsWith('types:')) return typeOnly && fits(to, typeOnly, allowed.slice('types:'.length));
  if (allowed.endsWith('/') || allowed.endsWith(':')) return to.startsWith(allowed);
  return to === allowed || to.startsWith(`${allowed}/`);
}
