import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import type { Ref } from './write.ts';
import { find, textAt, type XmlNode } from './xml.ts';

/** What a server says of itself before anybody has signed in, and the objects that everything begins with. */
export interface ServiceContent {
  /** `HostAgent`: one ESXi host; `VirtualCenter`: a vCenter. */
  apiType: string;
  /** As `VMware ESXi 8.0.2 build-22380479`. */
  fullName: string;
  rootFolder: Ref;
  propertyCollector: Ref;
  viewManager: Ref;
  sessionManager: Ref;
  authorizationManager: Ref | null;
  /** Its settings, as an OptionManager. */
  setting: Ref | null;
}

/** The one object that is there before anybody has signed in, by the same name everywhere. */
export const serviceInstance: Ref = { type: 'ServiceInstance', value: 'ServiceInstance' };

/** The reference that an element holds; null: the element is not there. */
export function refIn(node: XmlNode | null): Ref | null {
  const value = node?.text.trim();
  return node && value ? { type: node.attributes.get('type') ?? '', value } : null;
}

/** @throws FaultError `unexpected-answer` when what everything begins with is missing */
export function readContent(host: Host, node: XmlNode | null): ServiceContent {
  const optional = (name: string): Ref | null => refIn(find(node, name));
  const needed = (name: string): Ref => {
    const found = optional(name);
    if (found) return found;
    throw hostFault(
      host,
      'unexpected-answer',
      `its API does not name its ${name}`,
      'Look whether this is an ESXi host or a vCenter.',
    );
  };
  return {
    apiType: textAt(node, 'about', 'apiType') ?? '',
    fullName: textAt(node, 'about', 'fullName') ?? '',
    rootFolder: needed('rootFolder'),
    propertyCollector: needed('propertyCollector'),
    viewManager: needed('viewManager'),
    sessionManager: needed('sessionManager'),
    authorizationManager: optional('authorizationManager'),
    setting: optional('setting'),
  };
}
