import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import { lacks } from "../support/programs.ts";
import { accessLines, contentOutcome, Disk, outcomeOf } from "./disk.ts";

const lines = accessLines(50);
const object = "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\n";

type Member = readonly [name: string, content: string | Uint8Array];

async function tarOf(...members: readonly Member[]): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of members) tar.entry({ name }, Buffer.from(content));
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe("the members of a tar", () => {
  test("are read one after the other, each as it is compressed", async () => {
    const tar = await tarOf(
      ["./var/log/access.log", "one\n"],
      ["var/log/access.log.1", gzipSync("two\n")],
      ["access.log.2", zstdCompressSync(Buffer.from("three\n"))],
    );
    const texts = {
      "log/var/log/access.log": "one\n",
      "log/var/log/access.log.1": "two\n",
      "log/access.log.2": "three\n",
    };
    for (const bytes of [tar, gzipSync(tar), zstdCompressSync(tar)])
      expect(await contentOutcome(bytes)).toEqual({ texts, losses: [] });
  });

  test("that are no logs are left out, told once a reason", async () => {
    const binary = Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 7) % 256));
    const tar = await tarOf(
      ["svc.yaml", object],
      ["deploy.json", '{"apiVersion":"v1","kind":"List","items":[]}'],
      ["core.dump", binary],
      ["notes.txt", "call me\n"],
      ["console.txt", lines],
    );
    const { texts, losses } = await contentOutcome(tar);
    expect(texts).toEqual({ "log/console.txt": lines });
    expect(losses).toEqual([
      {
        what: "log/svc.yaml, log/deploy.json",
        why: "each holds Kubernetes objects, not log lines (why5xx --from reads those)",
      },
      { what: "log/core.dump", why: "is not text" },
      { what: "log/notes.txt", why: "is no log by its name, and its first lines have no times" },
    ]);
  });

  test("may have names longer than a header holds", async () => {
    const name = `${"folder/".repeat(60)}access.log`;
    expect(await contentOutcome(await tarOf([name, "one\n"]))).toEqual({
      texts: { [`log/${name}`]: "one\n" },
      losses: [],
    });
  });

  test("of a tar in a tar are read too, but not without end", async () => {
    let tar: Buffer = await tarOf(["access.log", "one\n"]);
    tar = await tarOf(["inner.tar", tar]);
    expect((await contentOutcome(tar)).texts).toEqual({ "log/inner.tar/access.log": "one\n" });
    for (let i = 0; i < 9; i++) tar = await tarOf(["inner.tar", tar]);
    const { texts, losses } = await contentOutcome(tar);
    expect(texts).toEqual({});
    expect(losses.map(({ why }) => why)).toEqual(["is wrapped more than 6 times: left out"]);
  });
});

describe("a damaged tar", () => {
  test("cut inside a member gives what comes before the cut", async () => {
    const tar = await tarOf(["a.log", lines], ["b.log", lines]);
    const second = tar.lastIndexOf(lines.slice(0, 60));
    const { texts, losses } = await contentOutcome(tar.subarray(0, second + 100));
    expect(texts).toEqual({ "log/a.log": lines, "log/b.log": lines.slice(0, 100) });
    expect(losses).toEqual([
      { what: "log", why: "ends in the middle of b.log (tar): what comes before is used" },
    ]);
  });

  test("cut between two members is noticed by its missing end mark", async () => {
    const tar = await tarOf(["a.log", lines], ["b.log", lines]);
    const second = tar.indexOf("b.log");
    const { texts, losses } = await contentOutcome(tar.subarray(0, second));
    expect(texts).toEqual({ "log/a.log": lines });
    expect(losses[0]?.why).toContain("has no end mark");
  });

  test("with a broken header says that files are missing", async () => {
    const tar = await tarOf(["a.log", lines], ["b.log", lines]);
    tar[tar.indexOf("b.log")] = 0x63;
    const { texts, losses } = await contentOutcome(tar);
    expect(texts).toEqual({ "log/a.log": lines });
    expect(losses[0]?.why).toContain("is damaged (a header makes no sense)");
  });

  test("in a cut gzip is told with both", async () => {
    const gz = gzipSync(await tarOf(["a.log", accessLines(2000)]));
    const { texts, losses } = await contentOutcome(gz.subarray(0, gz.length / 2));
    expect(accessLines(2000).startsWith(texts["log/a.log"]!)).toBe(true);
    expect(texts["log/a.log"]!.length).toBeGreaterThan(10_000);
    expect(losses.map(({ why }) => why.split(":")[0])).toEqual([
      "ends early (gzip)",
      "ends in the middle of a.log (tar)",
    ]);
  });
});

describe.skipIf(lacks("tars of GNU tar", ["tar", "--version"]))("a tar of GNU tar", () => {
  test.each(["gnu", "pax", "ustar"])("in %s format, with folders, links and long names", async (format) => {
    using disk = new Disk();
    const long = `${"n".repeat(90)}/${"m".repeat(60)}.log`;
    disk.write("pile/access.log", lines);
    disk.write(`pile/${long}`, "long\n");
    disk.write("pile/empty.log", "");
    symlinkSync("access.log", disk.path("pile/latest.log"));
    execFileSync("tar", ["-czf", disk.path("pile.tgz"), `--format=${format}`, "-C", disk.root, "pile"]);
    const { texts, losses } = await outcomeOf({ name: "p", path: disk.path("pile.tgz"), codec: "gzip" });
    expect(texts).toEqual({ "p/pile/access.log": lines, [`p/pile/${long}`]: "long\n" });
    expect(losses).toEqual([]);
  });
});
