import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, symlinkSync } from "node:fs";
import { relative } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { pack } from "tar-stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { findLogInputs } from "../../src/gather/log-files/find-inputs.ts";
import { accessLines, Disk } from "./disk.ts";

const lines = accessLines(20);

async function found(
  disk: Disk,
  ...names: readonly string[]
): Promise<{ names: string[]; losses: string[] }> {
  const { inputs, losses } = await findLogInputs(names.map((name) => disk.path(name)));
  return {
    names: inputs.map(({ name }) => relative(disk.root, name)),
    losses: losses.map(({ what, why }) => `${what} ${why}`.replaceAll(`${disk.root}/`, "")),
  };
}

describe("files given by name", () => {
  test("say what they are by their bytes, whatever their name", async () => {
    using disk = new Disk();
    const tar = pack();
    tar.entry({ name: "access.log" }, lines);
    tar.finalize();
    const tarred = await buffer(tar);
    const paths = [
      disk.write("access.log", lines),
      disk.write("one.txt", gzipSync(lines)),
      disk.write("two.gz", zstdCompressSync(Buffer.from(lines))),
      disk.write("three.log", tarred),
      disk.write("four", gzipSync(tarred)),
      disk.write("five.zst", lines),
    ];
    const { inputs, losses } = await findLogInputs(paths);
    expect(losses).toEqual([]);
    expect(inputs.map(({ codec, archive }) => [codec, archive])).toEqual([
      ["none", undefined],
      ["gzip", undefined],
      ["zstd", undefined],
      ["none", "tar"],
      ["gzip", "tar"],
      ["none", undefined],
    ]);
    expect(inputs[0]).toMatchObject({ name: paths[0], path: paths[0], sizeBytes: lines.length });
    expect(structuredClone(inputs)).toEqual(inputs);
  });

  test("of one rotation are all read, in the order given", async () => {
    using disk = new Disk();
    disk.write("access.log", "3\n");
    disk.write("access.log.1", "2\n");
    disk.write("access.log.2.gz", gzipSync("1\n"));
    expect(await found(disk, "access.log", "access.log.1", "access.log.2.gz")).toEqual({
      names: ["access.log", "access.log.1", "access.log.2.gz"],
      losses: [],
    });
  });

  test("that are one file are read once", async () => {
    using disk = new Disk();
    disk.write("access.log", lines);
    symlinkSync("access.log", disk.path("latest.log"));
    linkSync(disk.path("access.log"), disk.path("copy.log"));
    expect(await found(disk, "access.log", "./access.log", "latest.log", "copy.log")).toEqual({
      names: ["access.log"],
      losses: [
        "access.log is the same file as access.log: read once",
        "latest.log is the same file as access.log: read once",
        "copy.log is the same file as access.log: read once",
      ],
    });
  });

  test("that hold Kubernetes objects or no text are left out", async () => {
    using disk = new Disk();
    disk.write("access.log", lines);
    disk.write("all.yaml", "---\n# dump\nkind: List\napiVersion: v1\n");
    disk.write("error.log", Buffer.from(Array.from({ length: 999 }, (_, i) => i % 256)));
    expect(await found(disk, "access.log", "all.yaml", "error.log")).toEqual({
      names: ["access.log"],
      losses: [
        "all.yaml holds Kubernetes objects, not log lines (why5xx --from reads those)",
        "error.log is not text",
      ],
    });
  });

  test("are logs with runs of NULs, raw escapes or no time in them", async () => {
    using disk = new Disk();
    disk.write("a", Buffer.concat([Buffer.alloc(70_000), Buffer.from(lines)]));
    disk.write("b", Buffer.concat([Buffer.alloc(300), Buffer.from(lines)]));
    disk.write("c", `${lines}\u001b[31mred\u001b[0m \u0016\u0003\u0001\n`);
    disk.write("d", "no time\n");
    expect((await found(disk, "a", "b", "c", "d")).names).toEqual(["a", "b", "c", "d"]);
  });

  test("a pipe is not looked into, which would use it up", async () => {
    using disk = new Disk();
    execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", disk.path("pipe")]);
    const { inputs } = await findLogInputs([disk.path("pipe"), "-"]);
    expect(inputs).toEqual([
      { name: disk.path("pipe"), path: disk.path("pipe"), codec: "none" },
      { name: "standard input", codec: "none" },
    ]);
  });
});

