import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, test } from "vitest";
import { catalogue } from "../../src/causes/catalogue.ts";
import type { ChangeRecord } from "../../src/evidence/change-record.ts";
import { writeBundle } from "../../src/evidence/write-bundle.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { liveBlock, type LiveView } from "../../src/render/watch-live.ts";
import { renderWatchMarkdown } from "../../src/render/watch-markdown.ts";
import { renderWatch } from "../../src/render/watch-terminal.ts";
import type { WatchReport } from "../../src/report/watch-report.ts";
import { watchReportJsonSchema } from "../../src/report/watch-schema.ts";
import type { Workload } from "../../src/derive/views.ts";
import type { Traffic } from "../../src/logs/traffic.ts";
import { parseTarget } from "../../src/target/target.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";
import { baselineOf } from "../../src/watch/baseline.ts";
import { watchReport } from "../../src/watch/watch-report.ts";
import {
  at,
  change,
  departure,
  evidenceWith,
  factsOf,
  newPod,
  nginxError,
  nginxLine,
  podAs,
  recordOf,
} from "./shop-record.ts";

const folder = mkdtempSync(join(tmpdir(), "why5xx-watch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const log =
  Array.from({ length: 40 }, (_, i) => nginxLine(1 + i, `ok${i}`, i < 9 ? "10.0.0.1" : "10.0.0.2", 200)).join(
    "",
  ) + [11, 11.2, 12, 13].map((s) => nginxLine(s, `f${s}`) + nginxError(s)).join("");

const target = parseTarget("shop.example.com/cart");

function reportOf(record: ChangeRecord, text = log): WatchReport {
  const evidence = evidenceWith(text, record);
  const [diagnosis] = diagnose(evidence, target, catalogue).targets;
  return watchReport({
    target: "shop.example.com/cart",
    record,
    facts: factsOf(evidence),
    diagnosis: diagnosis!,
    before: { requests: 100, failed: 0, source: "gateway log" },
    series: [{ from: "2026-01-01T12:00:00.000Z", seconds: 60, requests: 44, failed: 4 }],
    isCutShort: false,
    tolerated: { text: "0", most: 0, isShare: false },
    losses: [],
  });
}

const schemaErrors = (report: unknown): string[] => {
  const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(watchReportJsonSchema);
  return isValid(report) ? [] : (isValid.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
};

describe("the report of a watch", () => {
  const report = reportOf(departure);

  test("names the verdict, the pod, and the pause that covers what was seen", () => {
    expect(report).toMatchObject({
      verdict: "failing",
      during: { requests: 44, failed: 4, codes: { "502": 4 } },
      pods: { ready: 1, terminating: 0, deleted: 1, created: 0, restarts: 0 },
      drain: { deletions: 1, measured: 1, longestSeconds: 3.6, preStopSeconds: 6 },
      diagnosis: {
        findings: [
          { cause: "shutdown-no-prestop-race", state: "supported" },
          ...report.diagnosis!.findings.slice(1),
        ],
      },
    });
    expect(report.states).toMatchObject([{ state: "terminating", attempts: 4 }]);
  });

  test("is as its schema says, and nothing more is", () => {
    expect(schemaErrors(JSON.parse(JSON.stringify(report)))).toEqual([]);
    expect(schemaErrors({ ...report, more: 1 })).not.toEqual([]);
  });

  test("what was not heard is said", () => {
    const deaf = reportOf({
      ...departure,
      dropped: 7,
      watched: [
        {
          resource: "pods",
          namespace: "shop",
          reason: "forbidden: jane cannot watch pods in namespace shop",
          gaps: [],
        },
        { resource: "events", namespace: "shop", gaps: [{ fromMs: at(1), toMs: at(3.5) }] },
      ],
    });
    expect(deaf.losses.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      "watch of pods in shop: forbidden: jane cannot watch pods in namespace shop",
      "watch of events in shop: nobody listened for 2.5 s; what happened then has the time of its end",
      "changes: 7 were not kept, because there were too many",
    ]);
    expect(deaf.pods.readyEndpoints).toBeUndefined();
  });

  test("names from a cluster act on no terminal and no page", () => {
    const evil = "web-\u001b[2J\u202e<img src=x>@here";
    const record = recordOf([
      ...departure.changes,
      change(30, "added", podAs({ name: evil, ip: "10.0.0.8" })),
    ]);
    const told = reportOf(record);
    const style = { width: 100, hasColor: false, hasUnicode: true };
    const text = renderWatch(told, { style, verbose: true });
    const page = renderWatchMarkdown(told, { verbose: true });
    expect(told.happened.map((h) => h.text)).toContain(`pod ${evil} created`);
    // oxlint-disable-next-line no-control-regex -- control characters are the subject
    expect(text + page).not.toMatch(/[\u001b\u202e]/);
    expect(page).not.toMatch(/<img|@here/);
    expect(text).toMatch(/^. failing: 4 of 44 requests failed/m);
  });

  test("what is drawn again and again fits its terminal", () => {
    const view: LiveView = {
      target: `shop.example.com/${"x".repeat(200)}`,
      passedSeconds: 61,
      wholeSeconds: 300,
      during: { requests: 44, failed: 4 },
      series: report.series,
      pods: report.pods,
      rollouts: [],
      happened: Array.from({ length: 30 }, () => ({ at: "2026-01-01T12:00:00.000Z", text: "y".repeat(300) })),
    };
    const lines = liveBlock(view, { width: 60, hasColor: false, hasUnicode: true }, 8).trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(8);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60);
  });
});

function logged(): { readonly traffic: Traffic; readonly workloads: readonly Workload[] } {
  const { traffic, workloads } = factsOf(evidenceWith(log));
  if (traffic.state !== "present" || workloads.state !== "present") throw new Error("unread");
  return { traffic: traffic.value, workloads: workloads.value };
}

describe("the rate before", () => {
  test("ends where the watching began", () => {
    const { traffic: seen, workloads } = logged();
    const before = baselineOf(seen, workloads, at(10));
    expect(before?.requests).toBe(9);
    expect(before?.failed).toBe(0);
    expect(baselineOf(seen, workloads, at(0))).toBeUndefined();
  });

  test("ends where the newest revision began, when that is a short while ago", () => {
    const { traffic: seen, workloads } = logged();
    const [workload] = workloads;
    const [revision] = workload!.revisions;
    const rolled = (seconds: number) => [
      {
        ...workload!,
        revisions: [
          { ...revision!, createdMs: at(seconds) },
          { ...revision!, createdMs: at(-9999) },
        ],
      },
    ];
    expect(baselineOf(seen, rolled(5), at(41))?.requests).toBe(4);
    expect(baselineOf(seen, rolled(-3600), at(41))?.requests).toBe(44);
  });
});

describe("a bundle of what was watched", () => {
  test("gives the same diagnosis without the cluster", async () => {
    const evidence = evidenceWith(log, departure);
    const path = join(folder, "same.tar.gz");
    await writeBundle(evidence, path);
    const back = await openSource(path);
    expect(back.changes).toEqual(evidence.changes);
    expect(diagnose(back, target, catalogue).targets).toEqual(diagnose(evidence, target, catalogue).targets);
  });

  test.each([
    ["no JSON", "{", /^changes\.json: broken JSON/],
    ["no record", '{"changes": 4}', /^changes\.json: it is no record of changes$/],
    ["a list", "[1,2]", /^changes\.json: it is no record of changes$/],
  ])("with %s in the place of the record is read without it", async (name, text, loss) => {
    const path = join(folder, name.replaceAll(" ", "-"));
    await writeBundle(evidenceWith(log, departure), path);
    writeFileSync(join(path, "changes.json"), text);
    const back = await openSource(path);
    expect(back.changes).toBeUndefined();
    expect(back.losses.map(({ what, why }) => `${what}: ${why}`).join()).toMatch(loss);
    expect(diagnose(back, target, catalogue).targets).toHaveLength(1);
  });

  test("entries that are no changes are left out, and said", async () => {
    const path = join(folder, "half");
    await writeBundle(evidenceWith(log, departure), path);
    const file = join(path, "changes.json");
    const record = JSON.parse(readFileSync(file, "utf8")) as { changes: unknown[] };
    const [first] = record.changes as [object];
    const wrong = [
      null,
      4,
      { ...first, atMs: 1e300 },
      { ...first, resource: "secrets" },
      { ...first, object: [] },
    ];
    writeFileSync(
      file,
      JSON.stringify({
        ...record,
        changes: [...wrong, ...record.changes],
        watched: [7, { resource: "pods", gaps: [{}] }],
      }),
    );
    const back = await openSource(path);
    expect(back.changes?.changes).toHaveLength(departure.changes.length);
    expect(back.changes?.watched).toEqual([{ resource: "pods", namespace: "default", gaps: [] }]);
    expect(back.losses).toContainEqual({ what: "changes.json", why: "3 entries are no changes" });
  });

  test("holds no credential that a cluster put into a message", async () => {
    const leaky = {
      ...podAs({ name: newPod }),
      metadata: { ...podAs().metadata, labels: { app: "web", url: "postgres://u:hunter2@db/x" } },
    };
    const path = join(folder, "clean");
    await writeBundle(evidenceWith(log, recordOf([change(1, "added", leaky)])), path);
    expect(readFileSync(join(path, "changes.json"), "utf8")).not.toContain("hunter2");
  });
});
