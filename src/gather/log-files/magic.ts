import type { Codec, Utf16 } from "./log-input.ts";

/** Bytes that are enough to know compression, tar and encoding. */
export const magicBytes = 512;

/** Compression by magic bytes (RFC 1952, RFC 8878, bzip2 1.0's "BZh1" to "BZh9"); a name decides nothing. */
export function codecOf(head: Buffer): Codec {
  if (head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return "gzip";
  if (head.length >= 4 && (head.readUInt32LE(0) === zstdMagic || isSkippable(head))) return "zstd";
  if (head.length >= 10 && /^BZh[1-9]/.test(head.toString("latin1", 0, 4)) && isBzip2Block(head))
    return "bzip2";
  return "none";
}

export const zstdMagic = 0xfd2fb528;

/** A frame that a decoder is to pass over; pzstd writes one before each frame of data. */
export const isSkippable = (head: Buffer): boolean =>
  head.length >= 4 && (head.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50;

/** The first block's mark, or the end mark of an empty stream. */
const isBzip2Block = (head: Buffer): boolean =>
  ["314159265359", "177245385090"].includes(head.toString("hex", 4, 10));

/** POSIX and GNU tar both have "ustar" in the first header; older ones are not written any more. */
export const isTar = (head: Buffer): boolean => head.toString("latin1", 257, 262) === "ustar";

export function utf16Of(head: Buffer): Utf16 | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  return undefined;
}

interface Foreign {
  readonly kind: string;
  /** The command that makes something readable of it. */
  readonly unpack: string;
}

const foreign: readonly (Foreign & { readonly magic: string })[] = [
  { magic: "504b0304", kind: "zip", unpack: "unzip" },
  { magic: "fd377a585a00", kind: "xz", unpack: "xz -dk" },
  { magic: "04224d18", kind: "lz4", unpack: "lz4 -dk" },
  { magic: "377abcaf271c", kind: "7z", unpack: "7z x" },
  { magic: "526172211a07", kind: "rar", unpack: "unrar x" },
  { magic: "1f9d", kind: "compress (.Z)", unpack: "uncompress -k" },
];

/** A compression or archive that is not read here. */
export function foreignOf(head: Buffer): Foreign | undefined {
  const hex = head.toString("hex", 0, 8);
  return foreign.find(({ magic }) => hex.startsWith(magic));
}
