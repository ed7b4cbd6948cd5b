import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { IncidentReport } from "../../src/report/incident-report.ts";
import { type Ran, root, runProgram } from "./run-program.ts";

const bundle = join(root, "corpus/lab-shutdown-no-prestop-race/bundle");
const folder = mkdtempSync(join(tmpdir(), "why5xx-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const report = (...args: string[]): Promise<Ran> =>
  runProgram(["report", "--from", bundle, ...args], { cwd: folder });
const json = async (...args: string[]): Promise<IncidentReport> =>
  JSON.parse((await report("-o", "json", ...args)).stdout) as IncidentReport;

const verified = {
  schema: "why5xx.verify/v1",
  tool: { version: "0.1.0" },
  target: "store.example.com/orders",
  request: { method: "GET", url: "http://store.example.com/orders", perSecond: 20 },
  startedAt: "2026-11-24T15:10:00.000Z",
  after: { requests: 400, failed: 0, low: 0, high: 0.01, seconds: 20, answers: { "200": 400 } },
  verdict: "fixed",
  why: "None of 400 requests failed.",
};

test("without a format it is a page, twice the same, and its exit code is that of the diagnosis", async () => {
  const [once, again] = await Promise.all([report(), report()]);
  expect(once).toMatchObject({ code: 1, stderr: "" });
  expect(once.stdout).toMatch(/^<!DOCTYPE html>\n<html lang="en">/);
  expect(again.stdout).toBe(once.stdout);
});

test("diagnose has the page too, without what follows an incident", async () => {
  const { stdout, code } = await runProgram(["--from", bundle, "-o", "html"]);
  expect(code).toBe(1);
  expect(stdout).toContain('<p class="kicker">Diagnosis</p>');
  expect(stdout).not.toMatch(/<h[23][^>]*>(Escalation|Follow-ups|Verification)/);
});

describe("--escalation", () => {
  const filled =
    'escalation:\n  severity: SEV-2\n  timeBox: 30m\n  channel: "#shop"\n  contacts:\n    - {name: Ada, reach: 5550123}\n';

  test("is shown as it was written, and nothing is missing then", async () => {
    const path = written("who.yaml", filled);
    const { escalation } = await json("--escalation", path);
    expect(escalation).toMatchObject({
      from: path,
      severity: "SEV-2",
      timeBox: "30m",
      channel: "#shop",
      contacts: [{ name: "Ada", reach: "5550123" }],
      missing: [],
    });
    expect(escalation?.message[0]).toMatch(/^SEV-2: On 24 November 2026/);
  });

  test("without one the folder's .why5xx.yaml is taken, then the one in the configuration folder, else it says what is missing", async () => {
    expect((await json()).escalation).toMatchObject({
      contacts: [],
      missing: ["severity", "time box", "channel", "contacts"],
    });
    const config = join(folder, "config");
    mkdirSync(join(config, "why5xx"), { recursive: true });
    writeFileSync(join(config, "why5xx", "config.yaml"), "escalation: {severity: SEV-9}\n");
    const env = { XDG_CONFIG_HOME: config };
    const here = join(folder, "here");
    mkdirSync(here);
    const args = ["report", "--from", bundle, "-o", "markdown"];
    expect((await runProgram(args, { env, cwd: here })).stdout).toContain("- severity: SEV-9");
    writeFileSync(join(here, ".why5xx.yaml"), filled);
    expect((await runProgram(args, { env, cwd: here })).stdout).toContain("- severity: SEV-2");
  });

  test.each([
    ["severty: SEV-1", /there is no "severty"; there are severity, timeBox, channel and contacts/],
    ["timeBox: soon", /timeBox in .*soon/],
    ["contacts: [{reach: 1}]", /contacts\[0\]: name is missing/],
    ["contacts: Ada", /contacts has to be a list/],
    ["severity: [1]", /severity has to be a text/],
    ["- a", /escalation has to be a mapping/],
    ["{a: [", /is not YAML/],
  ])("%s is refused in words", async (text, words) => {
    const { stderr, stdout, code } = await report("--escalation", written("odd.yaml", text));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(words);
  });
});

describe("--verified", () => {
  test("the result is told with its numbers", async () => {
    const { stdout } = await report(
      "-o",
      "markdown",
      "--verified",
      written("ok.json", JSON.stringify(verified)),
    );
    expect(stdout).toContain("**fixed**: None of 400 requests failed.");
    expect(stdout).toContain("- After: 0 of 400 failed");
  });

  test.each([
    [
      "of another route",
      JSON.stringify({ ...verified, target: "a.example/" }),
      /is about a\.example\/, and this report is about store\.example\.com\/orders/,
    ],
    [
      "of another command",
      JSON.stringify({ ...verified, schema: "why5xx.fix/v1" }),
      /its schema is not why5xx\.verify\/v1/,
    ],
    [
      "with a part missing",
      JSON.stringify({ ...verified, after: {} }),
      /after is missing or of another type/,
    ],
    ["that is no JSON", "fixed!", /it is not JSON/],
  ])("one %s is refused", async (_, text, words) => {
    const { stderr, code, stdout } = await report("--verified", written("odd.json", text));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

test.each([
  [["-o", "pdf"], /-o pdf: choose one of html, markdown, json/],
  [["--verified", "/nonexistent/x.json"], /\/nonexistent\/x\.json cannot be read/],
  [["--escalation", "/nonexistent/x.yaml"], /\/nonexistent\/x\.yaml cannot be read/],
  [["other.example.com/"], /other\.example\.com/],
])("%j ends with a message and nothing on standard output", async (args, words) => {
  const { stderr, code, stdout } = await report(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(words);
});

test("of a password beside what is changed, the name is told and not the value", async () => {
  const secret = ["hunter2", "hunter2", "9f3a"].join("-");
  const copy = join(folder, "bundle");
  cpSync(join(root, "corpus/lab-rollout-bad-revision/bundle"), copy, { recursive: true });
  for (const kind of ["deployments", "replicasets"]) {
    const path = join(copy, `objects/${kind}.json`);
    const text = readFileSync(path, "utf8");
    const env = /(\{\s*"name":\s*"PORT",\s*"value":\s*"8000"\s*\})/g;
    expect(text).toMatch(env);
    writeFileSync(path, text.replace(env, `$1,{"name":"DB_PASSWORD","value":"${secret}"}`));
  }
  const { stdout } = await runProgram(["report", "--from", copy]);
  expect(stdout).toContain("DB_PASSWORD");
  expect(stdout).not.toContain(secret);
});
