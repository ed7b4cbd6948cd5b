import { setTimeout as sleep } from "node:timers/promises";
import { drive, restingPerSecond } from "../../act/drive.ts";
import type { Shot } from "../../act/load/shot.ts";
import { restart } from "../../act/restart.ts";
import { rolledOut } from "../../act/rollout.ts";
import type { Counted } from "../../base/statistics/fall.ts";
import { resolveRoutes } from "../../derive/routes.ts";
import { type Failing, failingRequest } from "../../fix/failing-request.ts";
import { isDecided } from "../../fix/judge-rate.ts";
import { needsIdleness, needsRollout } from "../../fix/occasions.ts";
import { type Before, verifyReport } from "../../fix/verify-report.ts";
import type { Connection } from "../../gather/cluster/connection.ts";
import type { ObjectReport } from "../../report/report.ts";
import type { VerifyReport } from "../../report/verify-report.ts";
import { parseTarget } from "../../target/target.ts";
import type { Diagnosed } from "../diagnosed.ts";
import { durationMs } from "../duration.ts";
import type { FlagValues } from "../flags.ts";
import type { Progress } from "../progress.ts";
import { UsageProblem } from "../usage-problem.ts";
import { beforeOf, methodOf, perSecondOf, restartOf, restOf } from "./numbers.ts";
import { shotOf } from "./shot-of.ts";
import { newTally } from "./tally.ts";

/** Everything that is decided before the first request is sent. */
export interface Verification {
  readonly target: string;
  readonly shot: Shot;
  readonly before: Before;
  readonly perSecond: number;
  readonly forMs: number;
  /** Connections are idle for so long before each request; absent: a steady pace. */
  readonly restMs?: number;
  readonly during?: ObjectReport;
  /** Nothing would fail while pods stay, and nobody asked for a rollout. */
  readonly lacksRollout: boolean;
  /** Only connections that were idle fail, and a steady pace leaves none idle. */
  readonly lacksIdleness: boolean;
}

const defaultForMs = 120_000;
/** Longer than the minute that gateways wait for a response, so that their 504 is seen. */
const answerMs = 75_000;
/** A gateway has read a change of its objects within this, as a rule. */
const settleMs = 3000;
/** How long after a change failures are taken for its slowness. */
const settlingMs = 15_000;
/** Pods that stop are told so before the rollout counts as done, and end after it. */
const afterRolloutMs = 10_000;

/** @throws UsageProblem when flags are wrong, or the target names no request */
export function plannedVerification(
  values: FlagValues,
  { evidence, target, report }: Diagnosed,
  targetText: string,
  cause: string | undefined,
): Verification {
  const asked = target.kind === "all" ? parseTarget(targetText, values.namespace) : target;
  const { routes, problem } = resolveRoutes(evidence, asked);
  // The report has the worst of them first.
  const names = [targetText, ...report.targets.map((t) => t.target)];
  const named = names.flatMap((name) => routes.find((route) => route.target === name) ?? []);
  const wanted = named[0] ?? routes[0];
  if (wanted === undefined) throw new UsageProblem(problem?.message ?? `there is no route ${targetText}.`);
  const method = methodOf(values);
  const failing = failingRequest(evidence, wanted, method);
  const found = failing.kind === "found" && values.url === undefined ? { failing: failing.request } : {};
  const shot = shotOf(values, {
    evidence,
    target: asked,
    route: wanted,
    ...found,
    ...(method === undefined ? {} : { method }),
  });
  const restarted = restartOf(values);
  const restMs = restOf(values);
  return {
    target: wanted.target,
    shot,
    before: beforeFrom(beforeOf(values), failing),
    perSecond: restMs === undefined ? perSecondOf(values) : restingPerSecond(restMs),
    ...(restMs === undefined ? {} : { restMs }),
    forMs: values.for === undefined ? defaultForMs : durationMs(values.for, "--for"),
    ...(restarted === undefined ? {} : { during: { namespace: wanted.namespace, ...restarted } }),
    lacksRollout: restarted === undefined && needsRollout(cause),
    lacksIdleness: restMs === undefined && needsIdleness(cause),
  };
}

function beforeFrom(given: Counted | undefined, failing: Failing): Before {
  if (given !== undefined) return { kind: "counted", counted: given, source: "--before" };
  if (failing.kind !== "found") return failing;
  const { counted, fromMs, toMs } = failing.request;
  return { kind: "counted", counted, source: `gateway log, ${timeOf(fromMs)} to ${timeOf(toMs)} UTC` };
}

const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** As many as tell that something fails all the time, and few enough to wait for. */
const requestsBefore = 20;
const beforeMs = 10_000;
/** A rate of what fails seldom is known by as many. */
const failuresBefore = 4;

/** Where the log does not say how often the request fails, it is sent a few times while it still does. */
export async function withBefore(plan: Verification, progress: Progress): Promise<Verification> {
  const isKnown = plan.before.kind === "counted" || plan.before.kind === "others";
  // Idle connections fail more or less often by how long they rest: what the log counts is of other pauses.
  if ((isKnown && plan.restMs === undefined) || plan.lacksRollout) return plan;
  progress.phase("sending the failing request before the change");
  const tally = newTally(0);
  await drive(plan.shot, {
    ...plan,
    forMs: plan.restMs === undefined ? beforeMs : plan.forMs,
    answerMs,
    onAnswer: (answer) => {
      tally.add(answer, 0);
      const { requests, failed } = tally.counted();
      return plan.restMs === undefined ? requests >= requestsBefore : failed >= failuresBefore;
    },
  });
  const { requests, failed } = tally.counted();
  if (failed === 0 && plan.restMs === undefined) return plan;
  if (failed === 0) return { ...plan, before: { kind: "unshown", requests } };
  const source = "sent right before the change";
  return { ...plan, before: { kind: "counted", counted: { requests, failed }, source } };
}

/** Sends the request until it is clear, or the time is over. `isAfterChange`: failures at first are given time to end. */
export async function verified(
  plan: Verification,
  connection: Connection | undefined,
  progress: Progress,
  isAfterChange: boolean,
): Promise<VerifyReport> {
  if (isAfterChange) await sleep(settleMs);
  const startedAt = new Date();
  const startMs = performance.now();
  const before = plan.before.kind === "counted" ? plan.before.counted : undefined;
  const tally = newTally(isAfterChange ? settlingMs : 0);
  progress.phase(`sending ${plan.shot.method} ${plan.shot.url.href}`);
  const rollout = { isOver: plan.during === undefined };
  const replaced = plan.during === undefined ? undefined : replacedPods(connection, plan.during, startedAt);
  const over = replaced?.then(() => (rollout.isOver = true));
  // Told where it is awaited.
  over?.catch(() => {});
  await drive(plan.shot, {
    ...plan,
    answerMs,
    onAnswer: (answer) => {
      tally.add(answer, performance.now() - startMs);
      return rollout.isOver && isDecided(before, tally.counted());
    },
  });
  await Promise.race([over, sleep(0)]);
  return verifyReport(plan, tally.result((performance.now() - startMs) / 1000), {
    startedAt: startedAt.toISOString(),
    isRolloutOver: rollout.isOver,
  });
}

async function replacedPods(
  connection: Connection | undefined,
  object: ObjectReport,
  at: Date,
): Promise<void> {
  if (connection === undefined) throw new UsageProblem("--during acts on a cluster, and --from reads none.");
  await restart(connection, object, at);
  const isOut = await rolledOut(connection, object);
  if (!isOut) throw new UsageProblem(`the rollout of ${object.kind} ${object.name} did not end.`);
  await sleep(afterRolloutMs);
}
