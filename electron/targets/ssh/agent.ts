import type { Duplex } from 'node:stream';
import type {
  BaseAgent,
  GetStreamCallback,
  IdentityCallback,
  ParsedKey,
  SignCallback,
  SigningRequestOptions,
} from 'ssh2';
import ssh2 from 'ssh2';
import type { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';

/**
 * Keys that are offered at most. A server counts each as an attempt and ends the connection at MaxAuthTries, which is 6
 * unless it says otherwise: the one after the last must still be answered.
 * @see man sshd_config(5), MaxAuthTries
 */
const mostKeys = 5;

/** Milliseconds of real time for the agent to tell its keys, or to sign: some wait for somebody to confirm it. */
const agentMs = 5000;

/** What ssh2 calls the agent of PuTTY. */
const pageant = 'pageant';

/** The keys of an SSH agent, asked for before a packet is sent to the host. */
export interface AgentKeys {
  kind: 'agent';
  keys: readonly ParsedKey[];
  /** How many it holds that could be offered. */
  held: number;
  agent: BaseAgent;
}

/**
 * Asks this computer's agents for their keys, one agent after the other until one has any.
 * @throws FaultError `no-credential` when none answers within 5 s, or none has a key
 */
export async function agentKeys(host: Host, where = agentAddresses()): Promise<AgentKeys> {
  const failures: string[] = [];
  for (const address of where) {
    const agent = agentAt(address);
    try {
      const held = await identities(agent);
      if (held.length > 0) return { kind: 'agent', keys: held.slice(0, mostKeys), held: held.length, agent };
      failures.push(`the SSH agent at ${address} holds no key that Glidepath can offer`);
    } catch (error) {
      failures.push(`the SSH agent at ${address} does not answer (${error instanceof Error ? error.message : error})`);
    }
  }
  const what = failures.join('; ') || 'no SSH agent is known here: SSH_AUTH_SOCK is not set';
  const remedy = 'Start the agent in the session of Glidepath and add the key with ssh-add.';
  throw hostFault(host, 'no-credential', what, remedy);
}

/**
 * Where agents listen. Windows has one of its own and PuTTY's; elsewhere the session says.
 * @see man ssh-agent(1), SSH_AUTH_SOCK
 * @see https://learn.microsoft.com/windows-server/administration/openssh/openssh_keymanagement
 */
export function agentAddresses(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string[] {
  const named = env.SSH_AUTH_SOCK || null;
  if (platform !== 'win32') return named === null ? [] : [named];
  const own = String.raw`\\.\pipe\openssh-ssh-agent`;
  // What the shells of Cygwin and MSYS name there is no pipe of Windows, and not for us.
  const isPipe = named !== null && /^[/\\]{2}\.[/\\]pipe[/\\]/.test(named) && named !== own;
  return [...(isPipe ? [named] : []), own, pageant];
}

/**
 * An agent that has just these keys, and tells when it does not sign.
 * @param refuse told why, `no-credential`
 */
export function asAgent(host: Host, { keys, agent }: AgentKeys, refuse: (fault: FaultError) => void): BaseAgent {
  return new FewKeys(keys, agent, ({ message }) => {
    const remedy = 'Let it sign without being asked: nobody may be there to confirm it in a power failure.';
    refuse(hostFault(host, 'no-credential', `the SSH agent did not sign for it (${message})`, remedy));
  });
}

class FewKeys extends ssh2.BaseAgent<ParsedKey> {
  readonly #keys: readonly ParsedKey[];
  readonly #agent: BaseAgent;
  readonly #failed: (error: Error) => void;

  constructor(keys: readonly ParsedKey[], agent: BaseAgent, failed: (error: Error) => void) {
    super();
    this.#keys = keys;
    this.#agent = agent;
    this.#failed = failed;
  }

  override getIdentities(call: IdentityCallback<ParsedKey>): void {
    call(undefined, [...this.#keys]);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    call: SignCallback | undefined = undefined,
  ): void {
    const [wanted, done] = typeof options === 'function' ? [{}, options] : [options, call];
    answered<Buffer>(this.#agent, (answer) => this.#agent.sign(key, data, wanted, answer)).then(
      (signature) => done?.(undefined, signature),
      (error: Error) => {
        this.#failed(error);
        done?.(error);
      },
    );
  }
}

/** Can be left though the other end hangs. */
class AgentAtSocket extends ssh2.OpenSSHAgent {
  readonly #streams = new Set<Duplex>();

  override getStream(call: GetStreamCallback): void {
    super.getStream((error, stream) => {
      if (stream) this.#streams.add(stream.once('close', () => this.#streams.delete(stream)));
      call(error, stream);
    });
  }

  end(): void {
    for (const stream of this.#streams) stream.destroy();
  }
}

const agentAt = (address: string): BaseAgent =>
  address === pageant ? ssh2.createAgent(pageant) : new AgentAtSocket(address);

/** Every agent of ssh2 gives its keys parsed, and leaves out those that it cannot parse: certificates, security keys. */
const identities = (agent: BaseAgent): Promise<ParsedKey[]> =>
  answered(agent, (answer) => (agent as BaseAgent<ParsedKey>).getIdentities(answer as IdentityCallback<ParsedKey>));

/** Rejects when it says nothing in time. */
function answered<T>(agent: BaseAgent, ask: (answer: (error?: Error | null, found?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${agentMs / 1000} s`));
      if (agent instanceof AgentAtSocket) agent.end();
    }, agentMs);
    ask((error, found) => {
      clearTimeout(timer);
      if (error || found === undefined) reject(error ?? new Error('an empty answer'));
      else resolve(found);
    });
  });
}
