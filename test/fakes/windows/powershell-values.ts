/** What runs through a script: texts, numbers, lists, hash tables and objects, and types by their names. */
export type Value = unknown;

/** What a script throws. Its category is the name of an enumeration; its message is in the language of the host. */
export class PowerShellError extends Error {
  readonly category: string;

  constructor(category: string, message: string) {
    super(message);
    this.category = category;
  }
}

/** A pipeline's output as one value. */
export const single = (values: readonly Value[]): Value => (values.length > 1 ? [...values] : (values[0] ?? null));

/** One value as a pipeline's input: lists are taken apart, null is nothing when it comes from a command. */
export const stream = (value: Value): Value[] => (Array.isArray(value) ? value : [value]);

/** As in a string: a list with blanks, a truth value as a word. */
export function text(value: Value): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(text).join(' ');
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof PowerShellError) return value.message;
  return typeof value === 'object' ? 'System.Collections.Hashtable' : String(value);
}

export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 1 || isTrue(value[0] ?? null);
  return typeof value === 'object' ? value !== null : Boolean(value);
}

/** A member of a value, whatever its case; what is not there is null. Of a list it is that of each item. */
export function member(of: Value, name: string): Value {
  if (name === 'count' && (Array.isArray(of) || of === null)) return Array.isArray(of) ? of.length : 0;
  if (Array.isArray(of)) return of.map((item) => member(item, name));
  if (typeof of !== 'object' || of === null) return null;
  const key = Object.keys(of).find((one) => one.toLowerCase() === name);
  return key === undefined ? null : (of as Record<string, Value>)[key];
}

/** `ConvertTo-Json -Compress` of Windows PowerShell: quotes and angles are escaped, what is too deep becomes a text. */
export function toJson(value: Value, depth: number): string {
  if (Array.isArray(value)) {
    return depth < 0 ? `"${text(value)}"` : `[${value.map((item) => toJson(item, depth - 1)).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    if (depth < 0) return `"${text(value)}"`;
    const pairs = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${toJson(one, depth - 1)}`);
    return `{${pairs.join(',')}}`;
  }
  return JSON.stringify(value ?? null).replace(
    /[<>&']/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
