import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { pack } from "tar-stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { codecOf } from "../../src/gather/log-files/magic.ts";
import { lacks } from "../support/programs.ts";
import { accessLines, contentOutcome, type Outcome, piped } from "./disk.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 40);
/** A reader that has gone quadratic, or waits for what never comes, takes far longer. */
const patienceMs = 10_000;

const long = accessLines(9000);
const short = accessLines(3);

async function outcome(bytes: Uint8Array): Promise<Outcome> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`hangs on ${bytes.length} bytes`)), patienceMs);
  try {
    return await Promise.race([contentOutcome(bytes), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

const zstd = (text: string): Buffer =>
  zstdCompressSync(Buffer.from(text), { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

interface Case {
  readonly compress: (text: string) => Buffer;
  /** Bytes that decide what a file is: turned, it is something else. */
  readonly magic: number;
  /** Bytes before a damage whose text may be lost with it: a piece fed to zlib, or a block. */
  readonly lostBytes: number;
}

const isBzip2Missing = lacks("fuzzed bzip2", ["bzip2", "--version"]);
const cases: Record<string, Case> = {
  gzip: { compress: (text) => gzipSync(text), magic: 3, lostBytes: 128 * 1024 },
  "gzip members": {
    compress: (text) =>
      Buffer.concat([gzipSync(text.slice(0, text.length / 2)), gzipSync(text.slice(text.length / 2))]),
    magic: 3,
    lostBytes: 128 * 1024,
  },
  zstd: { compress: zstd, magic: 4, lostBytes: 300 * 1024 },
  ...(isBzip2Missing
    ? {}
    : {
        bzip2: {
          compress: (text) => piped("bzip2", ["-c1"], Buffer.from(text)),
          magic: 10,
          lostBytes: 50_000,
        },
      }),
};

/** A place in a file, told so that the ends are tried often. */
const place = fc.oneof(
  fc.noBias(fc.nat(1_000_000)).map((part) => ({ part: part / 1e6, from: 0 })),
  fc.integer({ min: -40, max: 40 }).map((from) => ({ part: from < 0 ? 1 : 0, from })),
);
const placeIn = (length: number, least: number, { part, from }: { part: number; from: number }): number =>
  Math.min(length - 1, Math.max(least, Math.floor(part * length) + from));

const text = (of: Outcome): string => of.texts["log"] ?? "";

describe.each(Object.entries(cases))("%s", (_, { compress, magic, lostBytes }) => {
  const files = [long, short].map((truth) => ({ truth, bytes: compress(truth) }));
  const file = fc.constantFrom(...files);

  test("cut anywhere: a prefix of the truth, and it is said", async () => {
    await fc.assert(
      fc.asyncProperty(file, place, async ({ truth, bytes }, at) => {
        const kept = bytes.subarray(0, placeIn(bytes.length, magic, at));
        const read = await outcome(kept);
        expect(truth.startsWith(text(read))).toBe(true);
        // A cut where one member ends and the next begins is no damage.
        const isFirstMember = text(read) === truth.slice(0, truth.length / 2);
        expect(read.losses.length > 0 || text(read) === "" || isFirstMember).toBe(true);
      }),
      { numRuns: runs },
    );
  });

  test("with bits turned: the truth up to the damage, and a difference is said", async () => {
    const turns = fc.array(fc.tuple(place, fc.nat(7)), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(file, turns, async ({ truth, bytes }, turned) => {
        const damaged = Buffer.from(bytes);
        let first = bytes.length;
        for (const [at, bit] of turned) {
          const byte = placeIn(bytes.length, magic, at);
          damaged[byte]! ^= 1 << bit;
          first = Math.min(first, byte);
        }
        if (codecOf(damaged) === "none") return;
        const read = await outcome(damaged);
        const before = text(await outcome(damaged.subarray(0, first)));
        const common = Math.min(before.length, text(read).length);
        expect(text(read).slice(0, common) === truth.slice(0, common)).toBe(true);
        const sure =
          first > lostBytes + magic ? text(await outcome(bytes.subarray(0, first - lostBytes))) : "";
        expect(text(read).length).toBeGreaterThanOrEqual(sure.length);
        expect(read.losses.length > 0 || text(read) === truth).toBe(true);
      }),
      { numRuns: runs },
    );
  });
});

describe("tar", () => {
  const members: Record<string, string> = {
    "a.log": short,
    "b/access.log": long.slice(0, 40_000),
    "c.log": short,
  };
  const tarred = (async () => {
    const tar = pack();
    for (const [name, content] of Object.entries(members)) tar.entry({ name }, content);
    tar.finalize();
    return buffer(tar);
  })();

  test.each([
    ["plain", (bytes: Buffer) => bytes],
    ["gzip", (bytes: Buffer) => gzipSync(bytes)],
    ["zstd", (bytes: Buffer) => zstdCompressSync(bytes)],
  ])("cut anywhere (%s): each member a prefix of the truth, and it is said", async (_, wrap) => {
    const bytes = wrap(await tarred);
    await fc.assert(
      fc.asyncProperty(place, async (at) => {
        const { texts, losses } = await outcome(bytes.subarray(0, placeIn(bytes.length, 600, at)));
        for (const [name, read] of Object.entries(texts)) {
          const truth = members[name.replace("log/", "")];
          expect(truth?.startsWith(read)).toBe(true);
        }
        const isWhole = Object.values(texts).join("") === Object.values(members).join("");
        expect(losses.length > 0 || isWhole).toBe(true);
      }),
      { numRuns: runs },
    );
  });

  test("with bytes replaced: no throw and no hang", async () => {
    const bytes = await tarred;
    const edits = fc.array(fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 600 })), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(edits, fc.boolean(), async (list, isZipped) => {
        const damaged = Buffer.from(bytes);
        for (const [at, content] of list)
          damaged.set(
            content.subarray(0, damaged.length - placeIn(damaged.length, 0, at)),
            placeIn(damaged.length, 0, at),
          );
        const { texts } = await outcome(isZipped ? gzipSync(damaged) : damaged);
        const read = Object.values(texts).reduce((sum, member) => sum + member.length, 0);
        expect(read).toBeLessThanOrEqual(damaged.length);
      }),
      { numRuns: runs },
    );
  });
});

test("any bytes at all, behind every magic: no throw and no hang", async () => {
  const magics = [
    "",
    "1f8b08",
    "1f8b0800000000000003",
    "28b52ffd",
    "502a4d18",
    "425a6839314159265359",
    "425a6831177245385090",
    "fffe",
    "feff",
    "efbbbf",
  ];
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc.string({ maxLength: 300 }).map((s) => Buffer.from(s)),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...magics), content, async (magic, bytes) => {
      const { texts } = await outcome(Buffer.concat([Buffer.from(magic, "hex"), bytes]));
      expect(Object.keys(texts).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: runs * 4 },
  );
});
