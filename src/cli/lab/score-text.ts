import { scoreText, type Timing } from "../../../bench/scoring/print.ts";
import { summarise } from "../../../bench/scoring/summary.ts";
import type { ScoredRun } from "./scored-run.ts";

/** What only a lab can measure. */
export interface Measures {
  readonly runs: number;
  /** Runs in which the fault made no request fail. */
  readonly notShown: number;
  readonly failedRequests: number;
  /** Of these, without any answer, so that a gateway may have logged nothing. */
  readonly unansweredRequests: number;
  readonly rightlyAttributed: number;
  readonly wronglyAttributed: number;
  /** Absent when no cause was named. */
  readonly medianToVerdictMs?: number;
  readonly maxToVerdictMs?: number;
}

export function measures(runs: readonly ScoredRun[]): Measures {
  const sum = (pick: (run: ScoredRun) => number): number => runs.reduce((total, run) => total + pick(run), 0);
  const verdicts = runs.flatMap(({ toVerdictMs }) => toVerdictMs ?? []).toSorted((a, b) => a - b);
  const middle = verdicts.slice(Math.ceil(verdicts.length / 2) - 1, Math.floor(verdicts.length / 2) + 1);
  const median = middle.reduce((total, ms) => total + ms / middle.length, 0);
  const max = verdicts.at(-1);
  return {
    runs: runs.length,
    notShown: runs.filter((run) => !run.wasShown).length,
    failedRequests: sum((run) => run.attribution.failed),
    unansweredRequests: sum((run) => run.attribution.unanswered),
    rightlyAttributed: sum((run) => run.attribution.right),
    wronglyAttributed: sum((run) => run.attribution.wrong),
    ...(max === undefined ? {} : { medianToVerdictMs: median, maxToVerdictMs: max }),
  };
}

/** How often what was true was told as what; right ones are left out. */
export function confusions(runs: readonly ScoredRun[]): readonly Confusion[] {
  const wrong = runs.filter((run) => run.wasShown && !run.judged.top1);
  const pairs = Map.groupBy(
    wrong,
    ({ asked, judged }) => `${trueName(asked.fault.causes)} → ${toldAs(judged)}`,
  );
  return [...pairs]
    .map(([pair, of]) => ({ pair, times: of.length }))
    .toSorted((a, b) => b.times - a.times || (a.pair < b.pair ? -1 : 1));
}

interface Confusion {
  readonly pair: string;
  readonly times: number;
}

const trueName = (causes: readonly string[]): string => causes.join(" and ") || "nothing";

const toldAs = ({ said }: ScoredRun["judged"]): string => said.split(": ")[1]?.split(" ")[0] ?? "nothing";

const seconds = (ms: number | undefined): string => (ms === undefined ? "–" : `${(ms / 1000).toFixed(1)} s`);

export function labScoreText(runs: readonly ScoredRun[], broken: readonly string[]): string {
  const shown = runs.filter((run) => run.wasShown).map((run) => run.judged);
  const m = measures(runs);
  const share = m.failedRequests === 0 ? 0 : (100 * m.rightlyAttributed) / m.failedRequests;
  const lines = [
    "",
    `failed requests      ${m.failedRequests} (${m.unansweredRequests} without an answer), ${m.rightlyAttributed} rightly attributed (${share.toFixed(1)} %), ${m.wronglyAttributed} to a cause that is not true of them`,
    `first failure to verdict  median ${seconds(m.medianToVerdictMs)}, max ${seconds(m.maxToVerdictMs)}`,
    `runs                 ${m.runs}, ${m.notShown} without any failure (not scored), ${broken.length} broken down`,
    ...runs.filter((run) => !run.wasShown).map((run) => `  ${run.judged.id}`),
    ...broken.map((line) => `  ${line}`),
  ];
  const pairs = confusions(runs);
  if (pairs.length > 0) lines.push("", "what was true → what was told:");
  for (const { pair, times } of pairs) lines.push(`  ${times} × ${pair}`);
  return `${scoreText(summarise(shown), shown, timingOf(runs))}${lines.join("\n")}\n`;
}

function timingOf(runs: readonly ScoredRun[]): Timing {
  const sorted = runs.toSorted((a, b) => a.diagnosisMs - b.diagnosisMs);
  const last = sorted.at(-1);
  return {
    medianMs: sorted[Math.floor(sorted.length / 2)]?.diagnosisMs ?? 0,
    maxMs: last?.diagnosisMs ?? 0,
    slowest: last?.judged.id ?? "",
  };
}
