import type { Pod } from "kubernetes-types/core/v1";
import { recogniseGateway } from "../derive/gateway-pods.ts";
import { type Coverage, type Evidence, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { resources } from "../evidence/kinds.ts";
import { runnables } from "./runnables.ts";

/**
 * Manifests as they would be in a cluster that has more than them: what is not among them may still exist,
 * so no list counts as whole.
 *
 * They hold a gateway's Deployment and no pods of it. What the gateway is started with is read from
 * its pods, so each gateway's template stands in for one.
 */
export function asApplied(read: Evidence): Evidence {
  if (read.source.kind !== "files") return read;
  const evidence = { ...read, coverage: read.coverage.map((entry) => onlySeen(read, entry)) };
  const pods = runnables(evidence).flatMap(({ ref, labels, annotations, spec }): Pod[] => {
    const pod: Pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: ref.name,
        namespace: ref.namespace ?? "default",
        labels: { ...labels },
        annotations: { ...annotations },
        ownerReferences: [
          { apiVersion: "apps/v1", kind: ref.kind, name: ref.name, uid: "", controller: true },
        ],
      },
      spec,
    };
    return ref.kind !== "Pod" && recogniseGateway(pod) !== undefined ? [pod] : [];
  });
  if (pods.length === 0) return evidence;
  return {
    ...evidence,
    objects: { ...evidence.objects, pods: [...(evidence.objects.pods ?? []), ...pods] },
    coverage: [...evidence.coverage, { resource: "pods", extent: "selected" }],
  };
}

function onlySeen({ objects }: Evidence, entry: Coverage): Coverage {
  const { resource, namespace, extent } = entry;
  if (extent !== "whole") return entry;
  const here = (objects[resource] ?? []).filter(
    (o) => namespace === undefined || !resources[resource].namespaced || namespaceOf(o) === namespace,
  );
  return { ...entry, extent: "selected", names: here.map(nameOf) };
}
