import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../base/json-value.ts";
import { rolloutProgress } from "../derive/rolled-out.ts";
import type { Connection } from "../gather/cluster/connection.ts";
import type { ObjectReport } from "../report/report.ts";
import { readLive } from "./live-object.ts";

const workloads = new Set(["Deployment", "StatefulSet", "DaemonSet"]);
const everyMs = 1000;
const longestMs = 300_000;

/** Whether a change of its template replaces pods. */
export const isWorkload = ({ kind }: ObjectReport): boolean => workloads.has(kind);

/** Waits until a workload's pods are those of its template and available; false when five minutes are over before. */
export async function rolledOut(connection: Connection, object: ObjectReport): Promise<boolean> {
  const endMs = performance.now() + longestMs;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- it is asked until it says so
    if (isRolledOut(await readLive(connection, object))) return true;
    if (performance.now() + everyMs > endMs) return false;
    // oxlint-disable-next-line no-await-in-loop
    await sleep(everyMs);
  }
}

export const isRolledOut = (object: JsonObject): boolean => rolloutProgress(object).isOver;
