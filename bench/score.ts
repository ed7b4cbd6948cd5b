/**
 * `npm run score`: runs the tool over the corpus and prints how right it was.
 * --json prints numbers and misses as JSON; --write-baseline makes this score the one not to fall below.
 * Exit 1 when a number is worse than corpus/baseline.json.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { corpusDir, evidenceOf, frozenCases, type FrozenCase, targetOf } from "../corpus/frozen-cases.ts";
import { catalogue } from "../src/causes/catalogue.ts";
import { diagnose } from "../src/verdict/diagnose.ts";
import { judge, type Judged } from "./scoring/judge.ts";
import { isMiss, scoreText, type Timing } from "./scoring/print.ts";
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
  readonly tookMs: number;
}

async function run(frozen: FrozenCase): Promise<Run> {
  const startedMs = performance.now();
  try {
    const report = diagnose(await evidenceOf(frozen), targetOf(frozen), catalogue);
    return { judged: judge(frozen, report), tookMs: performance.now() - startedMs };
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
const timing = timingOf(runs);
if (values.json) {
  process.stdout.write(`${JSON.stringify({ ...summary, timing, misses: judged.filter(isMiss) }, null, 2)}\n`);
} else {
  process.stdout.write(scoreText(summary, judged, timing));
}

const baselinePath = join(corpusDir, "baseline.json");
if (values["write-baseline"]) {
  writeFileSync(baselinePath, `${JSON.stringify(baselineOf(summary), null, 2)}\n`);
} else if (existsSync(baselinePath) && positionals.length === 0) {
  const worse = worseThan(baselineOf(summary), JSON.parse(readFileSync(baselinePath, "utf8")) as Baseline);
  for (const line of worse) process.stderr.write(`worse than the baseline: ${line}\n`);
  if (worse.length > 0) process.exitCode = 1;
}
