import type { Node } from "kubernetes-types/core/v1";
import { at } from "../time.ts";
import type { Addresses } from "./network-addresses.ts";
import { meta, type Writable } from "./store.ts";

type NodeCondition = NonNullable<NonNullable<Node["status"]>["conditions"]>[number];

const condition = (type: string, status: string, reason: string, message: string): NodeCondition => ({
  type,
  status,
  reason,
  message,
  lastHeartbeatTime: at("-40s"),
  lastTransitionTime: at("-40d"),
});

/** A node with the conditions of a healthy kubelet, in its words. */
export function healthyNode(name: string, index: number, addresses: Addresses): Node {
  return {
    metadata: meta("Node", undefined, name, {
      labels: {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": "standard-4",
        "topology.kubernetes.io/region": "region-1",
        "topology.kubernetes.io/zone": `zone-${"abc"[index % 3]}`,
      },
    }),
    spec: { podCIDR: `10.42.${index + 1}.0/24` },
    status: {
      addresses: [
        { type: "InternalIP", address: addresses.nodeIp(name) },
        { type: "Hostname", address: name },
      ],
      allocatable: { cpu: "3920m", memory: "15210Mi", pods: "110", "ephemeral-storage": "95551679124" },
      capacity: { cpu: "4", memory: "16384Mi", pods: "110", "ephemeral-storage": "103880232Ki" },
      conditions: [
        condition(
          "MemoryPressure",
          "False",
          "KubeletHasSufficientMemory",
          "kubelet has sufficient memory available",
        ),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
      ],
      nodeInfo: {
        kubeletVersion: "v1.33.4",
        osImage: "Ubuntu 24.04.3 LTS",
        kernelVersion: "6.8.0-71-generic",
        containerRuntimeVersion: "containerd://2.0.5",
        architecture: "amd64",
        operatingSystem: "linux",
        bootID: "",
        machineID: "",
        systemUUID: "",
        kubeProxyVersion: "",
      },
    },
  };
}

const silent = { reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." };

/** Conditions and taints that the node controller sets when a kubelet falls silent. */
export function loseKubelet(node: Writable<Node>, since: string): void {
  for (const c of node.status?.conditions ?? []) {
    Object.assign(c, { status: "Unknown", lastTransitionTime: since, ...silent });
  }
  const key = "node.kubernetes.io/unreachable";
  node.spec = {
    ...node.spec,
    taints: [
      { key, effect: "NoSchedule", timeAdded: since },
      { key, effect: "NoExecute", timeAdded: since },
    ],
  };
}
