import { describe, expect, test } from "vitest";
import { catalogue } from "../../src/causes/catalogue.ts";
import { gatewayScan } from "../../src/derive/gateway-logs.ts";
import { logsReport } from "../../src/verdict/logs-report.ts";
import { usualCauses } from "../../src/verdict/log-target.ts";
import { loadedCases } from "../corpus/loaded.ts";

/** At or above this a supported finding is an accusation. */
const accusedFrom = 0.5;

/** Cases that have a gateway's log with failures in it: what would a person with only that log be told? */
const withLog = loadedCases.flatMap(({ frozen, evidence }) => {
  const scan = gatewayScan(evidence);
  const isFailing = scan.state === "present" && scan.value.totals.failed + scan.value.totals.masked > 0;
  return isFailing ? [{ id: frozen.id, expect: frozen.expect, evidence, scan: scan.value }] : [];
});

describe("logs of the corpus without the cluster's objects", () => {
  test.each(withLog)("$id: accuses nothing that was not true", ({ expect: truth, evidence, scan }) => {
    const question = { files: ["gateway.log"], askedAt: evidence.collectedAt };
    const report = logsReport(scan, question, catalogue);
    const known = new Set([...truth.causes, ...(truth.acceptable ?? [])]);
    const accused = report.findings.filter((f) => f.confidence >= accusedFrom).map((f) => f.cause);
    expect(accused.filter((cause) => !known.has(cause))).toEqual([]);
    expect(report.requests.failed + report.attempts.masked).toBeGreaterThan(0);
  });

  test("a share of them is decided by the log alone", () => {
    const decided = withLog.filter(({ evidence, scan }) => {
      const report = logsReport(scan, { files: ["gateway.log"], askedAt: evidence.collectedAt }, catalogue);
      return report.findings.length > 0;
    });
    expect(decided.length / withLog.length).toBeGreaterThan(0.25);
  });
});

test("every cause that a class of failure is said to come of exists", () => {
  const ids = new Set(catalogue.map((cause) => cause.id));
  const named = Object.values(usualCauses).flat();
  expect(named.filter((id) => !ids.has(id))).toEqual([]);
});
