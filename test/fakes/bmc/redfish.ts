import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificate.ts';

/**
 * What is wrong with it. `silent`: it takes what it is asked and never answers. `drips`: a byte now and then. `resets`:
 * it breaks off within its answer. `garbage`: no JSON. `endless`: an answer without an end. `may-not`: it lets nobody
 * switch anything.
 */
export type Trouble = 'silent' | 'drips' | 'resets' | 'garbage' | 'endless' | 'may-not' | 'moved';

/**
 * A management controller that speaks Redfish over HTTPS, with the parts of its tree that switching a host on takes.
 * @see https://www.dmtf.org/sites/default/files/standards/documents/DSP2043_2023.1.zip (mock-ups of such trees)
 */
export class RedfishController {
  powerState = 'Off';
  systems = ['1'];
  trouble: Trouble | null = null;
  /** Every request, as "POST /path body". */
  readonly asked: string[] = [];
  /** What came as credentials, decoded. */
  readonly credentials: string[] = [];
  readonly #server: https.Server;
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor({ key, cert }: Certificate, user: string, password: string) {
    this.#server = https.createServer({ key, cert }, (request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        this.asked.push(`${request.method} ${request.url} ${body}`.trim());
        const given = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
        this.credentials.push(given);
        if (this.#misbehaves(response)) return;
        const { status, answer } =
          given === `${user}:${password}`
            ? this.#answer(`${request.method} ${request.url}`, body)
            : { status: 401, answer: { error: { code: 'Base.1.8.InsufficientPrivilege' } } };
        response.writeHead(status, { 'content-type': 'application/json' }).end(answer && JSON.stringify(answer));
      });
    });
  }

  static async open(certificate: Certificate, user: string, password: string): Promise<RedfishController> {
    const made = new RedfishController(certificate, user, password);
    await new Promise<void>((resolve) => made.#server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: string, body: string): { status: number; answer?: object } {
    const at = (id: string) => `/redfish/v1/Systems/${id}`;
    if (request === 'GET /redfish/v1/Systems')
      return { status: 200, answer: { Members: this.systems.map((id) => ({ '@odata.id': at(id) })) } };
    const target = `${at('1')}/Actions/ComputerSystem.Reset`;
    if (request === `GET ${at('1')}`)
      return {
        status: 200,
        answer: { Id: '1', PowerState: this.powerState, Actions: { '#ComputerSystem.Reset': { target } } },
      };
    if (request !== `POST ${target}`) return { status: 404 };
    if (this.trouble === 'may-not') return { status: 403 };
    if (JSON.parse(body).ResetType !== 'On') return { status: 400 };
    this.powerState = 'On';
    return { status: 204 };
  }

  #misbehaves(response: import('node:http').ServerResponse): boolean {
    switch (this.trouble) {
      case null:
      case 'may-not':
        return false;
      case 'silent':
        return true;
      case 'drips':
        response.writeHead(200);
        this.#timers.add(setInterval(() => response.write(' '), 100));
        return true;
      case 'resets':
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{"Members"', () => response.socket?.destroy());
        return true;
      case 'garbage':
        response.end('<html>It works!</html>');
        return true;
      case 'endless':
        response.writeHead(200);
        this.#timers.add(setInterval(() => response.write('x'.repeat(100_000)), 5));
        return true;
      case 'moved':
        response.writeHead(301, { location: 'https://127.0.0.1:1/' }).end();
        return true;
    }
  }
}
