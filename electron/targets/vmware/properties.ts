import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import { localizedFault, type VimFault } from '../soap/answer.ts';
import type { VsphereApi } from '../soap/api.ts';
import { refIn } from '../soap/content.ts';
import { element, type Ref, reference, value, type Xml } from '../soap/write.ts';
import { all, find, textAt, type XmlNode } from '../soap/xml.ts';
import { orFault, vimFaultError } from './faults.ts';

/** An object with those of the wanted properties that it has, by their path. */
export interface Found {
  ref: Ref;
  get(path: string): XmlNode | null;
  /** The text of a property; null: it has none. */
  text(path: string): string | null;
  /** Why a property was not told, though it may have one; null: it was. */
  untold(path: string): VimFault | null;
}

/** Objects in one page of an answer, so that none comes near the limit of its size. */
const pageSize = 200;

/** More pages than any inventory has. */
const mostPages = 200;

const looking = 'Look at its management service.';

/**
 * The properties of all objects of a type that the server has.
 * @throws FaultError of `VsphereApi.call`, `command-failed`, `not-allowed`
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/ (PropertyCollector, ContainerView)
 */
export async function propertiesOfAll(
  api: VsphereApi,
  host: Host,
  type: string,
  paths: readonly string[],
): Promise<Found[]> {
  const { rootFolder, viewManager } = await api.content();
  const made = await api.call('CreateContainerView', viewManager, [
    reference('container', rootFolder),
    value('type', type),
    value('recursive', true),
  ]);
  const view = refIn(orFault(host, `listing its objects (${type})`, made, looking).returned[0] ?? null);
  if (view === null) throw hostFault(host, 'unexpected-answer', `it gave no list of its objects (${type})`, looking);
  const traversal = element(
    'selectSet',
    [value('name', 'view'), value('type', 'ContainerView'), value('path', 'view'), value('skip', false)],
    'TraversalSpec',
  );
  const objects = [element('objectSet', [reference('obj', view), value('skip', true), traversal])];
  try {
    return await retrieve(api, host, type, paths, objects);
  } finally {
    // The server drops it with the session, too.
    await api.call('DestroyView', view).catch(() => undefined);
  }
}

/** The properties of one object. @throws FaultError of `propertiesOfAll`; `command-failed` when there is no such object */
export async function propertiesOf(api: VsphereApi, host: Host, ref: Ref, paths: readonly string[]): Promise<Found> {
  const [found] = await retrieve(api, host, ref.type, paths, [
    element('objectSet', [reference('obj', ref), value('skip', false)]),
  ]);
  if (found) return found;
  throw hostFault(host, 'unexpected-answer', `it tells nothing of ${ref.value}`, looking);
}

async function retrieve(
  api: VsphereApi,
  host: Host,
  type: string,
  paths: readonly string[],
  objects: readonly Xml[],
): Promise<Found[]> {
  const { propertyCollector } = await api.content();
  const doing = `asking for properties (${type})`;
  const wanted = element('propSet', [
    value('type', type),
    value('all', false),
    ...paths.map((path) => value('pathSet', path)),
  ]);
  const specification = element('specSet', [wanted, ...objects]);
  const options = element('options', [value('maxObjects', pageSize)]);
  let answer = orFault(
    host,
    doing,
    await api.call('RetrievePropertiesEx', propertyCollector, [specification, options]),
    looking,
  );
  const found: Found[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const result = answer.returned[0] ?? null;
    for (const object of all(result, 'objects')) found.push(foundIn(object));
    const token = textAt(result, 'token');
    if (!token) return found;
    const next = await api.call('ContinueRetrievePropertiesEx', propertyCollector, [value('token', token)]);
    answer = orFault(host, doing, next, looking);
  }
  throw hostFault(host, 'unexpected-answer', `it has more than ${mostPages * pageSize} objects (${type})`, looking);
}

function foundIn(object: XmlNode): Found {
  const properties = new Map(
    all(object, 'propSet').map((property) => [textAt(property, 'name') ?? '', find(property, 'val')]),
  );
  const get = (path: string): XmlNode | null => properties.get(path) ?? null;
  const untold = new Map(
    all(object, 'missingSet').map((missing) => [textAt(missing, 'path') ?? '', localizedFault(find(missing, 'fault'))]),
  );
  return {
    ref: refIn(find(object, 'obj')) ?? { type: '', value: '' },
    get,
    text: (path) => get(path)?.text.trim() ?? null,
    untold: (path) => untold.get(path) ?? null,
  };
}

/**
 * The text of a property by which something is decided: one that our user may not read is no "no".
 * @returns null: it has none
 * @throws FaultError `not-allowed`, `command-failed` when it was not told
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vmodl.query.PropertyCollector.ObjectContent.html
 */
export function orUntold(host: Host, found: Found, path: string): string | null {
  const why = found.untold(path);
  if (why) throw vimFaultError(host, `asking for ${path} of ${found.ref.value}`, why, looking);
  return found.text(path);
}

/** The same of a property that every such object has. @throws FaultError of `orUntold`; `unexpected-answer` */
export function told(host: Host, found: Found, path: string): string {
  const text = orUntold(host, found, path);
  if (text !== null) return text;
  throw hostFault(host, 'unexpected-answer', `it does not tell ${path} of ${found.ref.value}`, looking);
}