describe("a folder", () => {
  test("gives its logs, by name or by content, and says what it leaves out", async () => {
    using disk = new Disk();
    disk.write("pile/b/access.log", "no time\n");
    disk.write("pile/b/nginx_error", "no time\n");
    disk.write("pile/a/console", lines);
    disk.write("pile/a/old.gz", gzipSync(lines));
    disk.write("pile/a/backup.gz", gzipSync("create table x\n"));
    disk.write("pile/svc.yaml", "apiVersion: v1\nkind: Service\n");
    disk.write("pile/pods.json", '{\n "apiVersion": "v1", "items": []}');
    disk.write("pile/notes.md", "# Notes\n");
    disk.write("pile/._access.log", "junk");
    disk.write("pile/.git/error.log", "junk");
    expect(await found(disk, "pile")).toEqual({
      names: ["pile/a/console", "pile/a/old.gz", "pile/b/access.log", "pile/b/nginx_error"],
      losses: [
        "pile/notes.md, pile/a/backup.gz each is no log by its name, and its first lines have no times",
        "pile/pods.json, pile/svc.yaml each holds Kubernetes objects, not log lines (why5xx --from reads those)",
      ],
    });
  });

  test("is walked through links to files, never through links to folders", async () => {
    using disk = new Disk();
    disk.write("pods/0.log", lines);
    mkdirSync(disk.path("pile/deep"), { recursive: true });
    symlinkSync(disk.path("pods/0.log"), disk.path("pile/cart.log"));
    symlinkSync(disk.path("pods/0.log"), disk.path("pile/again.log"));
    symlinkSync("..", disk.path("pile/deep/up"));
    expect(await found(disk, "pile")).toEqual({
      names: ["pile/again.log"],
      losses: [
        "pile/cart.log is the same file as another one that was found: read once",
        "pile/deep/up is a link to a folder: not followed",
      ],
    });
  });

  test("from a stranger shows no private file through a link", async () => {
    using disk = new Disk();
    disk.write("private", "secret words\n");
    disk.write("pile/error.log", lines);
    symlinkSync(disk.path("private"), disk.path("pile/access.log"));
    expect(await found(disk, "pile")).toEqual({
      names: ["pile/error.log"],
      losses: ["pile/access.log is no log by its name, and its first lines have no times"],
    });
  });
});

const refused = async (...paths: readonly string[]): Promise<string> =>
  findLogInputs(paths).then(
    () => "was read",
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe("a path that cannot be read", () => {
  test("names what was looked for, where, and what to type", async () => {
    using disk = new Disk();
    disk.write("nginx/access.log", lines);
    const folder = disk.path("nginx");
    expect(await refused(`${folder}/acces.log`)).toBe(
      `LogInputProblem: ${folder}/acces.log: there is no acces.log in ${folder}. Did you mean access.log? Type: why5xx logs ${folder}/access.log`,
    );
    expect(await refused(`${folder}/haproxy`)).toBe(
      `LogInputProblem: ${folder}/haproxy: there is no haproxy in ${folder}. See what is there with: ls ${folder}`,
    );
    expect(await refused(`${folder}/a b/*.log`)).toContain(`the nearest folder that is there is ${folder}.`);
    expect(await refused(`${folder}/*.lg`)).toContain("the shell found nothing that fits the pattern");
    expect(await refused(`${folder}/access.log/x`)).toContain(`See what it holds with: ls ${folder}`);
  });

  test("a folder without logs, and no path at all", async () => {
    using disk = new Disk();
    disk.write("it's/notes.md", "# Notes\n");
    const folder = disk.path("it's");
    expect(await refused(folder)).toBe(
      `LogInputProblem: no log to read in ${folder}.\n  ${folder}/notes.md is no log by its name, and its first lines have no times\nName a log file, or see what is there with: ls -l '${disk.root}/it'\\''s'`,
    );
    expect(await refused()).toContain("why5xx logs -");
  });

  test("standard input twice", async () => {
    expect(await refused("-", "-")).toContain("standard input (-) was named twice");
  });

  test.skipIf(process.getuid?.() === 0)("one without the right to read it", async () => {
    using disk = new Disk();
    chmodSync(disk.write("access.log", lines), 0);
    expect(await refused(disk.path("access.log"))).toContain("ls -l");
  });
});
