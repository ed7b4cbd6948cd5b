import type { FrozenExpectation } from "../../corpus/author/case.ts";
import type { FindingReport, Report } from "../../src/report/report.ts";

/** At or above this a supported finding is an accusation. */
const accusedFrom = 0.5;

export interface Forecast {
  readonly cause: string;
  readonly confidence: number;
  /** Whether the cause was true in that case. */
  readonly isTrue: boolean;
}

export interface Judged {
  readonly id: string;
  readonly hasCause: boolean;
  /** The first finding is a true root cause; for a case without one: nothing is accused. */
  readonly top1: boolean;
  readonly top3: boolean;
  /** Accused and not true: "oom-killed 0.83". */
  readonly falselyAccused: readonly string[];
  /** A true cause exists and nothing was accused. */
  readonly abstained: boolean;
  readonly statusRight: boolean;
  readonly shareRight: boolean;
  readonly forecasts: readonly Forecast[];
  readonly expected: string;
  readonly said: string;
}

/** Compares a report with what the case expects; a report without targets is wrong in every way. */
export function judge(expectation: FrozenExpectation, report: Pick<Report, "targets">): Judged {
  const { id, expect } = expectation;
  const target = report.targets[0];
  const supported = report.targets.flatMap((t) => t.findings.filter((f) => f.state === "supported"));
  const first = target?.findings[0]?.state === "supported" ? target.findings[0] : undefined;
  const known = new Set([...expect.causes, ...(expect.acceptable ?? [])]);
  const hasCause = expect.causes.length > 0;
  const wrong = supported.filter((f) => !known.has(f.cause) && (!hasCause || f.confidence >= accusedFrom));
  const accused = supported.filter((f) => f.confidence >= accusedFrom);
  return {
    id,
    hasCause,
    top1: hasCause
      ? first !== undefined && expect.causes.includes(first.cause)
      : target !== undefined && wrong.length === 0,
    top3: hasCause ? supported.slice(0, 3).some((f) => expect.causes.includes(f.cause)) : wrong.length === 0,
    falselyAccused: wrong.map(short),
    abstained: hasCause && accused.length === 0,
    statusRight: target?.status === expect.status && target.symptom.masked >= (expect.masked ?? 0),
    shareRight: expect.share === undefined || shareOf(first) >= expect.share,
    forecasts: forecastsOf(supported, known, expect.causes),
    expected: `${expect.status}: ${expect.causes.join(", ") || "nothing"}`,
    said: `${target?.status ?? "no target"}: ${supported.slice(0, 3).map(short).join(", ") || "nothing"}`,
  };
}

const short = (f: FindingReport): string => `${f.cause} ${f.confidence.toFixed(2)}`;

const shareOf = (f: FindingReport | undefined): number =>
  f?.share === undefined || f.share.of === 0 ? 0 : f.share.explained / f.share.of;

/** Every supported finding, and every true cause that was not supported at confidence 0. */
function forecastsOf(
  supported: readonly FindingReport[],
  known: ReadonlySet<string>,
  causes: readonly string[],
): Forecast[] {
  const made = supported.map((f) => ({
    cause: f.cause,
    confidence: f.confidence,
    isTrue: known.has(f.cause),
  }));
  const missed = causes.filter((c) => !supported.some((f) => f.cause === c));
  return [...made, ...missed.map((cause) => ({ cause, confidence: 0, isTrue: true }))];
}
