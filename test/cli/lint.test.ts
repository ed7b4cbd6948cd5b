import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lintExitCode } from "../../src/cli/lint.ts";
import { lintRules } from "../../src/lint/rules.ts";
import { type Ran, root, runProgram } from "./run-program.ts";

const bad = join(root, "test/lint/cases/single-replica/bad.yaml");
const good = join(root, "test/lint/cases/single-replica/good.yaml");

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "why5xx-lint-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const lint = (...args: string[]): Promise<Ran> => runProgram(["lint", ...args], { cwd: folder });

describe("exit code", () => {
  test.each([
    [bad, "warning", 1],
    [bad, "note", 1],
    [bad, "error", 0],
    [bad, "never", 0],
    [good, "note", 0],
  ])("%s with --fail-on %s", async (path, threshold, code) => {
    expect((await lint(path, "--fail-on", threshold)).code).toBe(code);
  });

  test.each([
    [{ error: 0, warning: 0, note: 3 }, "warning", false, 0],
    [{ error: 0, warning: 0, note: 0 }, "warning", true, 2],
    [{ error: 1, warning: 0, note: 0 }, "warning", true, 1],
    [{ error: 0, warning: 2, note: 0 }, "error", true, 2],
  ] as const)("%j at %s, partly read %s", (counts, threshold, isPartlyRead, code) => {
    expect(lintExitCode({ counts }, threshold, isPartlyRead)).toBe(code);
  });
});

describe("what is wrong with the command line is said", () => {
  test.each([
    [[""], /^why5xx: A path is empty: ""\. Is a variable not set\?/],
    [["missing.yaml"], /^why5xx: missing.yaml: no such file or folder/],
    [[bad, "-o", "markdown"], /^why5xx: -o markdown: choose one of text, json, sarif, junit, github/],
    [[bad, "--fail-on", "fatal"], /^why5xx: --fail-on fatal: choose one of error, warning, note, never/],
    [[bad, "--baseline", bad], /is no baseline\. Write one with: lint … --write-baseline/],
    [[bad, "--config", "none.yaml"], /^why5xx: none.yaml cannot be read/],
    [[bad, "--context", "prod"], /--context is for a cluster, and .* is read instead/],
    [[bad, "-A"], /--all-namespaces is for a cluster/],
    [["-n", "a", "-A"], /exclude each other/],
  ])("%j", async (args, message) => {
    const { code, stderr } = await lint(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe("in use", () => {
  test("standard input, with the report on standard output and nothing else", async () => {
    const { stdout, stderr, code } = await runProgram(["lint", "-", "-o", "json"], {
      cwd: folder,
      input: readFileSync(bad),
    });
    const report = JSON.parse(stdout) as { findings: { rule: string; place: unknown }[] };
    expect(report.findings.map((f) => f.rule)).toEqual(["single-replica"]);
    expect([stderr, code]).toEqual(["", 1]);
  });

  test("the line of a finding is that of its key", async () => {
    const { stdout } = await lint(bad, "-o", "json");
    const [finding] = (JSON.parse(stdout) as { findings: { place: { line: number } }[] }).findings;
    const line = readFileSync(bad, "utf8").split("\n")[(finding?.place.line ?? 0) - 1];
    expect(line).toBe("  replicas: 1");
  });

  test("a baseline is written, and leaves out what it holds", async () => {
    const written = await lint(bad, "--write-baseline", "baseline.json");
    expect([written.code, written.stdout]).toEqual([0, ""]);
    expect(written.stderr).toContain("Wrote baseline.json with 1 finding.");
    const { code, stdout } = await lint(bad, "--baseline", "baseline.json");
    expect([code, stdout]).toEqual([0, expect.stringContaining("1 finding not counted")]);
    await lint(bad, "--baseline", "baseline.json", "--write-baseline", "again.json");
    expect(readFileSync(join(folder, "again.json"))).toEqual(readFileSync(join(folder, "baseline.json")));
  });

  test("the configuration of the folder is read, and -n narrows what is told", async () => {
    const entry = "ignore: [{rule: single-replica, object: 'Deployment shop/*', reason: one is enough}]\n";
    writeFileSync(join(folder, "rules.yaml"), entry);
    expect((await lint(bad, "--config", "rules.yaml")).code).toBe(0);
    writeFileSync(join(folder, ".why5xx.yaml"), entry);
    expect((await lint(bad)).code).toBe(0);
    rmSync(join(folder, ".why5xx.yaml"));
    expect((await lint(bad, "-n", "shop")).code).toBe(1);
    expect((await lint(bad, "-n", "mall")).code).toBe(0);
  });

  test("every rule can be explained", async () => {
    const [rule] = lintRules;
    const { stdout, code } = await runProgram(["explain", rule?.id ?? ""]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(rule?.title ?? "?")]);
    expect((await runProgram(["explain", "singel-replica"])).stderr).toContain(
      "Did you mean single-replica?",
    );
  });
});
