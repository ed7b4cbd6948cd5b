/** Bytes that come in chunks, read forwards with a look ahead. Chunks are handed on without copying. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer, unknown, undefined>;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #isAtEnd = false;
  #takenBytes = 0;

  constructor(chunks: AsyncIterator<Buffer, unknown, undefined>) {
    this.#chunks = chunks;
  }

  /** Bytes taken so far: the place in the stream, counted from its start. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** The next bytes without taking them: at least `leastBytes`, fewer only at the end. */
  async peek(leastBytes: number): Promise<Buffer> {
    while (this.#heldBytes < leastBytes && (await this.#pull()));
    if (this.#held.length > 1 && this.#held[0]!.length < leastBytes) this.#held = [Buffer.concat(this.#held)];
    return this.#held[0] ?? Buffer.alloc(0);
  }

  /** Takes the next bytes, at most `mostBytes`; undefined at the end. */
  async next(mostBytes = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
    if (this.#held.length === 0 && !(await this.#pull())) return undefined;
    const first = this.#held[0]!;
    const taken = first.length <= mostBytes ? first : first.subarray(0, mostBytes);
    this.skip(taken.length);
    return taken;
  }

  /** Takes exactly `bytes`, fewer only at the end. */
  async take(bytes: number): Promise<Buffer> {
    const taken = (await this.peek(bytes)).subarray(0, bytes);
    this.skip(taken.length);
    return taken;
  }

  /** Takes bytes that `peek` has shown. */
  skip(bytes: number): void {
    this.#heldBytes -= bytes;
    this.#takenBytes += bytes;
    let left = bytes;
    while (left > 0) {
      const first = this.#held[0]!;
      if (first.length > left) {
        this.#held[0] = first.subarray(left);
        return;
      }
      this.#held.shift();
      left -= first.length;
    }
  }

  /** Gives back the end of what was taken last. */
  unread(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#held.unshift(bytes);
    this.#heldBytes += bytes.length;
    this.#takenBytes -= bytes.length;
  }

  /** Lets go of what the chunks come from. */
  async close(): Promise<void> {
    this.#isAtEnd = true;
    await this.#chunks.return?.();
  }

  async #pull(): Promise<boolean> {
    if (this.#isAtEnd) return false;
    const { value, done } = await this.#chunks.next();
    if (done === true || !Buffer.isBuffer(value)) {
      this.#isAtEnd = true;
      return false;
    }
    if (value.length > 0) {
      this.#held.push(value);
      this.#heldBytes += value.length;
    }
    return true;
  }
}
