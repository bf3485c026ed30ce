/** Cuts a stream of bytes into lines of UTF-8. Nothing is kept beyond `most` bytes. */
export class Lines {
  readonly #most: number;
  readonly #take: (line: string) => void;
  readonly #tooLong: () => void;
  #parts: Buffer[] = [];
  #bytes = 0;
  #ended = false;

  /** `most`: bytes of one line. `tooLong` is called once, and nothing after it. */
  constructor(most: number, take: (line: string) => void, tooLong: () => void) {
    this.#most = most;
    this.#take = take;
    this.#tooLong = tooLong;
  }

  add(chunk: Buffer): void {
    let rest = chunk;
    while (!this.#ended && rest.length > 0) {
      const at = rest.indexOf(0x0a);
      const part = at < 0 ? rest : rest.subarray(0, at);
      this.#bytes += part.length;
      if (this.#bytes > this.#most) {
        this.end();
        this.#tooLong();
        return;
      }
      this.#parts.push(part);
      if (at < 0) return;
      const line = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      this.#bytes = 0;
      rest = rest.subarray(at + 1);
      this.#take(line);
    }
  }

  /** Takes no more. */
  end(): void {
    this.#ended = true;
    this.#parts = [];
  }
}
