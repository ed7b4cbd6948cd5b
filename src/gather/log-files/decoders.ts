import { decodeBzip2 } from "./bzip2.ts";
import type { ByteSource } from "./byte-source.ts";
import type { Decoded } from "./ending.ts";
import { decodeGzip } from "./gzip.ts";
import type { Codec } from "./log-input.ts";
import { decodeZstd } from "./zstd.ts";

export type Compression = Exclude<Codec, "none">;

export const decoders: Readonly<Record<Compression, (source: ByteSource) => Decoded>> = {
  gzip: decodeGzip,
  zstd: decodeZstd,
  bzip2: decodeBzip2,
};
