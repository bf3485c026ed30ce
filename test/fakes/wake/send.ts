import dgram from 'node:dgram';
import { magicPacket } from '../../../electron/targets/wake/magic-packet.ts';
import { sendWake } from '../../../electron/targets/wake/send-wake.ts';

/** `unbound`: to 255.255.255.255 from a socket that is bound to nothing, as most programs do it. */
export interface ToSend {
  mac: string;
  how: 'ours' | 'unbound';
}

const { mac, how } = JSON.parse(process.argv[2] ?? '') as ToSend;
const packet = magicPacket(mac);

if (how === 'ours') {
  const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  console.log(JSON.stringify(await sendWake([packet], [], later)));
} else {
  const socket = dgram.createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, resolve));
  socket.setBroadcast(true);
  const error = await new Promise<Error | null>((resolve) => socket.send(packet, 9, '255.255.255.255', resolve));
  socket.close();
  console.log(JSON.stringify({ packets: error ? 0 : 1, failures: error ? [error.message] : [] }));
}
