/** The newest bytes of a growing log, from the start of a line. */
export class Tail {
  readonly name: string;
  droppedBytes = 0;
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #held = 0;
  #hasNews = false;

  constructor(name: string, maxBytes: number) {
    this.name = name;
    this.#maxBytes = maxBytes;
  }

  add(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#held += bytes.length;
    this.#hasNews = true;
    while (this.#held - (this.#chunks[0]?.length ?? 0) >= this.#maxBytes) {
      const oldest = this.#chunks.shift()?.length ?? 0;
      this.#held -= oldest;
      this.droppedBytes += oldest;
    }
  }

  /** Whether bytes came since this was last asked. */
  hasNews(): boolean {
    const had = this.#hasNews;
    this.#hasNews = false;
    return had;
  }

  readonly bytes = (): Buffer => {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return this.droppedBytes === 0 ? all : all.subarray(all.indexOf(10) + 1);
  };
}
