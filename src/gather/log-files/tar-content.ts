import type { ByteSource } from "./byte-source.ts";

/** The bytes of one member of a tar. */
export class TarContent implements AsyncIterator<Buffer, undefined, undefined> {
  readonly sizeBytes: number;
  readonly #source: ByteSource;
  #leftBytes: number;
  #isCut = false;

  constructor(source: ByteSource, sizeBytes: number) {
    this.#source = source;
    this.sizeBytes = sizeBytes;
    this.#leftBytes = sizeBytes;
  }

  /** Whether the archive ended before the member did. */
  get isCut(): boolean {
    return this.#isCut;
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    const chunk = this.#leftBytes > 0 ? await this.#source.next(this.#leftBytes) : undefined;
    if (chunk === undefined) {
      this.#isCut ||= this.#leftBytes > 0;
      return { done: true, value: undefined };
    }
    this.#leftBytes -= chunk.length;
    return { done: false, value: chunk };
  }

  async skipRest(): Promise<void> {
    while ((await this.next()).done !== true);
  }
}
