import { type Fault, FaultError, toFault } from '../../../shared/fault.ts';
import type { NutServer } from '../../../shared/supplies.ts';
import { serverPlace } from '../net/server-fault.ts';
import { Refusal, type Talk } from './talk.ts';

/**
 * Names the user, once a connection. LOGIN makes upsd count us, so that a primary waits for us before it switches the
 * UPS off; upsd takes one LOGIN a connection, and checks the password only then. Never rejects: reading needs no user.
 * @returns why it was not possible, or null
 */
export async function signIn(
  server: NutServer,
  talk: Talk,
  ups: string,
  password: () => Promise<string | null>,
): Promise<Fault | null> {
  try {
    const secret = await password();
    if (secret === null) return loginFault(server, 'no-credential', 'No password is kept for it.');
    if (/\p{Cc}/u.test(secret)) return loginFault(server, 'no-credential', 'Its password holds a control character.');
    await talk.ask('USERNAME', server.user);
    await talk.ask('PASSWORD', secret);
    await quietly(talk.ask('SET', 'TRACKING', 'ON'));
    await talk.ask('LOGIN', ups);
    return null;
  } catch (error) {
    if (error instanceof Refusal) {
      return loginFault(server, 'ups-refused', `It refused the login of ${server.user} (${error.code}).`);
    }
    return error instanceof FaultError ? error.fault : toFault(error, serverPlace(server));
  }
}

/** Servers before 2.8 have no tracking. */
async function quietly(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function loginFault(server: NutServer, code: Fault['code'], what: string): Fault {
  return {
    code,
    what: `${what} It is read all the same, but its primary does not wait for Glidepath.`,
    where: serverPlace(server),
    remedy: 'Enter the password of the user, and give the user "upsmon secondary" in upsd.users on the server.',
  };
}
