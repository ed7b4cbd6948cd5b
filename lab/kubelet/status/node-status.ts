import type { Node, NodeCondition, NodeStatus } from "kubernetes-types/core/v1";
import type { Pressure } from "../pressure.ts";

const conditions = [
  ["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
  ["Ready", "True", "KubeletReady", "kubelet is posting ready status"],
] as const;

/** Instead of those above, when the node is short of something. */
const pressed = {
  memory: [
    "MemoryPressure",
    "True",
    "KubeletHasInsufficientMemory",
    "kubelet has insufficient memory available",
  ],
  "ephemeral-storage": ["DiskPressure", "True", "KubeletHasDiskPressure", "kubelet has disk pressure"],
} as const;

/** What a node's kubelet reports (kubernetes/kubernetes pkg/kubelet/nodestatus/setters.go). */
export function nodeStatus(node: Node, hostIp: string, now: string, pressure?: Pressure): NodeStatus {
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
    conditions: conditions.map((usual): NodeCondition => {
      const short = pressure === undefined ? undefined : pressed[pressure];
      const [type, status, reason, message] = short?.[0] === usual[0] ? short : usual;
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
