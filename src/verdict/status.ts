import type { FindingReport, HopReport, SymptomReport, TargetStatus } from "../report/report.ts";

/** Share of the failures that must be accounted for to call a target explained. */
const explainedShare = 0.9;

export function statusOf(
  found: readonly FindingReport[],
  symptom: SymptomReport,
  isDead: boolean,
  explained: number,
  /** Failures that were laid against the findings: of very many a sample. */
  looked: number | undefined,
): TargetStatus {
  const failed = looked ?? (symptom.failed > 0 ? symptom.failed : symptom.masked);
  if (found.length > 0) {
    const counts = found.some((f) => f.share !== undefined);
    if (!symptom.counted || failed === 0 || !counts) return "explained";
    return explained >= explainedShare * failed ? "explained" : "partly-explained";
  }
  if (symptom.failed > 0 || isDead) return "unexplained";
  return symptom.counted && symptom.requests > 0 ? "healthy" : "undecided";
}

/** One sentence for the top of the report. */
export function headlineOf(
  status: TargetStatus,
  found: readonly FindingReport[],
  symptom: SymptomReport,
  hops: readonly HopReport[],
): string {
  const best = found[0];
  if (best !== undefined) {
    const clue = best.clues.find((c) => c.for);
    const rest = found.length > 1 ? ` (and ${found.length - 1} more)` : "";
    const what = clue === undefined ? best.title : `${best.title}: ${clue.text}`;
    return `${what}${rest}`;
  }
  const { failed, requests, masked } = symptom;
  if (status === "healthy") {
    const hidden = masked > 0 ? `; ${masked} failed attempts were saved by retries` : "";
    return `No request failed: ${requests} seen, none with 502, 503 or 504${hidden}`;
  }
  if (status === "unexplained") {
    const seen = failed > 0 ? `${failed} of ${requests} requests failed` : "The route cannot serve a request";
    return `${seen}, and nothing that was read says why`;
  }
  const blind = hops.filter((h) => h.state === "unknown").map((h) => h.hop);
  const where = blind.length > 0 ? ` (not readable: ${blind.join(", ")})` : "";
  return `Nothing wrong in what was read${where}, but no gateway log was there to count requests`;
}
