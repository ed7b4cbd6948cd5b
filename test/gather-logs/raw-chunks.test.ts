import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Loss } from "../../src/evidence/evidence.ts";
import { findLogInputs } from "../../src/gather/log-files/find-inputs.ts";
import type { LogInput } from "../../src/gather/log-files/log-input.ts";
import { readInput } from "../../src/gather/log-files/read-input.ts";
import { accessLines, Disk, outcomeOf } from "./disk.ts";

const onlyInput = async (path: string): Promise<LogInput> => (await findLogInputs([path])).inputs[0]!;
const name = "access.log";

describe("a file that changes between being found and being read", () => {
  test("is read up to the size it had: what is appended is for those who follow it", async () => {
    using disk = new Disk();
    const input = await onlyInput(disk.write(name, "one\n"));
    appendFileSync(disk.path(name), "two\n");
    expect(await outcomeOf(input)).toEqual({ texts: { [input.name]: "one\n" }, losses: [] });
  });

  test("is found under the name that a rotation gave it", async () => {
    using disk = new Disk();
    const input = await onlyInput(disk.write(name, "one\n"));
    renameSync(disk.path(name), disk.path("access.log.1"));
    disk.write(name, "newer\n");
    expect(await outcomeOf(input)).toEqual({ texts: { [input.name]: "one\n" }, losses: [] });
  });

  test("is read from the compressed copy that a rotation left in its place", async () => {
    using disk = new Disk();
    const input = await onlyInput(disk.write("access.log.1", "one\n"));
    rmSync(input.path!);
    disk.write("access.log.1.gz", gzipSync("one\n"));
    expect(await outcomeOf(input)).toEqual({ texts: { [input.name]: "one\n" }, losses: [] });
  });

  test("is told when a rotation has taken it away, and the new one is read", async () => {
    using disk = new Disk();
    const input = await onlyInput(disk.write("log/access.log", "one\n"));
    renameSync(input.path!, disk.path("elsewhere"));
    disk.write("log/access.log", "newer and longer\n");
    const { texts, losses } = await outcomeOf(input);
    expect(texts).toEqual({ [input.name]: "newer and longer\n" });
    expect(losses[0]?.why).toMatch(/^was rotated away/);
  });

  test("is told when it is gone", async () => {
    using disk = new Disk();
    const input = await onlyInput(disk.write(name, "one\n"));
    rmSync(disk.path(name));
    expect(await outcomeOf(input)).toEqual({
      texts: {},
      losses: [{ what: input.name, why: "cannot be read any more: it is not there" }],
    });
  });

  test("is told when it was truncated while it was read", async () => {
    using disk = new Disk();
    const input = await onlyInput(disk.write(name, accessLines(40_000)));
    const losses: Loss[] = [];
    let bytes = 0;
    for await (const chunk of readInput(input, (loss) => losses.push(loss))) {
      bytes += chunk.bytes.length;
      truncateSync(disk.path(name), 10);
    }
    expect(bytes).toBeLessThan(input.sizeBytes!);
    expect(losses).toHaveLength(1);
    expect(losses[0]?.why).toMatch(/^was truncated while it was read/);
  });

  test("a folder in its place is told, not thrown", async () => {
    using disk = new Disk();
    const { losses } = await outcomeOf({ name: "x", path: disk.root, codec: "none" });
    expect(losses).toHaveLength(1);
    expect(losses[0]?.why).toMatch(/^could not be read to its end/);
  });
});

/** Descriptors of other threads may close meanwhile. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

const maxBuffer = 64 * 1024 * 1024;
const program = new URL("print-input.ts", import.meta.url).pathname;

describe("where it runs", () => {
  test.skipIf(!existsSync("/proc/self/fd"))("a reader that stops early lets go of the file", async () => {
    using disk = new Disk();
    const input = await onlyInput(disk.write("a.gz", gzipSync(accessLines(60_000))));
    const isOpen = (): boolean =>
      readdirSync("/proc/self/fd").some((descriptor) => linkOf(`/proc/self/fd/${descriptor}`) === input.path);
    const seen: boolean[] = [];
    for await (const _ of readInput(input, () => {})) {
      seen.push(isOpen());
      if (seen.length === 2) break;
    }
    expect([...seen, isOpen()]).toEqual([true, true, false]);
  });

  test("in a worker thread, from an input that was posted to it", async () => {
    using disk = new Disk();
    const lines = accessLines(5000);
    const input = await onlyInput(disk.write("access.log.gz", gzipSync(lines)));
    const worker = new Worker(program, { workerData: input });
    const text = await new Promise<unknown>((resolve, reject) =>
      worker.on("message", resolve).on("error", reject),
    );
    expect(text).toBe(lines);
  });

  test("standard input: a pipe and a file, in the main thread and in a worker", () => {
    using disk = new Disk();
    const lines = accessLines(9000);
    const path = disk.write("access.log.gz", gzipSync(lines));
    for (const where of ["main", "worker"]) {
      const piped = spawnSync(process.execPath, [program, where], {
        input: gzipSync(lines),
        encoding: "utf8",
        maxBuffer,
      });
      expect([where, piped.stdout === lines, piped.stderr]).toEqual([where, true, ""]);
      const shell = `"${process.execPath}" "${program}" ${where} < "${path}"`;
      const redirected = spawnSync("sh", ["-c", shell], { encoding: "utf8", maxBuffer });
      expect([where, redirected.stdout === lines, redirected.stderr]).toEqual([where, true, ""]);
    }
  });

  test("a named pipe", () => {
    using disk = new Disk();
    const lines = accessLines(3000);
    writeFileSync(disk.path("log"), lines);
    const shell = `mkfifo "$1/pipe"; cat "$1/log" > "$1/pipe" & "$2" "$3" "$1/pipe"`;
    const read = spawnSync("sh", ["-c", shell, "sh", disk.root, process.execPath, program], {
      encoding: "utf8",
      maxBuffer,
    });
    expect([read.stdout === lines, read.stderr]).toEqual([true, ""]);
  });
});
