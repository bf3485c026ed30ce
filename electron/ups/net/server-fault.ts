import { type Fault, FaultError } from '../../../shared/fault.ts';

interface Place {
  kind: 'nut' | 'apcupsd';
  address: string;
  port: number;
}

/** How a server is called in faults: "NUT 10.0.0.5:3493". */
export const serverPlace = ({ kind, address, port }: Place): string =>
  `${kind === 'nut' ? 'NUT' : 'apcupsd'} ${address}:${port}`;

const service = { nut: 'upsd', apcupsd: 'apcupsd' };

/** No connection, or one that broke. */
export function noAnswer(server: Place, why: string): FaultError {
  return new FaultError({
    code: 'ups-no-answer',
    what: why.slice(0, 2000),
    where: serverPlace(server),
    remedy: `Check that ${service[server.kind]} runs there, that it listens on this address and port, and that the network between works.`,
  });
}

/** It answers, but not in its protocol. */
export function nonsense(server: Place, why: string): FaultError {
  return new FaultError({
    code: 'ups-no-answer',
    what: why.slice(0, 2000),
    where: serverPlace(server),
    remedy: `Check the address and the port: what answers there does not behave like ${service[server.kind]}.`,
  });
}

/** What a socket's error means. */
export function socketFault(server: Place, error: NodeJS.ErrnoException): FaultError {
  const why =
    error.code === 'ECONNREFUSED'
      ? 'nothing listens there (connection refused)'
      : error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN'
        ? 'its name cannot be resolved, and no address of it is known from before'
        : `the connection failed: ${error.message || error.code || 'unknown'}`;
  return noAnswer(server, why);
}

/** A fault of one UPS rather than of its server. */
export function upsFault(code: Fault['code'], where: string, what: string, remedy: string): FaultError {
  return new FaultError({ code, what: what.slice(0, 2000), where: where.slice(0, 500), remedy: remedy.slice(0, 1000) });
}
