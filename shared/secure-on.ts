/**
 * The bytes of a SecureOn password: six, written as a MAC address (00-11-22-33-44-55), or four, written as an IPv4
 * address (192.0.2.7). Null: it is neither.
 * @see https://wiki.wireshark.org/WakeOnLAN
 */
export function secureOnBytes(text: string): number[] | null {
  const trimmed = text.trim();
  if (/^[0-9a-f]{2}([:-]?[0-9a-f]{2}){5}$/i.test(trimmed))
    return (trimmed.match(/[0-9a-f]{2}/gi) ?? []).map((byte) => Number.parseInt(byte, 16));
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(trimmed)?.slice(1).map(Number);
  return parts?.every((part) => part <= 255) ? parts : null;
}
