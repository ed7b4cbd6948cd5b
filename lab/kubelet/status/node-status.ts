import type { Node, NodeCondition, NodeStatus } from "kubernetes-types/core/v1";

const conditions = [
  ["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
  ["Ready", "True", "KubeletReady", "kubelet is posting ready status"],
] as const;

/** What a node's kubelet reports (kubernetes/kubernetes pkg/kubelet/nodestatus/setters.go). */
export function nodeStatus(node: Node, hostIp: string, now: string): NodeStatus {
  const before = node.status ?? {};
  const capacity = before.capacity ?? { cpu: "4", memory: "8Gi", pods: "110", "ephemeral-storage": "50Gi" };
  return {
    ...before,
    capacity,
    allocatable: before.allocatable ?? capacity,
    addresses: before.addresses ?? [
      { type: "InternalIP", address: hostIp },
      { type: "Hostname", address: node.metadata?.name ?? "" },
    ],
    conditions: conditions.map(([type, status, reason, message]): NodeCondition => {
      const old = before.conditions?.find((c) => c.type === type);
      const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? now) : now;
      return { type, status, lastHeartbeatTime: now, lastTransitionTime, reason, message };
    }),
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    nodeInfo: before.nodeInfo ?? {
      architecture: "amd64",
      bootID: "",
      containerRuntimeVersion: "containerd://1.7.24",
      kernelVersion: "6.1.0",
      kubeProxyVersion: "v1.32.4",
      kubeletVersion: "v1.32.4",
      machineID: "",
      operatingSystem: "linux",
      osImage: "Debian GNU/Linux 12 (bookworm)",
      systemUUID: "",
    },
  };
}
