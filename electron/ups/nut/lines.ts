/** Bytes. upsd's own lines stay under 1 KiB. */
const longestLine = 4096;

/** Bytes to lines, whatever the pieces they come in. */
export class LineReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Bytes that belong to no whole line yet. */
  get waiting(): number {
    return this.#rest.length;
  }

  /** The lines that have become whole, without their ends. @throws RangeError when a line is too long */
  feed(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const part = chunk.subarray(from, end);
      this.#check(part.length);
      lines.push(this.#whole(part));
      from = end + 1;
    }
    const left = chunk.subarray(from);
    this.#check(left.length);
    // A copy: a view would keep the socket's whole buffer alive.
    if (left.length > 0) this.#rest = Buffer.concat([this.#rest, left]);
    return lines;
  }

  #check(more: number): void {
    if (this.#rest.length + more > longestLine) throw new RangeError(`a line of more than ${longestLine} bytes`);
  }

  #whole(part: Buffer): string {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, part]) : part;
    this.#rest = Buffer.alloc(0);
    return bytes.toString('utf8').replace(/\r$/, '');
  }
}
