import wakeOnLan from 'wake_on_lan';
import { secureOnBytes } from '../../../shared/secure-on.ts';

/**
 * `FF` six times, then the MAC sixteen times: 102 bytes; after it the SecureOn password of four or six bytes, for cards
 * that ask for one. The MAC may be written with any separators.
 * (Only this function of wake_on_lan is used: its `wake` sends by one network of a computer that has several.)
 * @throws Error when the MAC is not six bytes, or the password is none
 * @see https://www.amd.com/content/dam/amd/en/documents/archived-tech-docs/white-papers/20213.pdf
 * @see https://wiki.wireshark.org/WakeOnLAN (the password of 4 or 6 bytes)
 */
export function magicPacket(mac: string, secureOn: string | null = null): Buffer {
  const bytes = mac.match(/[0-9a-f]{2}/gi) ?? [];
  if (bytes.length !== 6) throw new Error('a MAC address has six bytes');
  const packet = wakeOnLan.createMagicPacket(bytes.join(':'));
  if (secureOn === null) return packet;
  const password = secureOnBytes(secureOn);
  if (password === null) throw new Error('a SecureOn password has six bytes or four');
  return Buffer.concat([packet, Buffer.from(password)]);
}
