import type { Attributed } from "./attributed.ts";
import type { Forecast, Judged } from "./judge.ts";

export interface Summary {
  readonly cases: number;
  /** Cases with a true cause; the others are healthy or innocent look-alikes. */
  readonly withCause: number;
  readonly top1: number;
  readonly top3: number;
  readonly falseAccusations: number;
  readonly abstentions: number;
  readonly statusRight: number;
  readonly shareShort: number;
  /** Mean squared distance of confidence from truth: 0 is perfect. */
  readonly brier: number;
  readonly reliability: readonly Decile[];
}

interface Decile {
  readonly from: number;
  readonly forecasts: number;
  readonly meanConfidence: number;
  readonly right: number;
}

export function summarise(judged: readonly Judged[]): Summary {
  const withCause = judged.filter((j) => j.hasCause);
  const forecasts = judged.flatMap((j) => j.forecasts);
  return {
    cases: judged.length,
    withCause: withCause.length,
    top1: withCause.filter((j) => j.top1).length,
    top3: withCause.filter((j) => j.top3).length,
    falseAccusations: judged.reduce((sum, j) => sum + j.falselyAccused.length, 0),
    abstentions: judged.filter((j) => j.abstained).length,
    statusRight: judged.filter((j) => j.statusRight).length,
    shareShort: judged.filter((j) => !j.shareRight).length,
    brier: mean(forecasts.map((f) => (f.confidence - Number(f.isTrue)) ** 2)),
    reliability: reliabilityOf(forecasts),
  };
}

function reliabilityOf(forecasts: readonly Forecast[]): Decile[] {
  return Array.from({ length: 10 }, (_, i) => {
    const inside = forecasts.filter(
      (f) => f.confidence > 0 && Math.min(9, Math.floor(f.confidence * 10)) === i,
    );
    return {
      from: i / 10,
      forecasts: inside.length,
      meanConfidence: mean(inside.map((f) => f.confidence)),
      right: inside.filter((f) => f.isTrue).length,
    };
  });
}

const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? 0 : numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

/** The part of a summary that may not get worse. */
export interface Baseline {
  readonly cases: number;
  readonly top1Rate: number;
  readonly top3Rate: number;
  readonly falseAccusations: number;
  readonly abstentionRate: number;
  readonly statusRate: number;
  readonly brier: number;
  /** Of the failed requests of recorded runs. */
  readonly attributedRate: number;
}

const rounded = (n: number): number => Math.round(n * 10_000) / 10_000;

export const baselineOf = (s: Summary, a: Attributed): Baseline => ({
  cases: s.cases,
  top1Rate: rounded(s.top1 / Math.max(1, s.withCause)),
  top3Rate: rounded(s.top3 / Math.max(1, s.withCause)),
  falseAccusations: s.falseAccusations,
  abstentionRate: rounded(s.abstentions / Math.max(1, s.withCause)),
  statusRate: rounded(s.statusRight / Math.max(1, s.cases)),
  brier: rounded(s.brier),
  attributedRate: rounded(a.failedRequests === 0 ? 1 : a.rightlyAttributed / a.failedRequests),
});

type Floor = "cases" | "top1Rate" | "top3Rate" | "statusRate" | "attributedRate";

/** Each way in which the score is worse than the baseline, in words. */
export function worseThan(score: Baseline, baseline: Baseline): string[] {
  const down = (name: Floor): string[] =>
    score[name] < baseline[name] ? [`${name} fell from ${baseline[name]} to ${score[name]}`] : [];
  const up = (name: "falseAccusations" | "abstentionRate" | "brier", slack = 0): string[] =>
    score[name] > baseline[name] + slack ? [`${name} rose from ${baseline[name]} to ${score[name]}`] : [];
  return [
    ...down("cases"),
    ...down("top1Rate"),
    ...down("top3Rate"),
    ...down("statusRate"),
    ...down("attributedRate"),
    ...up("falseAccusations"),
    ...up("abstentionRate"),
    ...up("brier", 0.002),
  ];
}
