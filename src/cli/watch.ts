import { existsSync } from "node:fs";
import { terminalStyle } from "../base/terminal.ts";
import { observe } from "../derive/observe.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { connect } from "../gather/cluster/connection.ts";
import { ClusterProblem } from "../gather/cluster/problem.ts";
import { gatherCluster } from "../gather/sources/cluster.ts";
import type { WatchReport } from "../report/watch-report.ts";
import { parseTarget, type Target } from "../target/target.ts";
import { type Baseline, baselineOf } from "../watch/baseline.ts";
import type { Tolerated } from "../watch/judge.ts";
import { watchReport } from "../watch/watch-report.ts";
import type { Call } from "./command.ts";
import { standardStyle } from "./diagnose.ts";
import { durationMs } from "./duration.ts";
import { clusterOptions } from "./evidence-from.ts";
import type { FlagValues } from "./flags.ts";
import { limitsOf } from "./load/limits.ts";
import { typed, warn, writeOut } from "./output.ts";
import { type Progress, standardProgress } from "./progress.ts";
import { logsSince } from "./since.ts";
import { UsageProblem } from "./usage-problem.ts";
import { askedRoute } from "./watch/asked-route.ts";
import { openScreen, type Screen } from "./watch/screen.ts";
import { type Seen, watched } from "./watch/watching.ts";

const defaultForMs = 5 * 60_000;
const leastForMs = 1000;
const mostForMs = 24 * 3_600_000;

export async function run({ values, operands, program }: Call): Promise<number> {
  const forMs = askedMs(values);
  const tolerated = limitsOf(values).failed;
  const { save } = values;
  if (save !== undefined && existsSync(save))
    throw new UsageProblem(`--save ${save}: it exists. Name a new folder, or a file ending in .tar.gz.`);
  const target = parseTarget(operands[0], values.namespace);
  const progress = standardProgress(values.verbose === true);
  const options = clusterOptions(values);
  try {
    const evidence = await gatherCluster(options, target, progress.phase);
    const route = askedRoute(evidence, target);
    const facts = observe(evidence, route);
    const { traffic, workloads } = facts;
    const startMs = Date.parse(evidence.collectedAt);
    const before =
      traffic.state === "present"
        ? baselineOf(traffic.value, workloads.state === "present" ? workloads.value : [], startMs)
        : undefined;
    const connection = await connect(options);
    progress.end();
    let seen: Seen;
    try {
      const screen = standardScreen(values);
      seen = await watched(connection, {
        evidence,
        route,
        facts,
        ...(before === undefined ? {} : { before }),
        forMs,
        screen,
      });
    } finally {
      connection.agent.destroy();
    }
    const after = await readAfter(evidence, { options, target, seen, progress });
    const report = await reported(after, target, seen, {
      tolerated,
      ...(before === undefined ? {} : { before }),
    });
    progress.end();
    await writeOut(await rendered(report, values));
    if (save !== undefined) await saved(after, save, againText(program, operands[0], values));
    return { fine: 0, failing: 1, "cannot-tell": 2 }[report.verdict];
  } finally {
    progress.end();
  }
}

/** @throws UsageProblem */
function askedMs({ for: text }: FlagValues): number {
  const ms = text === undefined ? defaultForMs : durationMs(text, "--for");
  if (ms < leastForMs || ms > mostForMs) throw new UsageProblem(`--for ${text}: give a time from 1s to 24h.`);
  return ms;
}

const standardScreen = (values: FlagValues): Screen =>
  openScreen({
    write: (text) => void process.stderr.write(text),
    isTty: process.stderr.isTTY,
    rows: process.stderr.rows ?? 24,
    style: terminalStyle({
      env: process.env,
      isTty: process.stderr.isTTY,
      columns: process.stderr.columns,
      noColor: values["no-color"] === true,
    }),
  });

/** Logs are read to the second before the watching began. */
const slackMs = 1000;
/** A line of an access log, generously. */
const lineBytes = 600;
const leastLogBytes = 8 << 20;
const mostLogBytes = 64 << 20;

/** The evidence of the time that was watched: what is there now, the logs since, and how it changed. */
async function readAfter(before: Evidence, { options, target, seen, progress }: After): Promise<Evidence> {
  const { record, counting } = seen;
  progress.phase("reading what was logged meanwhile");
  const passedMs = record.toMs - record.fromMs + 30_000;
  const gatewayLogBytes = Math.min(mostLogBytes, Math.max(leastLogBytes, counting.requests * lineBytes));
  try {
    const evidence = await gatherCluster(
      { ...options, sinceMs: passedMs, gatewayLogBytes },
      target,
      progress.phase,
    );
    const sinceMs = Date.parse(evidence.collectedAt) - record.fromMs + slackMs;
    return { ...logsSince(evidence, sinceMs), changes: record };
  } catch (error) {
    // What was seen until then is not lost because the cluster is not in reach at the end.
    if (!(error instanceof ClusterProblem)) throw error;
    const loss = { what: "the cluster at the end", why: error.message.split("\n")[0] ?? "" };
    return { ...before, logs: [], changes: record, losses: [...before.losses, loss] };
  }
}

interface After {
  readonly options: ReturnType<typeof clusterOptions>;
  readonly target: Target;
  readonly seen: Seen;
  readonly progress: Progress;
}

async function reported(
  evidence: Evidence,
  target: Target,
  { record, counting, isCounted, problems, isCutShort }: Seen,
  against: { readonly before?: Baseline; readonly tolerated: Tolerated },
): Promise<WatchReport> {
  const { diagnoseRoute } = await import("../verdict/diagnose.ts");
  const { catalogue } = await import("../causes/catalogue.ts");
  const route = askedRoute(evidence, target);
  const facts = observe(evidence, route);
  const { requests, failed, codes } = counting;
  return watchReport({
    target: route.target,
    record,
    facts,
    diagnosis: diagnoseRoute(evidence, route, [], catalogue),
    ...against,
    ...(isCounted ? { followed: { requests, failed, codes } } : {}),
    series: isCounted ? counting.series() : [],
    isCutShort,
    losses: [...problems.map((why) => ({ what: "gateway log", why })), ...evidence.losses],
  });
}

async function saved(evidence: Evidence, path: string, again: string): Promise<void> {
  const { writeBundle } = await import("../evidence/write-bundle.ts");
  await writeBundle(evidence, path);
  warn(`Wrote ${path}. Diagnose it with: ${again} --from ${typed(path)}`);
}

function againText(program: string, target: string | undefined, { namespace }: FlagValues): string {
  const words = [
    ...(target === undefined ? [] : [target]),
    ...(namespace === undefined ? [] : ["-n", namespace]),
  ];
  return [program, ...words.map(typed)].join(" ");
}

async function rendered(report: WatchReport, values: FlagValues): Promise<string> {
  const verbose = values.verbose === true;
  switch (values.output) {
    case "json": {
      const { renderJson } = await import("../render/json.ts");
      return renderJson(report);
    }
    case "markdown": {
      const { renderWatchMarkdown } = await import("../render/watch-markdown.ts");
      return renderWatchMarkdown(report, { verbose });
    }
    default: {
      const { renderWatch } = await import("../render/watch-terminal.ts");
      return renderWatch(report, { style: standardStyle(values), verbose });
    }
  }
}
