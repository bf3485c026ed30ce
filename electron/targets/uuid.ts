/** As tools print one and take it, so that it can stand in a command. */
export const uuidPattern = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Of nothing: in a command that is asked about and not run. */
export const anyUuid = '00000000-0000-4000-8000-000000000000';

const whole = new RegExp(`^${uuidPattern}$`);

export const isUuid = (text: string): boolean => whole.test(text);

/** Ids come from hosts and from journals; nothing but a UUID ever becomes part of a command. */
export function uuid(id: string): string {
  if (!isUuid(id)) throw new Error(`not a UUID: ${JSON.stringify(id.slice(0, 40))}`);
  return id;
}
