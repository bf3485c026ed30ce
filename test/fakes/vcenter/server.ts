import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { escapeXml } from '../../../electron/targets/soap/write.ts';
import { find, parseXml, textAt, type XmlNode } from '../../../electron/targets/soap/xml.ts';
import type { After } from '../after.ts';
import { Powered } from '../powered.ts';
import type { Death } from '../ssh-host.ts';
import { type Certificate, selfSigned } from './certificate.ts';
import { type Answer, Methods } from './methods.ts';
import type { Role, Side } from './properties.ts';
import type { World } from './world.ts';

export const administrator: Role = { id: -1, name: 'Admin', privileges: 'all' };
export const readOnly: Role = {
  id: -2,
  name: 'ReadOnly',
  privileges: ['System.Anonymous', 'System.Read', 'System.View'],
};

export interface VsphereOptions {
  name: string;
  world: World;
  side: Side;
  after: After;
  now?: () => number;
  users: ReadonlyArray<{ name: string; password: string; role?: Role }>;
  certificate?: Certificate;
  /** Any loopback address; 127.0.0.1 unless given. */
  address?: string;
  /** 0 or none: a free one, kept over power cycles. */
  port?: number;
  isFree?: boolean;
  /** The only version of the API that it speaks; any unless given. */
  version?: string;
  /** Objects in one page of an answer at most; 100 unless given. */
  pageSize?: number;
  /** How its open connections end when it goes off. */
  death?: Death;
}

/**
 * What it does instead of answering. `silence`: nothing, ever; `drip`: one byte a clock second; `huge`: 9 MiB;
 * `cut`: half an answer; `slow`: 20 clock seconds late; `garbage`: no XML; `bomb`: a document type with entities; `busy`: HTTP 503, as a vCenter after its boot.
 */
export type Mood = 'silence' | 'cut' | 'slow' | 'fin' | 'rst' | 'drip' | 'huge' | 'garbage' | 'bomb' | 'busy';

/**
 * VMware's SOAP API over TLS, of a vCenter or of one ESXi host, inside this process, on loopback.
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/
 * @see https://github.com/vmware/pyvmomi/issues/625 (RestrictedVersion: what the free licence lets its API do)
 * @see https://github.com/vmware/govmomi/issues/2305 (VersionMismatchFaultCode)
 */
export class VsphereServer extends Powered {
  readonly address: string;
  readonly methods: Methods;
  readonly logins: Array<{ user: string; accepted: boolean }> = [];
  /** Methods that were called, in order. */
  readonly calls: string[] = [];
  /** The bodies of those calls. */
  readonly bodies: string[] = [];
  /** What it does when one of these methods is called. */
  readonly moods = new Map<string, Mood>();
  /** What it says to every login instead of looking at the password, by the type of the fault. */
  loginFault: string | null = null;
  certificate: Certificate;
  readonly #options: VsphereOptions;
  readonly #sessions = new Map<string, Role>();
  readonly #sockets = new Set<Socket>();
  readonly #frozen = new Set<Socket>();
  #listener: https.Server | null = null;
  #port: number;
  #count = 0;

  constructor(options: VsphereOptions) {
    super(options.name, options.now);
    this.#options = options;
    this.address = options.address ?? '127.0.0.1';
    this.certificate = options.certificate ?? selfSigned(options.name);
    this.#port = options.port ?? 0;
    const { world, side, after } = options;
    const roles = [administrator, readOnly, ...options.users.flatMap(({ role }) => role ?? [])];
    const pageSize = options.pageSize ?? 100;
    this.methods = new Methods({ world, side, after, roles, isFree: options.isFree ?? false, pageSize });
    world.onDark((host) => {
      if (side.is === 'esxi' && side.host === host) this.powerOff(options.death ?? 'fin');
    });
  }

  /** Known once it has been on. */
  get port(): number {
    return this.#port;
  }

  async powerOn(): Promise<void> {
    if (this.#listener) return;
    const { side } = this.#options;
    if (side.is === 'esxi') Object.assign(side.host, { isOn: true, connected: true });
    const { key, cert } = this.certificate;
    const listener = https.createServer({ key, cert }, (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('error', () => undefined);
      request.on('end', () => this.#serve(Buffer.concat(parts).toString('utf8'), request, response));
    });
    listener.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    listener.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject).listen(this.#port, this.address, resolve);
    });
    this.#listener = listener;
    const bound = listener.address();
    if (bound && typeof bound === 'object') this.#port = bound.port;
    this.become('on');
  }

