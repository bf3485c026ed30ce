/** Bytes of one answer. apcupsd's own stay under 3 KiB. */
const longestAnswer = 32 * 1024;

/**
 * One answer of apcupsd's network information server: records, each behind its length in two bytes (big end first), up
 * to an empty one. Fed with bytes; knows no socket.
 * @see http://www.apcupsd.org/manual/manual.html#nis-network-server-protocol
 */
export class RecordReader {
  #rest: Buffer = Buffer.alloc(0);
  #taken = 0;
  readonly #records: string[] = [];

  /** All records when the last one is there, else null. @throws RangeError when it is too long, or goes on behind its end */
  feed(chunk: Buffer): string[] | null {
    this.#taken += chunk.length;
    if (this.#taken > longestAnswer) throw new RangeError(`an answer of more than ${longestAnswer} bytes`);
    const bytes = Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at + 2 <= bytes.length) {
      const length = bytes.readUInt16BE(at);
      if (length === 0) {
        if (at + 2 < bytes.length) throw new RangeError('more than one answer');
        return this.#records;
      }
      if (at + 2 + length > bytes.length) break;
      this.#records.push(bytes.toString('utf8', at + 2, at + 2 + length));
      at += 2 + length;
    }
    this.#rest = bytes.subarray(at);
    return null;
  }
}

/** A command as it is sent. */
export function request(command: string): Buffer {
  const text = Buffer.from(command);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, text]);
}
