import { parse } from './imports.ts';
import { impureMembers, impureNames, type Layer } from './rules.ts';

type Node = { type: string; [key: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** One sentence for each use of the clock, chance or the machine in a layer that must be pure. */
export function impureUses(path: string, source: string, layers: readonly Layer[]): string[] {
  const layer = layers.find((one) => path.startsWith(one.of));
  if (!layer?.pure) return [];
  const found: string[] = [];
  visit(parse(path, source).program as unknown as Node, (name) => found.push(`${path} uses ${name}`));
  return found;
}

function visit(node: Node, report: (name: string) => void): void {
  const member = memberName(node);
  if (member && impureMembers.has(member)) report(member);
  if (node.type === 'Identifier' && impureNames.has(node.name as string)) report(node.name as string);
  if (isBareDate(node)) report(node.type === 'NewExpression' ? 'new Date()' : 'Date()');
  for (const [key, value] of Object.entries(node)) {
    if (isOnlyAName(node, key)) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, report);
  }
}

/** `x.fetch` and `{ fetch: ... }` name a property, not the global. */
const isOnlyAName = (node: Node, key: string) => node.computed !== true && (key === 'property' || key === 'key');

function memberName(node: Node): string | undefined {
  const { object, property } = node as { object?: Node; property?: Node };
  return node.type === 'MemberExpression' && object?.type === 'Identifier'
    ? `${object.name}.${property?.name}`
    : undefined;
}

function isBareDate(node: Node): boolean {
  const { callee, arguments: given } = node as { callee?: Node; arguments?: unknown[] };
  if (callee?.type !== 'Identifier' || callee.name !== 'Date') return false;
  return node.type === 'CallExpression' || (node.type === 'NewExpression' && given?.length === 0);
}
