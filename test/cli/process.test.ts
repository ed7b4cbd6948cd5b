import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { version } from "../../src/base/version.ts";
import { bareEnvironment, main, runProgram } from "./run-program.ts";

const command = (...args: string[]): string =>
  [process.execPath, main, ...args].map((word) => `'${word}'`).join(" ");

async function shell(line: string): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const child = spawn("bash", ["-c", line], { env: { ...bareEnvironment, PATH: process.env["PATH"] ?? "" } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { stdout, stderr, code };
}

test("--version prints the version and nothing else", async () => {
  expect(await runProgram(["--version"])).toEqual({ stdout: `${version}\n`, stderr: "", code: 0 });
  expect(await runProgram(["causes", "--no-color"])).toMatchObject({ code: 0, stderr: "" });
});

test("a reader that leaves is no failure and no stack", async () => {
  const { stdout, stderr, code } = await shell(`set -o pipefail; ${command("schema")} | head -n 1`);
  expect(stdout).toBe("{\n");
  expect(stderr).toBe("");
  expect(code).toBe(0);
});

test("a long report reaches a slow pipe whole", async () => {
  const { stdout } = await shell(`${command("schema")} | (sleep 0.3; cat)`);
  expect(JSON.parse(stdout)).toHaveProperty("$defs");
});

test("interrupted: a shell sees 130", async () => {
  // Waits for standard input, which nobody closes, until the interrupt comes.
  const line = `${command("--access-log", "-", "--from", ".")} < <(exec sleep 30 2> /dev/null) & pid=$!; sleep 3; kill -INT $pid; wait $pid; echo "exit $?"`;
  const { stdout } = await shell(`set -m; ${line}`);
  expect(stdout.trim().split("\n").at(-1)).toBe("exit 130");
});

test("called as a kubectl plugin, help shows that name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-"));
  try {
    const plugin = join(folder, "kubectl-why5xx");
    symlinkSync(main, plugin);
    const { stdout } = await runProgram(["--help"], { program: plugin });
    expect(stdout).toContain("  kubectl why5xx [diagnose] [TARGET] [flags]");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(["bash", "zsh", "fish"])("completion for %s names every command", async (name) => {
  const { stdout, code } = await runProgram(["completion", name]);
  expect(code).toBe(0);
  for (const word of ["diagnose", "bundle", "explain", "causes", "access-log", "all-namespaces"])
    expect(stdout).toContain(word);
});

test("the bash completion completes", async () => {
  const line = `source <(${command("completion", "bash")}); COMP_WORDS=(why5xx --acc); COMP_CWORD=1; _why5xx; echo "\${COMPREPLY[*]}"`;
  expect((await shell(line)).stdout).toBe("--access-log\n");
});

test("a gateway log from standard input counts with those of the bundle", async () => {
  const args = ["shop.example.com/", "--from", "corpus/healthy-steady/bundle", "-o", "json"];
  const requests = async (more: readonly string[], input = ""): Promise<number> => {
    const { stdout } = await runProgram([...args, ...more], { input });
    return (JSON.parse(stdout) as Report).targets[0]?.symptom.requests ?? 0;
  };
  const line =
    '203.0.113.9 - - [18/Nov/2026:10:05:00 +0000] "GET /late HTTP/1.1" 200 640 "-" "curl/8" 100 0.010 [shop-cart-80] [] 10.42.2.6:8080 640 0.011 200 0da05061bd2e1a49f869eaa84b18a0ff\n';
  const before = await requests([]);
  expect(before).toBeGreaterThan(0);
  expect(await requests(["--access-log", "-"], line)).toBe(before + 1);
  expect(await requests(["--access-log", "-", "--since", "10m"], line)).toBeLessThan(before);
});
