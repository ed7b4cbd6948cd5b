import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseNames, casesFolder, evidenceOfCase, linted } from "../lint/cases.ts";
import { runProgram } from "./run-program.ts";

const readTimeout = "nginx.ingress.kubernetes.io/proxy-read-timeout";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "why5xx-lint-fix-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** The bad manifests of a rule, with a comment at every line's end where one may stand. */
function put(name: string): { readonly path: string; readonly before: string } {
  const text = readFileSync(join(casesFolder, name, "bad.yaml"), "utf8");
  const before = text.replaceAll(/^( *(?:kind|name|replicas|image): .*)$/gm, "$1 # kept");
  writeFileSync(join(folder, `${name}.yaml`), before);
  return { path: `${name}.yaml`, before };
}

const kept = (text: string): string[] => text.split("\n").filter((line) => line.includes("# kept"));

const isSafe = await Promise.all(
  caseNames.map(async (name) => ({
    name,
    safe: linted(await evidenceOfCase(name, "bad")).findings[0]?.fixes[0]?.applicability === "safe",
  })),
);

describe("--fix makes what is safe, and nothing is found afterwards", () => {
  test.each(isSafe.filter(({ safe }) => safe).map(({ name }) => name))("%s", async (name) => {
    const { path, before } = put(name);
    const { code, stdout, stderr } = await runProgram(
      ["lint", path, "--fix", "-o", "json", "--fail-on", "note"],
      {
        cwd: folder,
      },
    );
    expect(stderr).toMatch(new RegExp(`^${path}: .* \\(${name}\\)\n$`));
    expect((JSON.parse(stdout) as { findings: unknown[] }).findings).toEqual([]);
    expect(code).toBe(0);
    const after = readFileSync(join(folder, path), "utf8");
    expect(after).not.toBe(before);
    expect(kept(after)).toEqual(kept(before));
  });
});

describe("--fix leaves a decision to the person", () => {
  test.each(isSafe.filter(({ safe }) => !safe).map(({ name }) => name))("%s", async (name) => {
    const { path, before } = put(name);
    const { stdout, stderr } = await runProgram(["lint", path, "--fix", "-o", "json"], { cwd: folder });
    expect(stderr).toBe("");
    expect((JSON.parse(stdout) as { findings: { rule: string }[] }).findings.map((f) => f.rule)).toEqual([
      name,
    ]);
    expect(readFileSync(join(folder, path), "utf8")).toBe(before);
  });
});

test("two changes of one field follow each other, until nothing is found", async () => {
  const good = readFileSync(join(casesFolder, "liveness-probe-too-strict/good.yaml"), "utf8");
  const before = good
    .replace("kind: Ingress\nmetadata:\n", `$&  annotations:\n    ${readTimeout}: "300"\n`)
    .replace(/terminationGracePeriodSeconds: \d+/, "terminationGracePeriodSeconds: 30")
    .replace(/ +lifecycle:\n +preStop:\n +sleep:\n +seconds: 15\n/, "");
  writeFileSync(join(folder, "both.yaml"), before);
  const { stderr, stdout, code } = await runProgram(["lint", "both.yaml", "--fix", "-o", "json"], {
    cwd: folder,
  });
  const rules = stderr.split("\n").map((line) => /\(([\w-]+)\)$/.exec(line)?.[1] ?? "");
  expect(rules).toEqual(["grace-period-too-short", "prestop-hook-missing", "grace-period-too-short", ""]);
  expect([(JSON.parse(stdout) as { findings: unknown[] }).findings, code]).toEqual([[], 0]);
  expect(readFileSync(join(folder, "both.yaml"), "utf8")).toContain("terminationGracePeriodSeconds: 325\n");
});

test("the only pod is not given away: its budget is a decision", async () => {
  const { before } = put("disruption-budget-allows-nothing");
  const single = before.replace(/replicas: 3/, "replicas: 1").replace("minAvailable: 3", "minAvailable: 1");
  writeFileSync(join(folder, "single.yaml"), single);
  const { stderr } = await runProgram(["lint", "single.yaml", "--fix"], { cwd: folder });
  expect([stderr, readFileSync(join(folder, "single.yaml"), "utf8")]).toEqual(["", single]);
});

test("what cannot be written without touching what is around it stays, and it is said", async () => {
  const { before } = put("max-unavailable-all");
  const flow = before.replace(
    "  strategy:\n    type: RollingUpdate\n    rollingUpdate:\n      maxUnavailable: 3\n      maxSurge: 1\n",
    "  strategy: &s {type: RollingUpdate, rollingUpdate: &r {maxUnavailable: &m 3, maxSurge: 1}}\n",
  );
  writeFileSync(join(folder, "flow.yaml"), flow);
  const { stderr, code } = await runProgram(["lint", "flow.yaml", "--fix"], { cwd: folder });
  expect(stderr).toMatch(/^flow\.yaml:\d+: left as it is \(max-unavailable-all\): .* by hand/);
  expect([readFileSync(join(folder, "flow.yaml"), "utf8"), code]).toEqual([flow, 1]);
});

test("standard input and clusters have no file to change", async () => {
  const input = readFileSync(join(casesFolder, "max-unavailable-all/bad.yaml"));
  const { stderr, code } = await runProgram(["lint", "-", "--fix"], { input });
  expect([code, stderr]).toEqual([2, expect.stringContaining("--fix changes manifests: name their files")]);
});