  powerOff(mode: Death = 'fin'): void {
    this.#listener?.close();
    this.#listener = null;
    this.#sessions.clear();
    for (const socket of this.#sockets) this.#end(socket, mode);
    this.#sockets.clear();
    this.become('off');
  }

  /** Forgets who is signed in, as when its management service restarts. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  close(): void {
    this.powerOff();
    for (const socket of this.#frozen) socket.destroy();
  }

  #end(socket: Socket, mode: Death): void {
    if (mode === 'silence') this.#frozen.add(socket.pause());
    else if (mode === 'rst') socket.resetAndDestroy();
    else socket.destroy();
  }

  #serve(text: string, request: IncomingMessage, response: ServerResponse): void {
    const body = find(parseXml(text), 'Body')?.children[0] ?? null;
    const method = body?.name ?? '';
    this.calls.push(method);
    this.bodies.push(text);
    const mood = this.moods.get(method);
    // What dies in the middle of a call, or is slow, has done it.
    const acts = mood === undefined || ['fin', 'rst', 'silence', 'cut', 'slow'].includes(mood);
    const answer: Answer = body && acts ? this.#answer(body, request, response) : { fault: 'InvalidRequest' };
    if (mood === undefined) this.#send(response, method, answer);
    else if (mood === 'slow') this.#options.after(20_000, () => this.#send(response, method, answer));
    else this.#misbehave(mood, response);
  }

  #answer(body: XmlNode, request: IncomingMessage, response: ServerResponse): Answer {
    const { version } = this.#options;
    if (version !== undefined && request.headers.soapaction !== `urn:vim25/${version}`)
      return { fault: 'VersionMismatchFaultCode', message: `Unsupported version URI "${request.headers.soapaction}"` };
    if (body.name === 'RetrieveServiceContent') return { returns: this.#content() };
    if (body.name === 'Login') return this.#login(body, response);
    const cookie = /vmware_soap_session=("[^"]*")/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const role = this.#sessions.get(cookie);
    if (!role) return { fault: 'NotAuthenticated' };
    if (body.name === 'Logout') {
      this.#sessions.delete(cookie);
      return { returns: '' };
    }
    return this.methods.call(body.name, textAt(body, '_this') ?? '', body, role);
  }

  #login(body: XmlNode, response: ServerResponse): Answer {
    const name = textAt(body, 'userName') ?? '';
    if (this.loginFault !== null) {
      this.logins.push({ user: name, accepted: false });
      return { fault: this.loginFault, message: 'A general system error occurred.' };
    }
    const password = find(body, 'password')?.text ?? '';
    const user = this.#options.users.find((one) => one.name === name && one.password === password);
    this.logins.push({ user: name, accepted: user !== undefined });
    if (!user)
      return { fault: 'InvalidLogin', message: 'Cannot complete login due to an incorrect user name or password.' };
    const cookie = `"session-${++this.#count}"`;
    this.#sessions.set(cookie, user.role ?? administrator);
    response.setHeader('set-cookie', `vmware_soap_session=${cookie}; Path=/; HttpOnly; Secure;`);
    return { returns: `<returnval><key>52</key><userName>${escapeXml(name)}</userName></returnval>` };
  }

  #content(): string {
    const isHost = this.#options.side.is === 'esxi';
    const ref = (name: string, type: string, id: string): string => `<${name} type="${type}">${id}</${name}>`;
    const product = isHost ? 'VMware ESXi 8.0.2 build-22380479' : 'VMware vCenter Server 8.0.2 build-22617221';
    return [
      '<returnval>',
      ref('rootFolder', 'Folder', isHost ? 'ha-folder-root' : 'group-d1'),
      ref('propertyCollector', 'PropertyCollector', isHost ? 'ha-property-collector' : 'propertyCollector'),
      ref('viewManager', 'ViewManager', 'ViewManager'),
      `<about><fullName>${product}</fullName><apiType>${isHost ? 'HostAgent' : 'VirtualCenter'}</apiType></about>`,
      ref('setting', 'OptionManager', isHost ? 'HostAgentSettings' : 'VpxSettings'),
      ref('authorizationManager', 'AuthorizationManager', isHost ? 'ha-authmgr' : 'AuthorizationManager'),
      ref('sessionManager', 'SessionManager', isHost ? 'ha-sessionmgr' : 'SessionManager'),
      '</returnval>',
    ].join('');
  }

  #send(response: ServerResponse, method: string, answer: Answer): void {
    const inner =
      'fault' in answer
        ? faultBody(answer.fault, answer.message ?? '')
        : `<${method}Response xmlns="urn:vim25">${answer.returns}</${method}Response>`;
    response.writeHead('fault' in answer ? 500 : 200, { 'content-type': 'text/xml; charset=utf-8' });
    response.end(envelope(inner));
  }

  #misbehave(mood: Exclude<Mood, 'slow'>, response: ServerResponse): void {
    const socket = response.socket;
    switch (mood) {
      case 'silence':
        return;
      case 'fin':
        socket?.destroy();
        return;
      case 'rst':
        // The TLS socket has the TCP one inside; only that can be reset.
        for (const one of this.#sockets) one.resetAndDestroy();
        return;
      case 'drip': {
        response.writeHead(200, { 'content-type': 'text/xml' });
        const drop = (): void => {
          if (response.destroyed) return;
          response.write(' ');
          this.#options.after(1000, drop);
        };
        drop();
        return;
      }
      case 'cut':
        response.writeHead(200, { 'content-type': 'text/xml', 'content-length': '1000' });
        response.write('<?xml version="1.0"?><soapenv:Envelope ', () => socket?.destroy());
        return;
      case 'huge':
        response.writeHead(200, { 'content-type': 'text/xml' });
        response.end(Buffer.alloc(9 * 1024 * 1024, 0x20));
        return;
      case 'garbage':
        response.end('<html>It works!<br></html>');
        return;
      case 'bomb':
        response.writeHead(200, { 'content-type': 'text/xml' });
        return void response.end(
          '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><Envelope><Body>&c;</Body></Envelope>',
        );
      case 'busy':
        response.writeHead(503);
        response.end('503 Service Unavailable (Failed to connect to endpoint)');
        return;
    }
  }
}

const envelope = (inner: string): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"',
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    `\n<soapenv:Body>\n${inner}\n</soapenv:Body>\n</soapenv:Envelope>`,
  ].join('');

/** A version that it does not speak is told by the code of the fault alone. */
function faultBody(type: string, message: string): string {
  const isVersion = type.endsWith('FaultCode');
  const detail = isVersion ? '' : `<detail><${type}Fault xmlns="urn:vim25" xsi:type="${type}"/></detail>`;
  const code = isVersion ? type : 'ServerFaultCode';
  return `<soapenv:Fault><faultcode>${code}</faultcode><faultstring>${escapeXml(message)}</faultstring>${detail}</soapenv:Fault>`;
}
