import { crc32 } from "node:zlib";
import type { ByteSource } from "./byte-source.ts";
import { fedBytes, inflateEngine, run } from "./engine.ts";
import { type Decoded, type Ending, endsEarly } from "./ending.ts";

/**
 * Inflates gzip (RFC 1952) with any number of members one after the other, as `cat a.gz b.gz` and
 * appending writers make them. Headers and checksums are read here and not by zlib: it would keep
 * back the last chunk of a cut file, and does not tell a cut from an end.
 */
export async function* decodeGzip(source: ByteSource): Decoded {
  for (;;) {
    const headerProblem = await skipHeader(source);
    if (headerProblem !== undefined) return headerProblem;
    const problem = yield* inflateMember(source);
    if (problem !== undefined) return problem;
    const rest = await source.peek(2);
    if (rest.length === 0) return undefined;
    if (rest[0] !== 0x1f || rest[1] !== 0x8b) return await trailing(source);
  }
}

async function* inflateMember(source: ByteSource): Decoded {
  const engine = inflateEngine();
  let checksum = 0;
  let textBytes = 0;
  let last: Buffer = Buffer.alloc(0);
  const chunks = run(engine, async () => {
    const piece = await source.next(fedBytes);
    if (piece !== undefined) last = piece;
    return piece;
  });
  for (;;) {
    const step = await chunks.next();
    if (step.done !== true) {
      checksum = crc32(step.value, checksum);
      textBytes += step.value.length;
      yield step.value;
      continue;
    }
    if (step.value.kind === "damaged") return "is damaged (the compressed data makes no sense)";
    if (step.value.kind === "fed") return endsEarly;
    const unusedBytes = step.value.fedBytes - engine.bytesWritten;
    source.unread(last.subarray(last.length - unusedBytes));
    return checked(await source.take(8), checksum, textBytes);
  }
}

function checked(trailer: Buffer, checksum: number, textBytes: number): Ending {
  if (trailer.length < 8) return endsEarly;
  const isRight = trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === textBytes % 2 ** 32;
  return isRight ? undefined : "is damaged (its checksum does not fit what it holds)";
}

/** Optional parts of a header may be long in theory; no gzip writes a name longer than a path. */
const longestFieldBytes = 64 * 1024;

async function skipHeader(source: ByteSource): Promise<Ending> {
  const fixed = await source.take(10);
  if (fixed.length < 10) return endsEarly;
  if (fixed[2] !== 8) return "is damaged (a header names an unknown method)";
  const flags = fixed[3]!;
  if ((flags & 0xe0) !== 0) return "is damaged (a header has unknown flags)";
  if ((flags & 4) !== 0) {
    const size = await source.take(2);
    if (size.length < 2) return endsEarly;
    await source.take(size.readUInt16LE(0));
  }
  if ((flags & 8) !== 0 && !(await skipText(source))) return endsEarly;
  if ((flags & 16) !== 0 && !(await skipText(source))) return endsEarly;
  if ((flags & 2) !== 0) await source.take(2);
  return undefined;
}

async function skipText(source: ByteSource): Promise<boolean> {
  for (let wanted = 256; wanted <= longestFieldBytes; wanted *= 2) {
    const seen = await source.peek(wanted);
    const end = seen.indexOf(0);
    if (end >= 0) source.skip(end + 1);
    if (end >= 0 || seen.length < wanted) return end >= 0;
  }
  return false;
}

/** Zeros after the last member are padding of tapes and block devices; gzip passes over them too. */
async function trailing(source: ByteSource): Promise<Ending> {
  let otherBytes = 0;
  for (let chunk = await source.next(); chunk !== undefined; chunk = await source.next())
    if (otherBytes > 0 || chunk.some((byte) => byte !== 0)) otherBytes += chunk.length;
  return otherBytes === 0 ? undefined : "is followed by bytes that are not gzip";
}
