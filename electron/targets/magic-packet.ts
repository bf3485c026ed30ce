import wakeOnLan from 'wake_on_lan';

/**
 * `FF` six times, then the MAC sixteen times: 102 bytes. The MAC may be written with any separators.
 * (Only this function of wake_on_lan is used: its `wake` sends by one network of a computer that has several.)
 * @throws Error when it is not six bytes
 * @see https://www.amd.com/content/dam/amd/en/documents/archived-tech-docs/white-papers/20213.pdf
 */
export function magicPacket(mac: string): Buffer {
  const bytes = mac.match(/[0-9a-f]{2}/gi) ?? [];
  if (bytes.length !== 6) throw new Error('a MAC address has six bytes');
  return wakeOnLan.createMagicPacket(bytes.join(':'));
}
