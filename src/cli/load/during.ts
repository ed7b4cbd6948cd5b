import { setTimeout as sleep } from "node:timers/promises";
import { restart } from "../../act/restart.ts";
import { rolledOut } from "../../act/rollout.ts";
import { recordedPods } from "../../derive/recorded-pods.ts";
import type { ObjectReport } from "../../report/report.ts";
import { UsageProblem } from "../usage-problem.ts";
import type { Beside } from "./beside.ts";

/** How far what is done meanwhile has come; changed as it goes on. */
export interface Doing {
  state: "waiting" | "under-way" | "done";
  /** From the beginning of the load, ms. */
  startedMs?: number;
  endedMs?: number;
}

/** A while of undisturbed load first, to tell what fails anyway. */
const longestCalmMs = 5000;
/** Requests are still on their way to pods that stop after the rollout counts as done. */
const leastAfterMs = 10_000;
const longestAfterMs = 90_000;

/**
 * Replaces the pods after a while of load, and resolves when that is over and those that were told to go are gone.
 * @throws ActProblem when the API server refuses
 */
export async function replacePods(
  { connection, recording }: Beside,
  object: ObjectReport,
  forMs: number,
  doing: Doing,
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  await sleep(Math.min(longestCalmMs, forMs / 4), undefined, { signal });
  doing.startedMs = performance.now() - startMs;
  doing.state = "under-way";
  await restart(connection, object, new Date());
  const isOut = await rolledOut(connection, object);
  if (!isOut)
    throw new UsageProblem(`the rollout of ${object.kind} ${object.name} was not over after five minutes.`);
  doing.state = "done";
  doing.endedMs = performance.now() - startMs;
  const overMs = performance.now();
  await sleep(leastAfterMs, undefined, { signal });
  while (isAnyGoing(recording) && performance.now() - overMs < longestAfterMs)
    // oxlint-disable-next-line no-await-in-loop -- until they are gone
    await sleep(1000, undefined, { signal });
}

const isAnyGoing = (recording: Beside["recording"]): boolean =>
  recordedPods(recording.record()).some((pod) => pod.deletedMs !== undefined && pod.removedMs === undefined);
