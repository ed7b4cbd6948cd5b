import { closeSync, openSync, readSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";

export type Container = "tar" | "tar.gz" | "gzip" | "plain" | "empty" | ForeignArchive;

type ForeignArchive = "zip" | "xz" | "bzip2" | "zstd" | "7z" | "rar";

const foreign: readonly { readonly magic: string; readonly kind: ForeignArchive }[] = [
  { magic: "504b0304", kind: "zip" },
  { magic: "fd377a585a00", kind: "xz" },
  { magic: "425a68", kind: "bzip2" },
  { magic: "28b52ffd", kind: "zstd" },
  { magic: "377abcaf271c", kind: "7z" },
  { magic: "526172211a07", kind: "rar" },
];

/** What a file is wrapped in, by its first bytes; its name decides nothing. */
export function sniff(path: string): Container {
  const head = headOf(path);
  if (head.length === 0) return "empty";
  if (head[0] === 0x1f && head[1] === 0x8b) return isTar(inflatedHead(head)) ? "tar.gz" : "gzip";
  if (isTar(head)) return "tar";
  const hex = head.toString("hex", 0, 8);
  return foreign.find(({ magic }) => hex.startsWith(magic))?.kind ?? "plain";
}

function headOf(path: string): Buffer {
  const descriptor = openSync(path, "r");
  try {
    const head = Buffer.alloc(64 * 1024);
    return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
  } finally {
    closeSync(descriptor);
  }
}

function inflatedHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 128 * 1024 * 1024 });
  } catch {
    return Buffer.alloc(0);
  }
}

/** POSIX and GNU tar both have "ustar" in the first header; older ones are not written any more. */
const isTar = (bytes: Buffer): boolean => bytes.toString("latin1", 257, 262) === "ustar";
