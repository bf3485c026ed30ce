/** Until old algorithms were offered only where it is said, every ESXi host was offered them. */
export function withOldAlgorithms(hosts: unknown): unknown {
  return Array.isArray(hosts) ? hosts.map((host) => (isEsxi(host) ? { ...host, oldAlgorithms: true } : host)) : hosts;
}

const isEsxi = (host: unknown): host is object =>
  host !== null && typeof host === 'object' && 'kind' in host && host.kind === 'esxi';
