import { isObject, type JsonObject } from "../base/json-value.ts";

/** How far a workload's pods are those of its template. */
export interface RolloutProgress {
  readonly wanted: number;
  readonly updated: number;
  readonly available: number;
  /** The controller has not looked at the newest change yet: its counts are of the time before. */
  readonly isUnseen: boolean;
  readonly isOver: boolean;
}

/** As `kubectl rollout status` decides it (kubernetes/kubectl pkg/polymorphichelpers/rollout_status.go). */
export function rolloutProgress(object: JsonObject): RolloutProgress {
  const metadata = fieldsOf(object["metadata"]);
  const spec = fieldsOf(object["spec"]);
  const status = fieldsOf(object["status"]);
  const isUnseen = number(status["observedGeneration"]) < number(metadata["generation"]);
  if (object["kind"] === "DaemonSet") {
    const wanted = number(status["desiredNumberScheduled"]);
    const updated = number(status["updatedNumberScheduled"]);
    const available = number(status["numberAvailable"]);
    return {
      wanted,
      updated,
      available,
      isUnseen,
      isOver: !isUnseen && updated >= wanted && available >= wanted,
    };
  }
  const wanted = typeof spec["replicas"] === "number" ? spec["replicas"] : 1;
  const updated = number(status["updatedReplicas"]);
  const available = number(status["availableReplicas"] ?? status["readyReplicas"]);
  const isWhole = updated >= wanted && number(status["replicas"]) <= wanted;
  return { wanted, updated, available, isUnseen, isOver: !isUnseen && isWhole && available >= wanted };
}

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

const fieldsOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
