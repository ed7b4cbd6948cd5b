import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bareEnvironment, main } from "./run-program.ts";

const line = (second: number, status: number): string =>
  `203.0.113.9 - - [20/Nov/2026:14:47:${String(second).padStart(2, "0")} +0000] "GET /cart HTTP/1.1" ${status} 190 "-" "curl/8.11" 88 0.001 [shop-cart-80] [] ${status === 503 ? "- - - -" : "10.42.3.17:8080 190 0.001 200"} 5e0f3f0c8f5b4a2a9b1d2c3e4f506172\n`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "why5xx-follow-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What it must have said on stderr, and what is done then; after the last it is interrupted. */
type Step = readonly [said: RegExp, act: () => void];

async function followed(path: string, steps: readonly Step[]): Promise<{ out: string; code: number }> {
  const child = spawn(process.execPath, [main, "logs", "--follow", path], {
    env: bareEnvironment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
  const out = text(child.stdout);
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (told += part));
  for (const [said, act] of steps) {
    await expect.poll(() => told).toMatch(said);
    act();
  }
  child.kill("SIGINT");
  return { out: await out, code: await exited };
}

test.concurrent("lines written meanwhile are in the report that an interrupt ends it with", async () => {
  const path = join(folder, "access.log");
  writeFileSync(path, line(1, 200));
  const { out, code } = await followed(path, [
    [/ of 1: /, () => appendFileSync(path, line(2, 503) + line(3, 200))],
    [/1 of 3/, () => {}],
  ]);
  expect(out).toContain("1 of 3 requests failed (33.3%): 503 ×1");
  expect(code).toBe(2);
});

test.concurrent("a log that is rotated away is followed under its name", async () => {
  const path = join(folder, "rotated.log");
  writeFileSync(path, line(1, 200));
  const { out } = await followed(path, [
    [/ of 1: /, () => rmSync(path)],
    [/it is not there: waiting for it/, () => writeFileSync(path, line(4, 503))],
    [/1 of 2/, () => {}],
  ]);
  expect(out).toContain("1 of 2 requests failed");
});
