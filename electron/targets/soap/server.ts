import type { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Addresses, Credentials } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import type { RefusedLogins } from '../ssh/refused-logins.ts';
import { lost, readAnswer, type SoapAnswer } from './answer.ts';
import { pinnedOf } from './certificate.ts';
import { readContent, type ServiceContent, serviceInstance } from './content.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';
import { onlyReads } from './reading.ts';
import { envelope, type Ref, value, type Xml } from './write.ts';

/** Milliseconds of real time for signing in, which asks an authority behind the server. */
const loginMs = 15_000;

/** Milliseconds of real time for the good-bye. */
const logoutMs = 3000;

/**
 * Versions of the API, the one that we would like first. A server that is older than what it is asked in refuses it
 * with `VersionMismatchFaultCode`.
 * @see https://github.com/vmware/govmomi/issues/2305
 */
const versions = ['6.7', '6.0'];

/** One session with one server: signed in to once, and again when the server has forgotten it. */
export class SoapServer {
  readonly host: Host;
  readonly #credentials: Credentials;
  readonly #refused: RefusedLogins;
  readonly #exchange: Exchange;
  readonly #end = new AbortController();
  #version = 0;
  #cookie: string | null = null;
  #login: Promise<ServiceContent> | null = null;

  constructor(host: Host, credentials: Credentials, refused: RefusedLogins, addresses: Addresses) {
    this.host = host;
    this.#credentials = credentials;
    this.#refused = refused;
    this.#exchange = new Exchange(host, addresses);
  }

  /**
   * Signs in, unless that is done. All who want it at the same time share one attempt.
   * @throws FaultError of `Exchange.post`; `no-credential`, `login-refused` after one attempt, `not-allowed`
   */
  async content(signal: AbortSignal): Promise<ServiceContent> {
    const login = this.#login ?? this.#signIn();
    return orBrokenOff(login, signal, this.host);
  }

  /**
   * Calls a method. A session that the server does not know any more is made anew, once.
   * @throws FaultError of `content` and `Exchange.post`, but for a connection that is lost when the request may have
   * been read: that is an answer
   */
  async call(method: string, self: Ref, content: readonly Xml[], options: ExchangeOptions): Promise<SoapAnswer> {
    await this.content(options.signal);
    const login = this.#login;
    const answer = await this.#ask(method, self, content, options);
    if (answer.fault?.type !== 'NotAuthenticated') return answer;
    if (this.#login === login) this.#login = null;
    await this.content(options.signal);
    return this.#ask(method, self, content, options);
  }

  /** Says good-bye, if the server still listens, and ends its connections. Never rejects. */
  async logOut(): Promise<void> {
    // Without a cookie nobody is signed in, or somebody is just about to: that is broken off.
    const content = this.#cookie === null ? null : await this.#login?.catch(() => null);
    if (content && !this.#end.signal.aborted) {
      const options = { limitMs: logoutMs, signal: this.#end.signal };
      await this.#ask('Logout', content.sessionManager, [], options).catch(() => undefined);
    }
    this.end();
  }

  /** Ends its connections without a word. */
  end(): void {
    this.#end.abort();
    this.#exchange.close();
  }

  #signIn(): Promise<ServiceContent> {
    const login = this.#refused.guard(this.host, this.#credentials, (watched) => this.#tryLogin(watched));
    this.#login = login;
    login.catch(() => {
      if (this.#login === login) this.#login = null;
    });
    return login;
  }

  async #tryLogin(credentials: Credentials): Promise<ServiceContent> {
    const { host } = this;
    pinnedOf(host);
    const credential = await credentials.for(host);
    if (credential.kind !== 'password') {
      throw hostFault(host, 'no-credential', 'it is signed in to with a password', 'Enter its password.');
    }
    this.#cookie = null;
    const options = { limitMs: loginMs, signal: this.#end.signal };
    const content = await this.#retrieveContent(options);
    const { fault, dropped } = await this.#ask(
      'Login',
      content.sessionManager,
      [value('userName', host.user), value('password', credential.password)],
      options,
    );
    if (dropped) throw hostFault(host, 'dead-peer', 'it went away while we signed in', 'Look whether it is still up.');
    if (fault) throw loginFault(host, fault.type);
    if (this.#cookie !== null) return content;
    throw hostFault(host, 'unexpected-answer', 'it let us in and gave no session', 'Look what answers at that port.');
  }

  async #retrieveContent(options: ExchangeOptions): Promise<ServiceContent> {
    for (;;) {
      const answer = await this.#ask('RetrieveServiceContent', serviceInstance, [], options);
      const isTooNew = answer.fault?.type === 'VersionMismatchFaultCode';
      if (isTooNew && this.#version < versions.length - 1) this.#version += 1;
      else if (answer.fault === null && !answer.dropped) return readContent(this.host, answer.returned[0] ?? null);
      else {
        const what = answer.fault ? `it does not say what it is (${answer.fault.type})` : 'it went away when asked';
        const remedy = 'Look whether this is an ESXi host or a vCenter, version 6.0 or newer.';
        throw hostFault(this.host, answer.fault ? 'unexpected-answer' : 'dead-peer', what, remedy);
      }
    }
  }

  async #ask(method: string, self: Ref, content: readonly Xml[], options: ExchangeOptions): Promise<SoapAnswer> {
    const headers = {
      'content-type': 'text/xml; charset=utf-8',
      soapaction: `urn:vim25/${versions[this.#version]}`,
      ...(this.#cookie !== null && { cookie: this.#cookie }),
    };
    const isRepeatable = onlyReads(method);
    const body = envelope(method, self, content);
    const reply = await this.#exchange.post('/sdk', headers, body, { ...options, isRepeatable });
    if (!('lost' in reply)) {
      this.#cookie = reply.cookies.find((cookie) => cookie.startsWith('vmware_soap_session=')) ?? this.#cookie;
      return readAnswer(this.host, reply);
    }
    // What only reads has done nothing: there is nothing to doubt.
    if (isRepeatable) throw reply.lost;
    return lost;
  }
}

/**
 * Faults that are no word about a user or a password: a server that starts has no authority behind it yet, and is asked
 * again. Whatever else it says counts as a refusal, as it may count for the server.
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.SessionManager.html#login (InvalidLogin:
 * the user name and password combination is invalid)
 */
const notYet: ReadonlySet<string> = new Set(['SystemError', 'RuntimeFault', 'HostCommunication']);

function loginFault(host: Host, type: string): FaultError {
  if (notYet.has(type))
    return hostFault(host, 'unexpected-answer', `it lets nobody in just now (${type})`, 'Look at its services.');
  if (type === 'NoPermission' || type === 'RestrictedVersion')
    return hostFault(host, 'not-allowed', `${host.user} has no rights there (${type})`, 'Give the user a role there.');
  return hostFault(
    host,
    'login-refused',
    `it refused the password of ${host.user} (${type})`,
    'Check the user and its password. Glidepath tried once and does not try again by itself, so as not to lock the account.',
  );
}

/** Others may wait for the same: who has had enough goes away without ending it. */
function orBrokenOff<T>(work: Promise<T>, signal: AbortSignal, host: Host): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void =>
      reject(hostFault(host, 'limit-reached', 'waiting for it to let us in was broken off', 'Look at the host.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.finally(() => signal.removeEventListener('abort', stop)).then(resolve, reject);
  });
}
