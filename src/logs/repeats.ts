/**
 * Knows lines that were captured twice because two streams of one pod overlap: the n-th copy of a
 * line in one stream is the n-th copy in another. Copies within one stream are separate requests.
 */
export interface Repeats {
  /** Call before each stream. */
  open(): void;
  isRepeat(bytes: Buffer, start: number, end: number): boolean;
}

export function newRepeats(): Repeats {
  const before = new Map<number, number>();
  let current = new Map<number, number>();
  return {
    open() {
      for (const [hash, count] of current) before.set(hash, Math.max(count, before.get(hash) ?? 0));
      current = new Map();
    },
    isRepeat(bytes, start, end) {
      const hash = hashOf(bytes, start, end);
      const count = (current.get(hash) ?? 0) + 1;
      current.set(hash, count);
      return count <= (before.get(hash) ?? 0);
    },
  };
}

/** 52 bits of two FNV-1a-like lanes. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b) ^ (b >>> 13);
  }
  return (a >>> 0) * 0x100000 + ((b >>> 0) & 0xfffff);
}
