import type { Pod } from "kubernetes-types/core/v1";
import type { PodUsage } from "../../api-server/metrics/usage.ts";
import { nameOf, namespaceOf } from "../objects.ts";
import type { PodMetrics } from "./usage.ts";

/** What kubelets measured, as an autoscaler reads it from metrics.k8s.io: the containers of a pod together. */
export function metricsOfUsage(podUsage: () => readonly PodUsage[]): PodMetrics {
  const usageOf = (pod: Pod): PodUsage | undefined =>
    podUsage().find((usage) => usage.pod === nameOf(pod) && usage.namespace === namespaceOf(pod));
  return {
    resource: (pod, resource) => {
      const usage = usageOf(pod);
      if (usage === undefined || (resource !== "cpu" && resource !== "memory")) return undefined;
      const amounts = usage.containers.map((c) => (resource === "cpu" ? c.cpuCores : c.memoryBytes));
      // A container that is not measured yet makes the whole pod unmeasured (kubernetes pkg/controller/podautoscaler/metrics/client.go).
      if (amounts.length < (pod.spec?.containers ?? []).length) return undefined;
      const milli = Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * 1000);
      return { milli, atMs: usage.atMs, windowMs: usage.windowMs };
    },
  };
}
