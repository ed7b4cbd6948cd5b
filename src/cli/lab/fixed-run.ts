import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Plan } from "../../../lab/faults/fault.ts";
import type { TriedRequest } from "../../../lab/load/tried-request.ts";
import { hasFailed, type Run, runFault } from "../../../lab/run/run-fault.ts";
import type { AppliedReport } from "../../report/applied-report.ts";
import type { VerifyReport } from "../../report/verify-report.ts";
import { needsRollout } from "../../fix/occasions.ts";
import type { Asked } from "./asked.ts";
import { isAt } from "./failed-request.ts";

/** One try to mend a fault, and what verify made of it. */
export interface Try {
  /** The change; absent when none was made. */
  readonly title?: string;
  /** Why none was made, or nothing was said. */
  readonly problem?: string;
  readonly verify?: VerifyReport;
  /** Of the requests at the target, sent again: the truth. */
  readonly after: { readonly requests: number; readonly failed: number };
}

/** What became of one fault that was mended by `fix --apply`. */
export interface FixedRun extends Try {
  readonly asked: Asked;
  /** Before that the pods were restarted, which mends nothing. */
  readonly wrong?: Try;
  readonly tookMs: number;
}

/**
 * Makes the fault happen, mends it as a person would from a shell, and sends its traffic again; before that in vain,
 * with `isWrong`. @throws LabProblem
 */
export async function fixedRun(
  asked: Asked,
  isWrong: boolean,
  tell: (text: string) => void,
): Promise<FixedRun> {
  const startMs = performance.now();
  const run = await runFault(asked.fault, { ...asked, takeSignals: true, onProgress: tell });
  try {
    if (isWrong) tell("restarting the pods, and verifying");
    const wrong = isWrong ? { wrong: await tried(restartArguments(run), run) } : {};
    tell("fixing");
    const right = await tried(fixArguments(run), run);
    return { asked, ...wrong, ...right, tookMs: performance.now() - startMs };
  } finally {
    await run.stop();
  }
}

async function tried(args: readonly string[], run: Run): Promise<Try> {
  const told = await typed(args, run);
  return { ...told, after: countsAt(run.plan.target, (await run.again()).tried) };
}

/** What fails beside the target is none of it: another application may have an error of its own. */
export function countsAt(target: string, tried: readonly TriedRequest[]): Try["after"] {
  const ours = tried.filter((request) => isAt(target, request));
  return { requests: ours.length, failed: ours.filter(hasFailed).length };
}

const common = (run: Run): string[] => [
  run.plan.target,
  "--kubeconfig",
  run.lab.kubeconfigPath,
  "--connect-to",
  (run.lab.url("gateway") ?? "").replace("http://", ""),
  "--method",
  usualMethod(run.sent.tried.filter(hasFailed)),
  "--rps",
  "20",
  ...clientsCount(run),
  ...(idle(run.plan) ?? ["--for", "40s"]),
  "-o",
  "json",
];

function fixArguments(run: Run): string[] {
  const isBound = run.fault.causes.some(needsRollout);
  return ["fix", ...common(run), "--apply", "--yes", ...(isBound ? during(run.plan) : [])];
}

const restartArguments = (run: Run): string[] => ["verify", ...common(run), ...during(run.plan)];

/**
 * The rollout that the fault itself is made of; else one of the application, whose Deployment is the first of the plan
 * in the namespace that its Ingress is in.
 */
function during({ objects, target, steps }: Plan): string[] {
  const own = steps.find(({ text }) => text.startsWith("kubectl rollout restart "));
  if (own !== undefined) return ["--during", own.text];
  const host = target.split("/")[0];
  const ingress = objects.find(
    (o) => o.kind === "Ingress" && JSON.stringify(o["spec"]).includes(`"${host}"`),
  );
  const app = objects.find(
    (o) => o.kind === "Deployment" && o.metadata?.namespace === ingress?.metadata?.namespace,
  );
  return app === undefined ? [] : ["--during", `rollout restart deployment/${app.metadata?.name}`];
}

/** Requests that no gateway was there to log are known to clients alone. */
function clientsCount({ plan, sent }: Run): string[] {
  const failed = sent.tried.filter(hasFailed);
  const unlogged = failed.filter(({ status }) => status === undefined);
  if (unlogged.length * 2 <= failed.length) return [];
  const counts = countsAt(plan.target, sent.tried);
  return ["--before", `${counts.failed}/${counts.requests}`];
}

/** Traffic that comes in bursts leaves connections idle in between, for as long as its usual pause; few of them fail. */
function idle({ traffic }: Plan): string[] | undefined {
  const gapsMs = traffic.find((t) => t.gapsMs !== undefined)?.gapsMs?.toSorted((a, b) => a - b) ?? [];
  const usual = gapsMs[Math.floor(gapsMs.length / 2)];
  return usual === undefined ? undefined : ["--idle", `${usual}ms`, "--for", "2m"];
}

/** The lab's requests do no harm, whatever their method. */
function usualMethod(failed: readonly TriedRequest[]): string {
  const counts = Map.groupBy(failed, (request) => request.method);
  return [...counts].sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? "GET";
}

/** Runs this program as a person would type it, with a journal of the lab's own. */
function typed(args: readonly string[], run: Run): Promise<Omit<Try, "after">> {
  const env = { ...process.env, XDG_STATE_HOME: join(run.lab.folder, "state") };
  const program = [...process.execArgv, process.argv[1] ?? "", ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, program, { env, maxBuffer: 64 << 20 }, (_, stdout, stderr) => {
      try {
        const report = JSON.parse(stdout) as AppliedReport | VerifyReport;
        if (report.schema === "why5xx.verify/v1") resolve({ title: "restart the pods", verify: report });
        else
          resolve({ title: report.title, ...(report.verify === undefined ? {} : { verify: report.verify }) });
      } catch {
        const said = stderr.split("\n").find((line) => line.startsWith("why5xx: ")) ?? stderr.slice(-200);
        resolve({ problem: said.replace("why5xx: ", "") });
      }
    });
  });
}
