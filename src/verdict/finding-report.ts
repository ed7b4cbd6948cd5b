import type { ClueReport, FindingReport, UnknownReport } from "../report/report.ts";
import type { Clue } from "../causes/clue.ts";
import type { Attributed } from "./attribute.ts";
import { logOdds, roundConfidence } from "./confidence.ts";
import type { OtherFinding, SupportedFinding } from "./finding.ts";

/** One supported chain as the report shows it; `of` is undefined when no request was counted. */
export function supportedReport(entry: Attributed, of: number | undefined): FindingReport {
  const { root, links } = entry.chain;
  return linkReport(
    root,
    links,
    of === undefined || of === 0 || !entry.counts ? undefined : { explained: entry.explained, of },
  );
}

export function linkReport(
  finding: SupportedFinding,
  links: readonly SupportedFinding[],
  share: { explained: number; of: number } | undefined,
): FindingReport {
  return {
    cause: finding.cause.id,
    title: finding.cause.title,
    state: "supported",
    confidence: roundConfidence(finding.confidence),
    hop: finding.cause.hop,
    subject: finding.subject,
    ...(share === undefined ? {} : { share }),
    because: links.map((l) => ({ cause: l.cause.id, title: l.cause.title, subject: l.subject })),
    clues: finding.clues.map(clueReport).sort(heaviestFirst),
    fixes: finding.fixes,
  };
}

export function otherReport(finding: OtherFinding): FindingReport {
  return {
    cause: finding.cause.id,
    title: finding.cause.title,
    state: finding.state,
    confidence: roundConfidence(finding.confidence),
    hop: finding.cause.hop,
    because: [],
    clues: finding.clues.map(clueReport).sort(heaviestFirst),
    fixes: [],
    ...(finding.why === undefined ? {} : { why: finding.why }),
    ...(finding.lookAt === undefined ? {} : { lookAt: finding.lookAt }),
  };
}

/** What could not be known, and the causes each missing piece leaves open. */
export function unknownReports(findings: readonly OtherFinding[]): UnknownReport[] {
  const byReason = new Map<string, { evidence: string; reason: string; causes: Set<string> }>();
  for (const { cause, missing } of findings) {
    for (const { evidence, reason } of missing) {
      const key = `${evidence}\n${reason}`;
      const entry = byReason.get(key) ?? { evidence, reason, causes: new Set<string>() };
      entry.causes.add(cause.id);
      byReason.set(key, entry);
    }
  }
  return [...byReason.values()]
    .map(({ evidence, reason, causes }) => ({ evidence, reason, wouldDecide: [...causes].sort() }))
    .sort((a, b) => b.wouldDecide.length - a.wouldDecide.length || (a.evidence < b.evidence ? -1 : 1));
}

function clueReport(clue: Clue): ClueReport {
  const { for: isFor, weight, text, source, see } = clue;
  return { for: isFor, weight, text, source, ...(see === undefined ? {} : { see }) };
}

const heaviestFirst = (a: ClueReport, b: ClueReport): number =>
  Number(b.for) - Number(a.for) || logOdds[b.weight] - logOdds[a.weight];
