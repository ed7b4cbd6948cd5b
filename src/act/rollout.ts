import { setTimeout as sleep } from "node:timers/promises";
import { isObject, type JsonObject } from "../base/json-value.ts";
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

/** As `kubectl rollout status` decides it. */
export function isRolledOut(object: JsonObject): boolean {
  const metadata = fieldsOf(object["metadata"]);
  const spec = fieldsOf(object["spec"]);
  const status = fieldsOf(object["status"]);
  if (number(status["observedGeneration"]) < number(metadata["generation"])) return false;
  if (object["kind"] === "DaemonSet") {
    const desired = number(status["desiredNumberScheduled"]);
    return (
      number(status["updatedNumberScheduled"]) >= desired && number(status["numberAvailable"]) >= desired
    );
  }
  const wanted = typeof spec["replicas"] === "number" ? spec["replicas"] : 1;
  const isWhole = number(status["updatedReplicas"]) >= wanted && number(status["replicas"]) <= wanted;
  const available = number(status["availableReplicas"] ?? status["readyReplicas"]);
  return isWhole && available >= wanted;
}

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

const fieldsOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
