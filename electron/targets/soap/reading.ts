/**
 * Methods that change nothing but what the server keeps for our session (a view that says which objects are asked for).
 * Only these are sent in a rehearsal, and only these are sent again when it is not known whether they arrived.
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/
 */
const reading: ReadonlySet<string> = new Set([
  'RetrieveServiceContent',
  'CurrentTime',
  'CreateContainerView',
  'DestroyView',
  'RetrievePropertiesEx',
  'ContinueRetrievePropertiesEx',
  'QueryOptions',
]);

export const onlyReads = (method: string): boolean => reading.has(method);
