import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2';
import ssh2 from 'ssh2';
import type { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Credential } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { asksForPassword } from './password-prompt.ts';

/**
 * Signs in with one attempt. ssh2's own order tries a password again as keyboard-interactive, which servers count
 * twice; two power failures could so lock an ESXi root account. So the server is asked what it takes, and one of
 * those is used once.
 * @param refuse told why when the server asks for something that we must not answer
 * @throws FaultError `no-credential` when the private key cannot be read with its passphrase
 * @see https://www.rfc-editor.org/rfc/rfc4252 section 5.2 (`none`)
 */
export function signIn(host: Host, credential: Credential, refuse: (fault: FaultError) => void): AuthHandlerMiddleware {
  const username = host.user;
  const options: readonly AnyAuthMethod[] =
    credential.kind === 'key'
      ? [{ type: 'publickey', username, key: readPrivateKey(host, credential) }]
      : [
          { type: 'password', username, password: credential.password },
          { type: 'keyboard-interactive', username, prompt: answerOnce(host, credential.password, refuse) },
        ];
  let tried = false;
  return (left: AuthenticationType[] | null, _partial, next) => {
    if (left === null) return next({ type: 'none', username });
    const method = tried ? undefined : options.find((option) => left.includes(option.type));
    tried = true;
    // The types have no `false`, which is how an authHandler says that nothing is left to try.
    return method ? next(method) : next(false as unknown as AuthenticationType);
  };
}

function answerOnce(host: Host, password: string, refuse: (fault: FaultError) => void) {
  let answered = false;
  return (
    _name: string,
    _instructions: string,
    _language: string,
    prompts: Prompt[],
    finish: (answers: string[]) => void,
  ) => {
    const [only] = prompts;
    if (!answered && prompts.length === 1 && only && !only.echo && asksForPassword(only.prompt)) {
      answered = true;
      return finish([password]);
    }
    const asked = answered
      ? 'for the password a second time'
      : JSON.stringify(prompts.map((one) => one.prompt).join(' '));
    refuse(
      hostFault(
        host,
        'login-refused',
        `signing in, it asked ${asked.slice(0, 200)}, which Glidepath does not answer`,
        'Let this user sign in with a key, or with nothing but a password.',
      ),
    );
  };
}

function readPrivateKey(host: Host, credential: Extract<Credential, { kind: 'key' }>) {
  const parsed = ssh2.utils.parseKey(credential.privateKey, credential.passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error || !key?.isPrivateKey()) {
    // The parser's own message is left out: it can quote the text it was given.
    throw hostFault(
      host,
      'no-credential',
      'the private key that is kept for it cannot be read',
      'Enter the key again, with the right passphrase.',
    );
  }
  return key;
}
