import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { mayPowerOff } from '../checks/privilege.ts';
import { hostFault } from '../host-fault.ts';
import type { Session } from '../platforms/session.ts';
import { lost, mayRunTool, runApart, runTool, type Tool } from '../platforms/tool.ts';
import { isUuid, uuidPattern } from '../uuid.ts';

/**
 * The command line of XCP-ng and XenServer. On any host of a pool it speaks for the whole pool: a host that is not the
 * master sends on to the master what it is told on its own.
 * @see https://docs.xenserver.com/en-us/xenserver/8/command-line-interface
 * @see https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi-cli-server/xapi_cli.ml (forward)
 */
const path = '/opt/xensource/bin/xe';

const xe = ({ sudo }: Pick<Host, 'sudo'>): Tool => ({ path, command: `${sudo ? 'sudo -n ' : ''}${path}` });

/** What a host says of itself; its own UUID is among it. */
const inventory = 'cat /etc/xensource-inventory';

/** @throws FaultError `unexpected-answer` when it is no such host, `dead-peer`, and those of `Session.run` */
export async function ownUuid(session: Session): Promise<string> {
  const { stdout, dropped } = await session.run(inventory);
  if (dropped) throw lost(session, 'asking for its UUID');
  const id = /^INSTALLATION_UUID='([^']*)'$/m.exec(stdout)?.[1] ?? '';
  if (isUuid(id)) return id;
  throw hostFault(
    session.host,
    'unexpected-answer',
    'its own UUID is not in /etc/xensource-inventory',
    'Check that it is XCP-ng or XenServer, and choose its kind accordingly.',
  );
}

/** What a list gives of each object: what was asked for, by its name. */
export type Row<K extends string> = Readonly<Record<K | 'uuid', string>>;

/** What objects there are of one class, with some of their fields. */
export interface Query<K extends string> {
  of: 'vm' | 'host' | 'pool' | 'vdi';
  fields: readonly K[];
  /** Those alone of which this is true. */
  where?: Readonly<Record<string, string>>;
}

export const commandOf = ({ of, fields, where = {} }: Query<string>): string =>
  [
    `${of}-list`,
    ...Object.entries(where).map(([name, value]) => `${name}=${value}`),
    `params=${['uuid', ...fields].join(',')}`,
  ].join(' ');

/** @throws FaultError `unexpected-answer` when a field is missing somewhere; those of `runTool` */
export async function listOf<K extends string>(session: Session, query: Query<K>): Promise<Row<K>[]> {
  const text = await runTool(session, xe(session.host), commandOf(query), `asking for the list of its ${query.of}s`);
  return rowsIn(session.host, text, query.fields);
}

/**
 * One object.
 * @throws FaultError `unexpected-answer` when there is not exactly one
 */
export async function theOne<K extends string>(session: Session, query: Query<K>): Promise<Row<K>> {
  const [row, ...more] = await listOf(session, query);
  if (row && more.length === 0) return row;
  const what = `it was to tell of one ${query.of}, and told of ${row ? more.length + 1 : 'none'}`;
  throw hostFault(session.host, 'unexpected-answer', what, `On the host, run: xe ${query.of}-list`);
}

/**
 * The UUID begins a record; each field has its rights behind its name: `power-state ( RO): running`. A VM's name may hold
 * anything, also lines that look like fields: it stands before the real ones, and the last of a name counts.
 * @see https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi-cli-server/cli_printer.ml (multi_line_record)
 */
function rowsIn<K extends string>(host: Host, text: string, fields: readonly K[]): Row<K>[] {
  const wanted: readonly string[] = ['uuid', ...fields];
  return text
    .split(/\r?\n(?=uuid \( ?[A-Z]+\) *: )/)
    .filter((record) => record.trim() !== '')
    .map((record) => {
      const found = [...record.matchAll(/^ *([\w-]+) \( ?[A-Z]+\)[^:\n]*:(?: (.*))?$/gm)];
      const row = Object.fromEntries(found.map(([, name = '', value = '']) => [name, value.trim()]));
      if (isUuid(row.uuid ?? '') && wanted.every((name) => row[name] !== undefined)) return row as Row<K>;
      const what = `a part of what it answered was not understood: ${record.trim().slice(0, 200)}`;
      throw hostFault(host, 'unexpected-answer', what, 'Do it by hand there, and look.');
    });
}

/** The members of a field that holds several. */
export const membersOf = (value: string): string[] =>
  value
    .split(';')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** Does something there. @throws FaultError those of `runTool` */
export const doXe = (session: Session, words: string, doing: string, limitMs?: number): Promise<string> =>
  runTool(session, xe(session.host), words, doing, limitMs);

/** Seconds in which the pool says no to what it does not begin. */
const refusedIn = 0.5;

/**
 * Begins something that takes its time; how it ends is not told.
 * @returns null, or why the pool has not begun it
 * @throws FaultError those of `runApart`, but for `command-failed`
 */
export async function beginXe(session: Session, words: string, doing: string): Promise<string | null> {
  try {
    await runApart(session, xe(session.host), words, doing, refusedIn);
    return null;
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== 'command-failed') throw error;
    return error.fault.what;
  }
}

/** Whether the user may have xe do this. Who is root may do all; sudo may allow some. @throws FaultError, CannotTell */
export function mayUseXe(session: Session, commands: readonly string[]): Promise<string> {
  const tool = xe(session.host);
  return session.host.sudo ? mayRunTool(session, tool, commands) : mayPowerOff(session, tool.command);
}

/** What a rehearsal may send, with sudo or without. */
export const harmlessXe: readonly RegExp[] = [
  new RegExp(`^${inventory}$`),
  new RegExp(
    `^(sudo -n )?${path} (vm|host|pool|vdi)-list( uuid=${uuidPattern}| is-control-domain=false)* params=[a-z,-]+$`,
  ),
];
