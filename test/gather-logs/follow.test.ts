import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
} from "node:fs";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FollowOptions, followInput, followStream } from "../../src/gather/log-files/follow.ts";
import { watchPath } from "../../src/gather/log-files/watch-path.ts";
import { Disk } from "./disk.ts";

let disk: Disk;
let stop: AbortController;
let done: Promise<void>;
let text: string;
let notes: string[];
let path: string;

beforeEach(() => {
  disk = new Disk();
  stop = new AbortController();
  text = "";
  notes = [];
  path = disk.write("access.log", "old\n");
});

afterEach(async () => {
  stop.abort();
  await done;
  disk[Symbol.dispose]();
});

const onChunk = (bytes: Buffer): void => {
  text += bytes.toString();
};

function follow(options: FollowOptions = {}): void {
  done = followInput(path, onChunk, stop.signal, { onNote: ({ why }) => notes.push(why), ...options });
}

const comes = (wanted: string): Promise<unknown> =>
  vi.waitFor(() => expect(text).toBe(wanted), { timeout: 10_000, interval: 10 });
const isNoted = (wanted: string): Promise<unknown> =>
  vi.waitFor(() => expect(notes).toContain(wanted), { timeout: 10_000, interval: 10 });

const rotated = "was rotated: the new file is read from its start";
const truncated = "was truncated: read on from its start";
const waiting = "it is not there: waiting for it";

describe.each([
  ["with what the system reports", 60_000],
  ["by polling alone", 30],
])("following a file %s", (_, pollMs) => {
  test("gives what is appended, from where it is told", async () => {
    follow({ fromBytes: 2, pollMs });
    await comes("d\n");
    appendFileSync(path, "one\n");
    await comes("d\none\n");
    appendFileSync(path, "two\n");
    await comes("d\none\ntwo\n");
    expect(notes).toEqual([]);
  });

  test("a rename: the old file to its end, then the new one from its start", async () => {
    follow({ fromBytes: 0, pollMs });
    await comes("old\n");
    appendFileSync(path, "last\n");
    renameSync(path, `${path}.1`);
    await comes("old\nlast\n");
    // The writer has not reopened the name yet.
    appendFileSync(`${path}.1`, "after the rename\n");
    disk.write("access.log", "new\n");
    await comes("old\nlast\nafter the rename\nnew\n");
    appendFileSync(path, "more\n");
    await comes("old\nlast\nafter the rename\nnew\nmore\n");
    expect(notes.filter((note) => note === rotated)).toHaveLength(1);
  });

  test("what a writer still appends to the old file after the new one is there", async () => {
    follow({ fromBytes: 0, pollMs });
    await comes("old\n");
    renameSync(path, `${path}.1`);
    disk.write("access.log", "new\n");
    await comes("old\nnew\n");
    appendFileSync(`${path}.1`, "late\n");
    appendFileSync(path, "more\n");
    await comes("old\nnew\nlate\nmore\n");
    expect(notes.at(-1)).toBe(rotated);
  });

  test("a truncation in place", async () => {
    follow({ fromBytes: 0, pollMs });
    await comes("old\n");
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    await isNoted(truncated);
    appendFileSync(path, "new\n");
    await comes("old\nnew\n");
    expect(notes).toEqual([truncated]);
  });

  test("a file that is not there is waited for, and again when it goes", async () => {
    rmSync(path);
    follow({ pollMs });
    await isNoted(waiting);
    disk.write("access.log", "first\n");
    await comes("first\n");
    unlinkSync(path);
    await vi.waitFor(() => expect(notes.filter((note) => note === waiting)).toHaveLength(2), {
      timeout: 10_000,
    });
    disk.write("access.log", "second\n");
    await comes("first\nsecond\n");
    expect(notes).toEqual([waiting, waiting, rotated]);
  });
});

describe("following", () => {
  test("begins at the end when it is told nothing", async () => {
    follow();
    await vi.waitFor(() => {
      appendFileSync(path, "x");
      expect(text).toMatch(/^x+$/);
    });
  });

  test("a link that is led to another file", async () => {
    disk.write("0.log", "zero\n");
    disk.write("1.log", "one\n");
    path = disk.path("current.log");
    symlinkSync("0.log", path);
    follow({ fromBytes: 0 });
    await comes("zero\n");
    appendFileSync(disk.path("0.log"), "more\n");
    await comes("zero\nmore\n");
    symlinkSync("1.log", disk.path("next"));
    renameSync(disk.path("next"), path);
    await comes("zero\nmore\none\n");
    expect(notes).toEqual([rotated]);
  });

  test("ends when it is told to, and then gives nothing more", async () => {
    follow({ fromBytes: 0, pollMs: 10 });
    await comes("old\n");
    stop.abort();
    await done;
    appendFileSync(path, "more\n");
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(text).toBe("old\n");
  });

  test("what the reader throws is thrown, and the file is let go", async () => {
    const thrown = followInput(path, () => Promise.reject(new Error("full")), stop.signal, { fromBytes: 0 });
    done = Promise.resolve();
    await expect(thrown).rejects.toThrow("full");
  });

  test("does not look again while nothing comes", async () => {
    const watch = watchPath(path, 60_000, stop.signal);
    done = Promise.resolve();
    let looks = 0;
    const looking = (async (): Promise<void> => {
      while (!stop.signal.aborted) {
        await watch.changed();
        looks++;
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(looks).toBe(0);
    // A thousand writes are a few looks.
    for (let i = 0; i < 1000; i++) appendFileSync(path, "x\n");
    await vi.waitFor(() => expect(looks).toBeGreaterThan(0));
    expect(looks).toBeLessThan(100);
    stop.abort();
    await looking;
    watch.close();
  });
});

describe("following a stream", () => {
  test("gives its chunks until it ends", async () => {
    const stream = new PassThrough();
    const chunks: string[] = [];
    done = followStream(stream, (bytes) => void chunks.push(bytes.toString()), stop.signal);
    stream.write("one\n");
    await vi.waitFor(() => expect(chunks).toEqual(["one\n"]));
    stream.end("two\n");
    await done;
    expect(chunks).toEqual(["one\n", "two\n"]);
  });

  test("ends when it is told to, or when the stream fails", async () => {
    const stream = new PassThrough();
    done = followStream(stream, () => {}, stop.signal);
    stop.abort();
    await done;
    expect(stream.destroyed).toBe(true);
    const broken = new PassThrough();
    const read = followStream(broken, () => {}, new AbortController().signal);
    broken.destroy(new Error("broken"));
    expect(await read).toBeUndefined();
  });

  test("standard input of a process", () => {
    done = Promise.resolve();
    const module = new URL("../../src/gather/log-files/follow.ts", import.meta.url).href;
    const code = `const { followInput } = await import(${JSON.stringify(module)});
      await followInput("-", (bytes) => process.stdout.write(bytes), new AbortController().signal);`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      input: "one\ntwo\n",
      encoding: "utf8",
    });
    expect([stdout, stderr]).toEqual(["one\ntwo\n", ""]);
  });
});
