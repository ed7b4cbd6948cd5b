import { type Resource, resources } from "../../../evidence/kinds.ts";
import { type JsonMap, mapOf, textOf } from "../json-value.ts";
import { describedConfigMap } from "./describe-config-map.ts";
import { describedIngress } from "./describe-ingress.ts";
import { describedNode } from "./describe-node.ts";
import { describedPod, metadataOf } from "./describe-pod.ts";
import {
  describedAutoscaler,
  describedBudget,
  describedNetworkPolicy,
  describedQuota,
  describedServiceAccount,
} from "./describe-policy.ts";
import { describedEndpoints, describedEndpointSlice, describedService } from "./describe-service.ts";
import { describedClaim, describedStorageClass, describedVolume } from "./describe-storage.ts";
import { type DescribedLine, parseDescribed, valueOf } from "./describe-tree.ts";
import { describedJob, describedWorkload } from "./describe-workload.ts";

type Describer = (lines: readonly DescribedLine[], nowMs: number | undefined) => JsonMap;

const describers: { readonly [R in Resource]?: Describer } = {
  daemonsets: describedWorkload,
  deployments: describedWorkload,
  endpoints: describedEndpoints,
  endpointslices: describedEndpointSlice,
  horizontalpodautoscalers: describedAutoscaler,
  ingressclasses: (lines) => ({
    metadata: metadataOf(lines),
    spec: { controller: valueOf(lines, "Controller") ?? "" },
  }),
  ingresses: describedIngress,
  jobs: describedJob,
  namespaces: (lines) => ({ metadata: metadataOf(lines), status: { phase: valueOf(lines, "Status") } }),
  networkpolicies: describedNetworkPolicy,
  nodes: describedNode,
  persistentvolumeclaims: describedClaim,
  persistentvolumes: describedVolume,
  poddisruptionbudgets: describedBudget,
  pods: describedPod,
  replicasets: describedWorkload,
  resourcequotas: describedQuota,
  serviceaccounts: describedServiceAccount,
  services: describedService,
  statefulsets: describedWorkload,
  storageclasses: describedStorageClass,
};

/** One describe text, taken apart. */
export interface Described {
  readonly resource: Resource;
  readonly name: string;
  readonly namespace?: string;
  readonly lines: readonly DescribedLine[];
  readonly text: string;
}

/** Splits the output of a describe command into one text per object. */
export function splitDescribed(
  resource: Resource,
  output: string,
  namespace: string | undefined,
): Described[] {
  return output.split(/\n\n\n(?=Name:)/).flatMap((part) => {
    const text = part.trim();
    if (!/^Name:\s/.test(text)) return [];
    const head = resource === "configmaps" ? text.split("\nData\n====", 1)[0]! : text;
    const lines = parseDescribed(head);
    const name = valueOf(lines, "Name");
    if (name === undefined) return [];
    const shown = resources[resource].namespaced ? (valueOf(lines, "Namespace") ?? namespace) : undefined;
    return [{ resource, name, lines, text, ...(shown === undefined ? {} : { namespace: shown }) }];
  });
}

/** The API object a describe text is about; undefined for a kind that is not read. */
export function describedObject(described: Described, nowMs: number | undefined): JsonMap | undefined {
  const { resource, lines, text, namespace, name } = described;
  const object = resource === "configmaps" ? describedConfigMap(text) : describers[resource]?.(lines, nowMs);
  if (object === undefined) return undefined;
  const metadata = mapOf(object["metadata"]);
  return {
    ...object,
    metadata: {
      ...metadata,
      name: textOf(metadata["name"]) ?? name,
      ...(namespace === undefined ? {} : { namespace }),
    },
  };
}
