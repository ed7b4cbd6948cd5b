import { failure, internalError, type StatusDetails } from "../status.ts";
import type { KubeObject, StoredObject } from "../stored-object.ts";
import type { DeleteOptions } from "../writes.ts";
import { objectOf, objectsOf } from "./json.ts";
import { removeObject } from "./remove.ts";
import { selectorMatches } from "./rules/selector.ts";
import { updateObject } from "./update.ts";
import { existing, type Place, timeText, type WriteContext } from "./write-context.ts";

/**
 * Deletes a pod if its PodDisruptionBudget allows it (kubernetes/kubernetes pkg/registry/core/pod/storage/eviction.go).
 * @throws StatusError 429 when it does not
 */
export function evict(context: WriteContext, place: Place, options: DeleteOptions): void {
  const pod = existing(context, place);
  if (!isUncounted(pod.object)) takeFromBudget(context, pod, options.dryRun ?? false);
  removeObject(context, place, options);
}

/** Pods that no budget counts: not started, ended, or on their way out. */
function isUncounted(pod: KubeObject): boolean {
  const { phase } = objectOf(pod["status"]);
  return (
    pod.metadata?.deletionTimestamp !== undefined ||
    phase === "Pending" ||
    phase === "Succeeded" ||
    phase === "Failed"
  );
}

function takeFromBudget(context: WriteContext, pod: StoredObject, dryRun: boolean): void {
  const budgets = context.store
    .list("poddisruptionbudgets", pod.namespace)
    .filter(({ object }) => selectorMatches(objectOf(object["spec"])["selector"], pod.labels ?? {}));
  if (budgets.length > 1)
    throw internalError(
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  const [budget] = budgets;
  if (budget === undefined) return;
  const status = objectOf(budget.object["status"]);
  const healthy = Number(status["currentHealthy"] ?? 0);
  const desired = Number(status["desiredHealthy"] ?? 0);
  // A pod that is not ready does not count as healthy: it may go while enough others are (IfHealthyBudget).
  if (!isReady(pod.object) && healthy >= desired && desired > 0) return;
  if (Number(status["observedGeneration"] ?? 0) < (budget.object.metadata?.generation ?? 0))
    throw refused(`The disruption budget ${budget.name} is still being processed by the server.`, {
      retryAfterSeconds: 10,
    });
  const allowed = Number(status["disruptionsAllowed"] ?? 0);
  if (allowed <= 0)
    throw refused(
      `The disruption budget ${budget.name} needs ${desired} healthy pods and has ${healthy} currently`,
      {},
    );
  const disruptedPods = { ...objectOf(status["disruptedPods"]), [pod.name]: timeText(context.nowMs()) };
  const next = { ...budget.object, status: { ...status, disruptionsAllowed: allowed - 1, disruptedPods } };
  updateObject(context, "poddisruptionbudgets", budget, next, { subresource: "status", dryRun });
}

const isReady = (pod: KubeObject): boolean =>
  objectsOf(objectOf(pod["status"])["conditions"]).some(
    (c) => c["type"] === "Ready" && c["status"] === "True",
  );

const refused = (message: string, details: StatusDetails) =>
  failure(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", {
    ...details,
    causes: [{ reason: "DisruptionBudget", message }],
  });
