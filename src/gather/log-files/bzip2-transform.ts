/** Equal bytes in a row after which comes a count of more of them. */
const runStart = 4;
const longestRun = 255;

/**
 * Undoes the Burrows-Wheeler transform of the low bytes of `words` (whose upper bits are used as
 * links), and the run-length coding under it.
 */
export function untransformed(words: Uint32Array, origin: number): Buffer {
  linkUp(words);
  // Most text has few runs, so the first guess is nearly always enough.
  let out = Buffer.allocUnsafe(words.length + 64 * 1024);
  let filled = 0;
  let last = -1;
  let equal = 0;
  let at = words[origin]! >>> 8;
  for (let left = words.length; left > 0; left--) {
    const word = words[at]!;
    const byte = word & 0xff;
    at = word >>> 8;
    if (out.length - filled < longestRun) out = Buffer.concat([out], out.length * 2);
    if (equal === runStart) {
      out.fill(last, filled, filled + byte);
      filled += byte;
      equal = 0;
      last = -1;
      continue;
    }
    equal = byte === last ? equal + 1 : 1;
    last = byte;
    out[filled++] = byte;
  }
  return out.subarray(0, filled);
}

/** Puts into each word's upper bits the place of the byte that follows its own in the text. */
function linkUp(words: Uint32Array): void {
  const starts = new Uint32Array(256);
  for (const word of words) starts[word & 0xff]!++;
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = starts[byte]!;
    starts[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < words.length; i++) words[starts[words[i]! & 0xff]!++]! |= i << 8;
}

const checksumTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** CRC-32 as bzip2 computes it: the polynomial of gzip's, most significant bit first. */
export function bzip2Checksum(bytes: Buffer): number {
  let sum = -1;
  for (let i = 0; i < bytes.length; i++) sum = (sum << 8) ^ checksumTable[(sum >>> 24) ^ bytes[i]!]!;
  return ~sum >>> 0;
}
