import { ByteSource } from "./byte-source.ts";
import { type Asked, reasonToLeaveOut } from "./content.ts";
import { type Compression, decoders } from "./decoders.ts";
import { LeftOut } from "./left-out.ts";
import type { LogInput, MemberBytes, OnLoss } from "./log-input.ts";
import { codecOf, isTar, magicBytes, utf16Of } from "./magic.ts";
import { rawChunks } from "./raw-chunks.ts";
import { Tally } from "./tally.ts";
import { tarMembers } from "./tar-members.ts";
import { fromUtf16, skipUtf8Mark } from "./text-encoding.ts";

type Members = AsyncGenerator<MemberBytes, void, undefined>;

/** A gzipped tar of gzipped tars is four deep; a file made to be endless has no bottom. */
const deepest = 6;

/** First bytes by which a log is told from something else. */
const judgedBytes = 64 * 1024;

/**
 * Reads one input: decompressed, the members of a tar one after the other, UTF-16 as UTF-8. What it
 * yields is the reader's to keep. Compression and tar go by what the bytes are now, at any depth.
 * Works in a worker thread. Never throws for what a file holds, nor for one that has gone: damage,
 * rotation and truncation are told as losses and what came before is used.
 */
export async function* readInput(input: LogInput, onLoss: OnLoss): Members {
  const source = new ByteSource(rawChunks(input, onLoss));
  try {
    yield* layer(source, { member: input.name, asked: "named", depth: 0, onLoss });
  } finally {
    await source.close();
  }
}

interface Place {
  readonly member: string;
  readonly asked: Asked;
  readonly depth: number;
  readonly onLoss: OnLoss;
  /** Collects what an archive holds beside logs. */
  readonly leftOut?: LeftOut;
}

async function* layer(source: ByteSource, place: Place): Members {
  const head = await source.peek(magicBytes);
  const codec = codecOf(head);
  if (place.depth > deepest) {
    place.onLoss({ what: place.member, why: `is wrapped more than ${deepest} times: left out` });
  } else if (codec !== "none") {
    const inner = new ByteSource(decoded(codec, source, place));
    try {
      yield* layer(inner, { ...place, depth: place.depth + 1 });
    } finally {
      await inner.close();
    }
  } else if (isTar(head)) yield* tarLayer(source, place);
  else yield* textLayer(source, head, place);
}

async function* decoded(
  codec: Compression,
  source: ByteSource,
  { member, onLoss }: Place,
): AsyncGenerator<Buffer, void, undefined> {
  const tally = new Tally();
  const chunks = decoders[codec](source);
  try {
    for (;;) {
      const { value, done } = await chunks.next();
      if (done === true) {
        if (value !== undefined) onLoss({ what: member, why: `${value} (${codec}): ${tally.text()}` });
        return;
      }
      tally.add(value);
      yield value;
    }
  } finally {
    await chunks.return(undefined);
  }
}

async function* tarLayer(source: ByteSource, place: Place): Members {
  const leftOut = new LeftOut();
  const members = tarMembers(source);
  for (;;) {
    const { value, done } = await members.next();
    if (done === true) {
      leftOut.tell(place.onLoss);
      if (value !== undefined)
        place.onLoss({ what: place.member, why: `${value} (tar): what comes before is used` });
      return;
    }
    if (!value.isFile) continue;
    const member = `${place.member}/${value.name.replace(/^(\.?\/)+/, "")}`;
    const inner = { ...place, member, asked: "found" as const, depth: place.depth + 1, leftOut };
    yield* layer(new ByteSource(value.content), inner);
  }
}

async function* textLayer(source: ByteSource, head: Buffer, place: Place): Members {
  const { member, asked, leftOut, onLoss } = place;
  const reason = reasonToLeaveOut(member, head.subarray(0, judgedBytes), asked);
  if (reason !== undefined) {
    if (leftOut === undefined) onLoss({ what: member, why: reason });
    else leftOut.add(member, reason);
    return;
  }
  const utf16 = utf16Of(head);
  if (utf16 !== undefined) {
    for await (const bytes of fromUtf16(source, utf16)) yield { member, bytes };
    return;
  }
  await skipUtf8Mark(source);
  for (let bytes = await source.next(); bytes !== undefined; bytes = await source.next())
    yield { member, bytes };
}
