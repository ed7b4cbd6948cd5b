import type { Loss } from "../../evidence/evidence.ts";

/** What a file is compressed with, decided by its first bytes. */
export type Codec = "none" | "gzip" | "zstd" | "bzip2";

export type Utf16 = "utf-16le" | "utf-16be";

/** One log to read: plain data, so that it can be posted to a worker thread. */
export interface LogInput {
  /** The path as it was typed or found, "standard input" for "-": what messages call it. */
  readonly name: string;
  /** Absent for standard input. */
  readonly path?: string;
  /** "none" for what cannot be looked into without using it up (standard input, a pipe). */
  readonly codec: Codec;
  /** A tar, inside the compression if there is one. */
  readonly archive?: "tar";
  /** Present when the text is UTF-16: `readInput` gives it as UTF-8, its raw bytes are no log lines. */
  readonly encoding?: Utf16;
  /** Bytes on disk (compressed ones) when it was found; absent for standard input and pipes. */
  readonly sizeBytes?: number;
  /** Device, inode and birth when it was found: tells whether a rotation has put another file under the name. */
  readonly fileId?: string;
}

/** Some bytes of one log, in order. `member` is the input's name, or "ARCHIVE/PATH" for a member of a tar. */
export interface MemberBytes {
  readonly member: string;
  readonly bytes: Buffer;
}

export type OnLoss = (loss: Loss) => void;
