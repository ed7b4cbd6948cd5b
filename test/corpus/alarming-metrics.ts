import type { Evidence } from "../../src/evidence/evidence.ts";
import type { MetricEvidence, MetricName, MetricSeries } from "../../src/evidence/metrics.ts";

type Labels = MetricSeries["labels"];

const stepMs = 60_000;
const looks = 120;

const nameOf = ({ metadata }: { metadata?: { namespace?: string; name?: string } }) => ({
  namespace: metadata?.namespace ?? "default",
  name: metadata?.name ?? "",
});

/** Metrics by which everything that they can tell of is at its worst, for two hours up to the collection. */
export function alarmingMetrics({ collectedAt, objects }: Evidence): MetricEvidence {
  const toMs = Date.parse(collectedAt);
  const constant = (labels: Labels, value: number): MetricSeries => ({
    labels,
    points: Array.from({ length: looks }, (_, i) => [toMs - (looks - 1 - i) * stepMs, value] as const),
  });
  const containers = (objects.pods ?? []).flatMap((pod) => {
    const { namespace, name } = nameOf(pod);
    return (pod.spec?.containers ?? []).map((c): Labels => ({ namespace, pod: name, container: c.name }));
  });
  const services = (objects.services ?? []).map(nameOf);
  const scalers = (objects.horizontalpodautoscalers ?? []).flatMap((scaler) => {
    const { namespace, name } = nameOf(scaler);
    const of = (part: string): Labels => ({
      namespace,
      horizontalpodautoscaler: name,
      __name__: `kube_horizontalpodautoscaler_${part}`,
    });
    return [constant(of("spec_max_replicas"), 3), constant(of("status_desired_replicas"), 9)];
  });
  const told: Readonly<Record<MetricName, readonly MetricSeries[]>> = {
    requests: [],
    latency: [],
    "cpu-throttling": containers.map((labels) => constant(labels, 0.99)),
    memory: containers.map((labels) => constant(labels, 0.99)),
    restarts: [],
    "oom-kills": services.map(({ namespace, name }) =>
      constant({ namespace, pod: `${name}-of-before`, container: "app" }, 1),
    ),
    "ready-endpoints": services.map(({ namespace, name }) => constant({ namespace, endpoint: name }, 0)),
    autoscaler: scalers,
    "config-reload": [constant({ controller_namespace: "ingress-nginx", controller_pod: "controller" }, 0)],
  };
  return {
    server: "http://127.0.0.1:9090",
    from: new Date(toMs - looks * stepMs).toISOString(),
    to: collectedAt,
    stepSeconds: stepMs / 1000,
    queries: Object.entries(told).map(([name, series]) => ({
      name: name as MetricName,
      expression: name,
      series,
      ...(series.length === 0 ? { reason: "not asked in this test" } : {}),
    })),
  };
}
