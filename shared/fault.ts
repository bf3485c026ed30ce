import { z } from 'zod';

/**
 * Every way in which something outside our control goes wrong, as a closed list. A fault is data: it is kept in
 * journals, crosses IPC and is shown to the user. It never carries a secret.
 */
export const faultCodes = [
  // targets
  'unreachable', // no TCP connection: refused, timed out, no route
  'dead-peer', // connected, then silent or gone
  'host-key-unknown', // no key is pinned for this host yet
  'host-key-changed', // another key than the pinned one
  'login-refused',
  'no-credential',
  'not-allowed', // signed in, but without the right to run the command
  'command-failed', // it ran and said no
  'unexpected-answer',
  'no-mac',
  'wake-not-sent', // no magic packet left this computer
  // proof
  'limit-reached', // not proven within the step's limit
  'state-unknown', // could not be found out whether it had already been done
  // UPS
  'ups-no-access', // found, but this user may not open it
  'ups-lost',
  'ups-bad-descriptor',
  'ups-read-failed',
  'ups-worker-ended',
  'ups-unsupported', // found, but this system gives no way to read it
  'ups-in-use', // another program (NUT, apcupsd) has taken it from the kernel
  'ups-no-answer', // a UPS server does not answer, or answers nonsense
  'ups-refused', // the UPS or its server said no to a command or a login
  // channels
  'tls-failed', // its certificate is not trusted, or no encryption was agreed on
  'not-delivered', // whoever was to tell it on said no
  // files
  'file-broken',
  'file-newer',
  'file-unwritable',
  // plan
  'reference-missing', // names a host that the inventory does not have
  'refused', // our own rules say no (not armed, past the point of no return)
  'not-confirmed', // the user was asked and did not say yes
  'invalid-input',
  'internal',
] as const;

export type FaultCode = (typeof faultCodes)[number];

export const faultSchema = z.strictObject({
  code: z.enum(faultCodes),
  /** What happened, one sentence, with the numbers. */
  what: z.string().max(2000),
  /** What it happened to: a host's name, a file and the place in it, a UPS. */
  where: z.string().max(500),
  /** What the user can do about it, one sentence. */
  remedy: z.string().max(1000),
});

export type Fault = z.infer<typeof faultSchema>;

/** The only error type that our own code throws on purpose. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.where}: ${fault.what}`);
    this.fault = fault;
  }
}

/** Turns whatever was thrown into a fault; an unknown error keeps its message, never its stack. */
export function toFault(error: unknown, where: string): Fault {
  if (error instanceof FaultError) return error.fault;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    what: message.slice(0, 2000) || 'unknown error',
    where,
    remedy: 'This is a defect in Glidepath: please report it with the log.',
  };
}
