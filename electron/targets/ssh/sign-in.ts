import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2';
import ssh2 from 'ssh2';
import { assertNever } from '../../../shared/assert-never.ts';
import type { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { SecretCredential } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { type AgentKeys, asAgent } from './agent.ts';
import { asksForPassword } from './password-prompt.ts';

/** What is shown to the server. */
export type Proof = SecretCredential | AgentKeys;

/**
 * Signs in with one attempt, but for an agent's keys: those are offered one by one. ssh2's own order tries a password
 * again as keyboard-interactive, which servers count twice; two power failures could so lock an ESXi root account. So
 * the server is asked what it takes, and one of those is used once.
 * @param refuse told why when the server asks for something that we must not answer
 * @throws FaultError `no-credential` when the private key cannot be read with its passphrase
 * @see https://www.rfc-editor.org/rfc/rfc4252 section 5.2 (`none`)
 */
export function signIn(host: Host, proof: Proof, refuse: (fault: FaultError) => void): AuthHandlerMiddleware {
  const username = host.user;
  const options = waysOf(host, proof, refuse);
  let tried = false;
  return (left: AuthenticationType[] | null, _partial, next) => {
    if (left === null) return next({ type: 'none', username });
    const method = tried ? undefined : options.find(({ type }) => left.includes(type === 'agent' ? 'publickey' : type));
    if (tried && proof.kind === 'agent') refuse(noneWasTaken(host, proof));
    tried = true;
    // The types have no `false`, which is how an authHandler says that nothing is left to try.
    return method ? next(method) : next(false as unknown as AuthenticationType);
  };
}

function waysOf(host: Host, proof: Proof, refuse: (fault: FaultError) => void): readonly AnyAuthMethod[] {
  const username = host.user;
  switch (proof.kind) {
    case 'agent':
      return [{ type: 'agent', username, agent: asAgent(host, proof, refuse) }];
    case 'key':
      return [{ type: 'publickey', username, key: readPrivateKey(host, proof) }];
    case 'password':
      return [
        { type: 'password', username, password: proof.password },
        { type: 'keyboard-interactive', username, prompt: answerOnce(host, proof.password, refuse) },
      ];
    default:
      return assertNever(proof, 'credential');
  }
}

function noneWasTaken(host: Host, { keys, held }: AgentKeys): FaultError {
  const offered = held > keys.length ? `the first ${keys.length} of the ${held} keys` : `the ${held} keys`;
  return hostFault(
    host,
    'login-refused',
    `it took none of ${offered} that the SSH agent holds for ${host.user}`,
    held > keys.length
      ? 'Keep fewer keys in the agent: a server counts each that is offered as an attempt.'
      : `Add the public key of one of them to the authorized keys of ${host.user} there.`,
  );
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

function readPrivateKey(host: Host, credential: Extract<SecretCredential, { kind: 'key' }>) {
  const parsed = ssh2.utils.parseKey(credential.privateKey, credential.passphrase || undefined);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!(key instanceof Error) && key?.isPrivateKey()) return key;
  const { why, remedy } = unreadable(key instanceof Error ? key.message : '', credential.passphrase !== '');
  throw hostFault(host, 'no-credential', `the private key that is kept for it ${why}`, remedy);
}

/**
 * What the parser's message means. It is not passed on: it can quote the text that was parsed.
 * @see https://github.com/mscdex/ssh2/blob/v1.17.0/lib/protocol/keyParser.js
 */
function unreadable(message: string, hasPassphrase: boolean): { why: string; remedy: string } {
  if (/^Encrypted .* detected, but no passphrase given/.test(message))
    return { why: 'needs a passphrase', remedy: 'Enter the key again, with its passphrase.' };
  if (hasPassphrase && /bad passphrase|bad decrypt|bad data|Malformed|integrity/i.test(message)) {
    const why = 'does not open with the passphrase that is kept';
    return { why, remedy: 'Enter the key again, with the right passphrase.' };
  }
  const remedy = "Enter a private key in OpenSSH's format or PEM. Others can be converted with ssh-keygen -p -f FILE.";
  return { why: 'cannot be read', remedy };
}
