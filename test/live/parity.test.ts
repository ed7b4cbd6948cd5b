import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidenceOf, frozenCases, targetOf } from "../../corpus/frozen-cases.ts";
import { serveCluster } from "../../lab/api-server/serve.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { withLogs } from "../../src/cli/log-files.ts";
import type { Evidence, LogStream } from "../../src/evidence/evidence.ts";
import { writeBundle } from "../../src/evidence/write-bundle.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { gatherCluster } from "../../src/gather/sources/cluster.ts";
import type { Report } from "../../src/report/report.ts";
import type { Target } from "../../src/target/target.ts";
import { diagnose, TargetNotFound } from "../../src/verdict/diagnose.ts";

const cases = frozenCases();
let scratch = "";

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "why5xx-parity-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** The double serves what was read; what the case leaves unread it refuses, as a cluster would. */
async function gatherLive(evidence: Evidence, target: Target): Promise<Evidence> {
  const cluster = await serveCluster(evidence, { denyUnread: true });
  try {
    const options = { kubeconfig: cluster.kubeconfigPath, sinceMs: 24 * 3600_000, appLogBytes: 4 << 20 };
    const gathered = await gatherCluster(options, target, () => undefined);
    // A load balancer's log is in no cluster: it is handed over, as with --access-log.
    return withLogs(gathered, evidence.logs.filter(isHandedOver));
  } finally {
    await cluster.close();
  }
}

const isHandedOver = ({ role }: LogStream): boolean => role !== "container";

/** What a person acts on: status, accused causes with their share, the count of failures. */
function verdictOf(report: Report): unknown {
  return report.targets.map((t) => ({
    target: t.target,
    status: t.status,
    failed: t.symptom.failed,
    masked: t.symptom.masked,
    supported: t.findings
      .filter((f) => f.state === "supported")
      .map((f) => ({ cause: f.cause, share: f.share })),
  }));
}

function judged(evidence: Evidence, target: Target): unknown {
  try {
    return verdictOf(diagnose(evidence, target, catalogue));
  } catch (error) {
    if (error instanceof TargetNotFound) return "not found";
    throw error;
  }
}

describe("a live cluster and a bundle of it give the same verdict", () => {
  it("has cases to compare", () => expect(cases.length).toBeGreaterThan(30));

  it.each(cases.map((c) => [c.id, c] as const))("%s", async (id, frozen) => {
    const evidence = await evidenceOf(frozen);
    const target = targetOf(frozen);
    const live = await gatherLive(evidence, target);
    expect(judged(live, target)).toEqual(judged(evidence, target));

    const saved = join(scratch, id);
    await writeBundle(live, saved);
    const again = await openSource(saved);
    expect(JSON.stringify(judged(again, target))).toBe(JSON.stringify(judged(live, target)));
  });
});
