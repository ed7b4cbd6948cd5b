/** Bytes of rewritten lines, put together in one buffer. */
export interface ByteSink {
  copy(from: Buffer, start: number, end: number): void;
  text(text: string): void;
  /** Room for `bytes` more; write them to `buffer()` at `length()` and call `advance`. */
  reserve(bytes: number): void;
  buffer(): Buffer;
  length(): number;
  advance(length: number): void;
  take(): Buffer;
}

export function newByteSink(sizeBytes: number): ByteSink {
  let buffer = Buffer.allocUnsafe(sizeBytes);
  let length = 0;

  function reserve(bytes: number): void {
    if (length + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, length + bytes));
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  }

  return {
    copy(from, start, end) {
      if (end <= start) return;
      reserve(end - start);
      from.copy(buffer, length, start, end);
      length += end - start;
    },
    text(text) {
      reserve(text.length * 3);
      length += buffer.write(text, length, "utf8");
    },
    reserve,
    buffer: () => buffer,
    length: () => length,
    advance(to) {
      length = to;
    },
    take: () => buffer.subarray(0, length),
  };
}
