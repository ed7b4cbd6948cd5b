/**
 * `npm run score`: runs the tool over the corpus and prints how right it was.
 * --json prints numbers and misses as JSON; --write-baseline makes this score the one not to fall below.
 * Exit 1 when a number is worse than corpus/baseline.json.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { corpusDir, evidenceOf, frozenCases, type FrozenCase } from "../corpus/frozen-cases.ts";
import type { Attribution } from "../src/cli/lab/attribution.ts";
import { attributedIn } from "./scoring/attributed.ts";
import { judge, type Judged } from "./scoring/judge.ts";
import { attributedLine, isMiss, scoreText, type Timing } from "./scoring/print.ts";
import { scoreCase } from "./scoring/score-case.ts";
import { type Baseline, baselineOf, summarise, worseThan } from "./scoring/summary.ts";

const { values, positionals } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    "write-baseline": { type: "boolean", default: false },
  },
  allowPositionals: true,
});

interface Run {
  readonly judged: Judged;
  readonly attribution?: Attribution;
  readonly tookMs: number;
}

async function run(frozen: FrozenCase): Promise<Run> {
  const startedMs = performance.now();
  try {
    const scored = scoreCase(frozen, await evidenceOf(frozen));
    return { ...scored, tookMs: performance.now() - startedMs };
  } catch (error) {
    const judged = { ...judge(frozen, { targets: [] }), said: `threw ${String(error)}` };
    return { judged, tookMs: performance.now() - startedMs };
  }
}

function timingOf(runs: readonly Run[]): Timing {
  const sorted = [...runs].sort((a, b) => a.tookMs - b.tookMs);
  const last = sorted.at(-1);
  return {
    medianMs: sorted[Math.floor(sorted.length / 2)]?.tookMs ?? 0,
    maxMs: last?.tookMs ?? 0,
    slowest: last?.judged.id ?? "",
  };
}

const chosen = frozenCases().filter(
  (c) => positionals.length === 0 || positionals.some((p) => c.id.includes(p)),
);
const runs: Run[] = [];
for (const frozen of chosen) runs.push(await run(frozen));
const judged = runs.map((r) => r.judged);
const summary = summarise(judged);
const attributed = attributedIn(runs.flatMap((r) => r.attribution ?? []));
const score = baselineOf(summary, attributed);
const timing = timingOf(runs);
if (values.json) {
  const all = { ...summary, ...attributed, timing, misses: judged.filter(isMiss) };
  process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
} else {
  process.stdout.write(`${scoreText(summary, judged, timing)}\n${attributedLine(attributed)}\n`);
}

const baselinePath = join(corpusDir, "baseline.json");
if (values["write-baseline"]) {
  writeFileSync(baselinePath, `${JSON.stringify(score, null, 2)}\n`);
} else if (existsSync(baselinePath) && positionals.length === 0) {
  const worse = worseThan(score, JSON.parse(readFileSync(baselinePath, "utf8")) as Baseline);
  for (const line of worse) process.stderr.write(`worse than the baseline: ${line}\n`);
  if (worse.length > 0) process.exitCode = 1;
}
