import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

export interface NisServer {
  readonly port: number;
  /** Changes keys of the status. */
  set(patch: Readonly<Record<string, string>>): void;
  stop(): Promise<void>;
}

/**
 * The network information server of apcupsd 3.14: commands and answers in records behind two bytes of length, an empty
 * record at the end, as many questions on a connection as come. The real one is in daemon.ts; this stands in for it where it
 * is too slow or not there: it says so only after more than 20 s that its UPS is gone. apcupsd's own "net" driver reads it.
 * @see http://www.apcupsd.org/manual/manual.html#nis-network-server-protocol
 */
export async function startNisServer(status: Readonly<Record<string, string>> = backUps): Promise<NisServer> {
  const values = new Map(Object.entries(status));
  const open = new Set<Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    serve(socket, () => [...values].map(([key, value]) => `${key.padEnd(9)}: ${value}\n`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    set: (patch) => {
      for (const [key, value] of Object.entries(patch)) values.set(key, value);
    },
    stop: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}

function serve(socket: Socket, status: () => string[]): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const end = 2 + rest.readUInt16BE(0);
      const command = rest.toString('latin1', 2, end);
      rest = rest.subarray(end);
      const records = command === 'status' ? status() : command === 'events' ? [] : ['Invalid command\n'];
      socket.write(Buffer.concat([...records.map(record), record('')]));
    }
  });
}

function record(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A Back-UPS on USB, with the keys in apcupsd's order. @see http://www.apcupsd.org/manual/manual.html#status-report-example */
export const backUps: Readonly<Record<string, string>> = {
  APC: '001,036,0857',
  DATE: '2026-11-21 19:00:00 +0000',
  HOSTNAME: 'nas',
  VERSION: '3.14.14 (31 May 2016) debian',
  UPSNAME: 'rack',
  CABLE: 'USB Cable',
  DRIVER: 'USB UPS Driver',
  UPSMODE: 'Stand Alone',
  STARTTIME: '2026-11-20 08:00:00 +0000',
  MODEL: 'Back-UPS RS 1000G',
  STATUS: 'ONLINE',
  LINEV: '230.0 Volts',
  LOADPCT: '12.0 Percent',
  BCHARGE: '100.0 Percent',
  TIMELEFT: '45.5 Minutes',
  MBATTCHG: '5 Percent',
  MINTIMEL: '3 Minutes',
  MAXTIME: '0 Seconds',
  SENSE: 'Medium',
  LOTRANS: '176.0 Volts',
  HITRANS: '282.0 Volts',
  ALARMDEL: '30 Seconds',
  BATTV: '27.3 Volts',
  LASTXFER: 'No transfers since turnon',
  NUMXFERS: '0',
  TONBATT: '0 Seconds',
  CUMONBATT: '0 Seconds',
  XOFFBATT: 'N/A',
  SELFTEST: 'OK',
  STATFLAG: '0x05000008',
  SERIALNO: '4B1234P56789',
  BATTDATE: '2024-03-31',
  NOMINV: '230 Volts',
  NOMBATTV: '24.0 Volts',
  NOMPOWER: '600 Watts',
  FIRMWARE: '868.L2 .I USB FW:L2',
  'END APC': '2026-11-21 19:00:00 +0000',
};
