import { quantity } from "../controllers/quantity.ts";
import type { ContainerReading } from "../kubelet/reading.ts";
import type { Family, Labels, Sample } from "./exposition.ts";

/**
 * What the kubelet of one node tells at /metrics/cadvisor (google/cadvisor metrics/prometheus.go, and the labels of
 * kubernetes/kubernetes pkg/kubelet/server/server.go `containerPrometheusLabelsFunc`): of each container, and of each
 * pod as a whole, without a container's name. The lab has no cgroups: CPU time is that of the processes, the working
 * set is their resident memory, periods are those of the lab's own limiter. Network, disk and OOM events are not told.
 */
export function cadvisorFamilies(readings: readonly ContainerReading[]): Family[] {
  const pods = [...Map.groupBy(readings, ({ uid }) => uid).values()];
  const each = (of: (reading: ContainerReading) => number | undefined): Sample[] => [
    ...readings.flatMap((reading) => {
      const value = of(reading);
      return value === undefined ? [] : [{ labels: containerLabels(reading), value }];
    }),
    ...pods.flatMap((own) => {
      const values = own.map(of).filter((value) => value !== undefined);
      const value = values.reduce((sum, part) => sum + part, 0);
      return values.length === 0 ? [] : [{ labels: podLabels(own[0]!), value }];
    }),
  ];
  return [
    counter(
      "container_cpu_usage_seconds_total",
      "Cumulative cpu time consumed in seconds.",
      each(({ cpuMs }) => cpuMs / 1000).map((s) => ({ ...s, labels: { ...s.labels, cpu: "total" } })),
    ),
    counter(
      "container_cpu_cfs_periods_total",
      "Number of elapsed enforcement period intervals.",
      each(({ throttling }) => throttling?.periods),
    ),
    counter(
      "container_cpu_cfs_throttled_periods_total",
      "Number of throttled period intervals.",
      each(({ throttling }) => throttling?.throttledPeriods),
    ),
    counter(
      "container_cpu_cfs_throttled_seconds_total",
      "Total time duration the container has been throttled.",
      each(({ throttling }) => (throttling === undefined ? undefined : throttling.throttledMs / 1000)),
    ),
    gauge(
      "container_memory_working_set_bytes",
      "Current working set in bytes.",
      each(({ memoryBytes }) => memoryBytes),
    ),
    gauge(
      "container_spec_memory_limit_bytes",
      "Memory limit for the container.",
      each(({ memoryLimit }) => (memoryLimit === undefined ? 0 : quantity(memoryLimit))),
    ),
  ];
}

const family =
  (type: Family["type"]) =>
  (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type, samples });
const counter = family("counter");
const gauge = family("gauge");

const podPath = (uid: string): string =>
  `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid.replaceAll("-", "_")}.slice`;

function containerLabels({ container, image, namespace, pod, uid, containerId }: ContainerReading): Labels {
  const name = containerId.replace("containerd://", "");
  return { container, id: `${podPath(uid)}/cri-containerd-${name}.scope`, image, name, namespace, pod };
}

const podLabels = ({ namespace, pod, uid }: ContainerReading): Labels => ({
  container: "",
  id: podPath(uid),
  image: "",
  name: "",
  namespace,
  pod,
});
