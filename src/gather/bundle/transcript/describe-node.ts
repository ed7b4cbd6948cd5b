import { defined, type JsonMap } from "../json-value.ts";
import { childrenOf, type DescribedLine, linesOf, valueOf } from "./describe-tree.ts";
import { conditionsOf, metadataOf } from "./describe-pod.ts";
import { describedTimeMs } from "./durations.ts";

/** A Node (describe.go describeNode). */
export function describedNode(lines: readonly DescribedLine[]): JsonMap {
  const taints = linesOf(lines, "Taints").map(taintOf);
  const info = childrenOf(lines, "System Info");
  return {
    metadata: metadataOf(lines),
    spec: defined({
      podCIDR: valueOf(lines, "PodCIDR"),
      podCIDRs: valueOf(lines, "PodCIDRs")?.split(","),
      providerID: valueOf(lines, "ProviderID"),
      taints: taints.length > 0 ? taints : undefined,
      unschedulable: valueOf(lines, "Unschedulable") === "true" ? true : undefined,
    }),
    status: defined({
      conditions: conditionsOf(childrenOf(lines, "Conditions")),
      addresses: childrenOf(lines, "Addresses").map((line) => ({
        type: line.key,
        address: line.value.trim(),
      })),
      capacity: quantities(childrenOf(lines, "Capacity")),
      allocatable: quantities(childrenOf(lines, "Allocatable")),
      nodeInfo: defined({
        kernelVersion: valueOf(info, "Kernel Version"),
        osImage: valueOf(info, "OS Image"),
        operatingSystem: valueOf(info, "Operating System"),
        architecture: valueOf(info, "Architecture"),
        containerRuntimeVersion: valueOf(info, "Container Runtime Version"),
        kubeletVersion: valueOf(info, "Kubelet Version"),
      }),
    }),
  };
}

/** When kubelet last renewed the node's lease, which it does every ten seconds while it runs. */
export const leaseRenewedMs = (lines: readonly DescribedLine[]): number | undefined =>
  describedTimeMs(valueOf(childrenOf(lines, "Lease"), "RenewTime") ?? "");

function taintOf(text: string): JsonMap {
  const match = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(text.trim());
  return match === null
    ? { key: text.trim() }
    : defined({ key: match[1], value: match[2], effect: match[3] });
}

function quantities(lines: readonly DescribedLine[]): JsonMap | undefined {
  return lines.length === 0
    ? undefined
    : Object.fromEntries(lines.map((line) => [line.key, line.value.trim()]));
}
