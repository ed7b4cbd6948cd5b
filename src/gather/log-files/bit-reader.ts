/** Reads bits, most significant first. Past the end it gives zeros; `isPastEnd` tells. */
export class BitReader {
  readonly bytes: Buffer;
  /** Position of the next bit, from the start of `bytes`. */
  bitAt: number;

  constructor(bytes: Buffer, bitAt: number) {
    this.bytes = bytes;
    this.bitAt = bitAt;
  }

  get isPastEnd(): boolean {
    return this.bitAt > this.bytes.length * 8;
  }

  /** The next `count` bits (at most 24) as a number. */
  read(count: number): number {
    const at = this.bitAt >>> 3;
    const word =
      ((this.#byte(at) << 24) |
        (this.#byte(at + 1) << 16) |
        (this.#byte(at + 2) << 8) |
        this.#byte(at + 3)) <<
      (this.bitAt & 7);
    this.bitAt += count;
    return word >>> (32 - count);
  }

  /** The next 32 bits as an unsigned number. */
  readWord(): number {
    const high = this.read(16);
    return high * 0x10000 + this.read(16);
  }

  isSet(): boolean {
    return this.read(1) === 1;
  }

  #byte(at: number): number {
    return this.bytes[at] ?? 0;
  }
}
