import type { ByteSource } from "./byte-source.ts";
import { type Ending, endsEarly } from "./ending.ts";
import { blockBytes, paxRecords, readTarHeader, type TarHeader, textAt } from "./tar-header.ts";
import { TarContent } from "./tar-content.ts";

export interface TarMember {
  readonly name: string;
  readonly isFile: boolean;
  /** What is left of it is passed over when the next member is asked for. */
  readonly content: TarContent;
}

/** Extended headers hold names and times; one larger than this is damage. */
const longestHeaderBytes = 1024 * 1024;

const extendedTypes = new Set(["x", "g", "L", "K"]);
/** "0", old tar's NUL, and "7" (contiguous), which all read as "0". */
const fileTypes = new Set(["0", "\0", "7"]);
/** Links, devices, folders and pipes have no content, whatever size their header gives. */
const emptyTypes = new Set(["1", "2", "3", "4", "5", "6"]);

/**
 * The members of a tar, one after the other. Written here, and not by a push parser, because of a
 * damaged archive every byte before the damage is to be had.
 */
export async function* tarMembers(source: ByteSource): AsyncGenerator<TarMember, Ending, undefined> {
  let extension: Partial<TarHeader> = {};
  for (;;) {
    const block = await source.take(blockBytes);
    if (block.length === 0) return "has no end mark, so files may be missing";
    if (block.length < blockBytes) return endsEarly;
    if (block.every((byte) => byte === 0)) return undefined;
    const header = readTarHeader(block);
    if (header === undefined) return "is damaged (a header makes no sense): the files after it are left out";
    if (extendedTypes.has(header.type)) {
      if (header.sizeBytes > longestHeaderBytes) return "is damaged (a header is too long)";
      const content = await source.take(header.sizeBytes);
      await source.take(paddingOf(header.sizeBytes));
      if (content.length < header.sizeBytes) return endsEarly;
      extension = { ...extension, ...extensionOf(header.type, content) };
      continue;
    }
    const { name, sizeBytes, type } = { ...header, ...extension };
    extension = {};
    const content = new TarContent(source, emptyTypes.has(type) ? 0 : sizeBytes);
    yield { name, isFile: fileTypes.has(type), content };
    await content.skipRest();
    if (content.isCut) return `ends in the middle of ${name}`;
    await source.take(paddingOf(content.sizeBytes));
  }
}

const paddingOf = (sizeBytes: number): number => (blockBytes - (sizeBytes % blockBytes)) % blockBytes;

/** What a pax header ("x") or a GNU long name ("L") says of the next member; global ones ("g") name none. */
function extensionOf(type: string, content: Buffer): Partial<TarHeader> {
  if (type === "L") return { name: textAt(content, 0, content.length) };
  if (type !== "x") return {};
  const records = paxRecords(content);
  const path = records.get("path");
  const size = Number(records.get("size") ?? Number.NaN);
  return {
    ...(path === undefined ? {} : { name: path }),
    ...(Number.isSafeInteger(size) && size >= 0 ? { sizeBytes: size } : {}),
  };
}
