import { type LoadCounts, newLoadTally } from "../act/load/load-tally.ts";
import { type LoadPace, type LoadPlan, sendLoad } from "../act/load/send-load.ts";
import { exactMs } from "../act/load/send-one.ts";
import type { DuringReport, LoadReport } from "../report/load-report.ts";
import type { Call } from "./command.ts";
import { standardStyle } from "./diagnose.ts";
import type { FlagValues } from "./flags.ts";
import { type AskedLoad, askedLoad } from "./load/asked-load.ts";
import { aftermath, type Beside, openBeside } from "./load/beside.ts";
import { clusterReport } from "./load/cluster-report.ts";
import { type Doing, replacePods } from "./load/during.ts";
import { startLiveLine } from "./load/live-line.ts";
import { requireOwn } from "./load/own-host.ts";
import { loadReport, type LoadRun } from "./load/report-of.ts";
import { warn, writeOut } from "./output.ts";
import { type Progress, standardProgress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";

export async function run({ values, operands }: Call): Promise<number> {
  const asked = askedLoad(values, operands[0] ?? "");
  if (values.k6 === true) {
    const { k6Script } = await import("../act/load/k6-script.ts");
    await writeOut(k6Script(asked));
    warn("Nothing was sent. The script is run by: k6 run FILE");
    return 0;
  }
  const progress = standardProgress(values.verbose === true);
  try {
    const report = await measured(values, asked, progress);
    progress.end();
    await writeOut(await rendered(report, values));
    return { held: 0, broken: 1, "cannot-tell": 2 }[report.verdict];
  } finally {
    progress.end();
  }
}

async function measured(values: FlagValues, asked: AskedLoad, progress: Progress): Promise<LoadReport> {
  const beside = await openBeside(values, asked.shot, progress);
  const isWatched = "recording" in beside;
  if (!isWatched && asked.during !== undefined)
    throw new UsageProblem(`--during acts on the cluster that serves the URL: ${beside.unattributed}`);
  await requireOwn(asked.shot, isWatched ? beside.published : [], values.yes === true);
  progress.end();
  if (!isWatched) warn(`Failures are counted, not attributed: ${beside.unattributed}`);
  const startMs = exactMs();
  const tally = newLoadTally(startMs, asked.restsMs);
  const doing: Doing | undefined = asked.during === undefined ? undefined : { state: "waiting" };
  const live = startLiveLine(tally, asked.forMs, doing);
  let sent: Awaited<ReturnType<typeof sending>>;
  try {
    sent = await sending(asked, tally.add, isWatched ? beside : undefined, doing);
  } finally {
    live();
  }
  const counts = tally.counts();
  return loadReport({
    asked,
    startMs,
    ...sent,
    counts,
    ...(doing === undefined ? {} : { during: duringReport(asked, doing) }),
    beside: isWatched ? await attributed(values, beside, counts, progress) : beside,
  });
}

/** What was measured is told even when the cluster cannot be read any more. */
async function attributed(
  values: FlagValues,
  beside: Beside,
  { requests, failures }: LoadCounts,
  progress: Progress,
): Promise<LoadRun["beside"]> {
  try {
    return { cluster: clusterReport(await aftermath(values, beside, requests, progress), beside, failures) };
  } catch (error) {
    const [why = ""] = (error as Error).message.split("\n");
    return { unattributed: `the cluster could not be read after the load: ${why}` };
  }
}

const mostAtOnce = 1000;
const graceMs = 2000;

/** Sends until the time is over, the rollout is, or somebody presses Ctrl-C. */
async function sending(
  { shot, perSecond, forMs, answerMs, restsMs, during, isWholeTime }: AskedLoad,
  onEnd: ReturnType<typeof newLoadTally>["add"],
  beside: Beside | undefined,
  doing: Doing | undefined,
): Promise<{ readonly pace: LoadPace; readonly isCutShort: boolean }> {
  const ending = new AbortController();
  let isCutShort = false;
  const stop = (): void => {
    isCutShort = true;
    ending.abort();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const plan: LoadPlan = {
    shot,
    userAgent: "why5xx-load",
    perSecond,
    forMs,
    answerMs,
    mostAtOnce,
    graceMs,
    restsMs,
  };
  let problem: unknown;
  if (during !== undefined && beside !== undefined && doing !== undefined) {
    const object = { kind: during.kind, namespace: beside.route.namespace, name: during.name };
    void replacePods(beside, object, forMs, doing, ending.signal).then(
      () => (isWholeTime ? undefined : ending.abort()),
      (error: unknown) => {
        if (ending.signal.aborted) return;
        problem = error;
        ending.abort();
      },
    );
  }
  try {
    const pace = await sendLoad(plan, { signal: ending.signal, onEnd });
    if (problem !== undefined) throw problem;
    return { pace, isCutShort };
  } finally {
    // What is done meanwhile is not waited for: a rollout may take longer than the load.
    ending.abort();
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
  }
}

function duringReport({ during }: AskedLoad, { state, startedMs, endedMs }: Doing): DuringReport {
  return {
    action: during?.text ?? "",
    state: state === "done" ? "done" : "under-way",
    startedAfterSeconds: Math.round((startedMs ?? 0) / 100) / 10,
    ...(startedMs === undefined || endedMs === undefined
      ? {}
      : { tookSeconds: Math.round((endedMs - startedMs) / 100) / 10 }),
  };
}

async function rendered(report: LoadReport, values: FlagValues): Promise<string> {
  switch (values.output) {
    case "json": {
      const { renderJson } = await import("../render/json.ts");
      return renderJson(report);
    }
    case "markdown": {
      const { renderLoadMarkdown } = await import("../render/load-markdown.ts");
      return renderLoadMarkdown(report);
    }
    default: {
      const { renderLoad } = await import("../render/load-terminal.ts");
      return renderLoad(report, standardStyle(values));
    }
  }
}
