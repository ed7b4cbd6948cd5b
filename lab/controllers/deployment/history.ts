import type { Deployment } from "kubernetes-types/apps/v1";
import type { Machine } from "../../machine/machine.ts";
import { isBeingDeleted, namespaceOf, nameOf } from "../objects.ts";
import { byRevision, type Sets, sizeOf } from "./replica-sets.ts";

/** Deletes the oldest of the empty sets beyond revisionHistoryLimit (kubernetes pkg/controller/deployment/sync.go cleanupDeployment). */
export function trimHistory(machine: Machine, deployment: Deployment, { old }: Sets): void {
  const limit = deployment.spec?.revisionHistoryLimit ?? 10;
  const alive = old.filter((set) => !isBeingDeleted(set)).sort(byRevision);
  for (const set of alive.slice(0, Math.max(0, alive.length - limit))) {
    const isSeen = (set.metadata?.generation ?? 0) <= (set.status?.observedGeneration ?? 0);
    if (sizeOf(set) === 0 && (set.status?.replicas ?? 0) === 0 && isSeen)
      machine.writes.remove("replicasets", nameOf(set), namespaceOf(set));
  }
}
