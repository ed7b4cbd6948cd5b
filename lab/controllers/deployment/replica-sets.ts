import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import type { Machine } from "../../machine/machine.ts";
import { matchesSelector } from "../label-match.ts";
import {
  byAge,
  controllerOf,
  controllerReference,
  isBeingDeleted,
  isControlledBy,
  listOf,
  namespaceOf,
  nameOf,
} from "../objects.ts";
import { revisionOf } from "./revision.ts";
import { hashLabel, sameTemplate, templateHash } from "./template-hash.ts";

/** The ReplicaSets of a Deployment: the one of its template, when there is one, and the others, oldest first. */
export interface Sets {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

export const sizeOf = (set: ReplicaSet): number => set.spec?.replicas ?? 1;
export const isScaledUp = (set: ReplicaSet): boolean => sizeOf(set) > 0;

export const allOf = ({ current, old }: Sets): ReplicaSet[] =>
  current === undefined ? [...old] : [...old, current];

export const totalOf = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number =>
  sets.reduce((sum, set) => sum + count(set), 0);

/** Reads them anew, and adopts those that match and belong to nobody. */
export function setsOf(machine: Machine, deployment: Deployment): Sets {
  const own = listOf(machine.store, "replicasets", namespaceOf(deployment)).filter(
    (set) => isControlledBy(set, deployment) || adopts(machine, deployment, set),
  );
  own.sort(byAge);
  const hash = templateHash(deployment.spec?.template, deployment.status?.collisionCount);
  const current = own.find(
    (set) =>
      sameTemplate(set.spec?.template, deployment.spec?.template) ||
      // A template that was stored with other defaults is still this one.
      set.metadata?.labels?.[hashLabel] === hash,
  );
  return { current, old: own.filter((set) => set !== current) };
}

function adopts(machine: Machine, deployment: Deployment, set: ReplicaSet): boolean {
  if (controllerOf(set) !== undefined || isBeingDeleted(set) || isBeingDeleted(deployment)) return false;
  if (!matchesSelector(deployment.spec?.selector, set.metadata?.labels)) return false;
  const ownerReferences = [
    ...(set.metadata?.ownerReferences ?? []),
    controllerReference("deployments", deployment),
  ];
  const body = { metadata: { ownerReferences } };
  machine.writes.patch("replicasets", nameOf(set), namespaceOf(set), { type: "merge", body });
  return true;
}

/** Lowest revision first (kubernetes pkg/controller/deployment/util/deployment_util.go ReplicaSetsByRevision). */
export const byRevision = (a: ReplicaSet, b: ReplicaSet): number => revisionOf(a) - revisionOf(b);
