import type { KubeObject } from "./stored-object.ts";

/**
 * HorizontalPodAutoscalers of autoscaling/v1, which has one target, CPU, for the metrics of v2
 * (kubernetes/kubernetes pkg/apis/autoscaling/v1/conversion.go). Metrics it has no field for are left out.
 */
type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Of the CPU's metric among those of a spec ("target") or a status ("current"). */
function cpuUtilization(metrics: unknown, part: "target" | "current"): unknown {
  const list: readonly unknown[] = Array.isArray(metrics) ? metrics : [];
  const cpu = list.map((m) => fieldsOf(fieldsOf(m)["resource"])).find((r) => r["name"] === "cpu");
  return fieldsOf(cpu?.[part])["averageUtilization"];
}

const withField = (fields: Fields, name: string, value: unknown): Fields =>
  value === undefined ? fields : { ...fields, [name]: value };

export function toAutoscalingV1(object: KubeObject): KubeObject {
  const { metrics, behavior: _behavior, ...spec } = fieldsOf(object["spec"]);
  const { currentMetrics, conditions: _conditions, ...status } = fieldsOf(object["status"]);
  const target = cpuUtilization(metrics, "target");
  const current = cpuUtilization(currentMetrics, "current");
  return {
    ...object,
    spec: withField(spec, "targetCPUUtilizationPercentage", target),
    ...(object["status"] === undefined
      ? {}
      : { status: withField(status, "currentCPUUtilizationPercentage", current) }),
  };
}

export function toAutoscalingV2(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: averageUtilization, ...spec } = fieldsOf(object["spec"]);
  const target = { type: "Utilization", averageUtilization };
  const metrics = [{ type: "Resource", resource: { name: "cpu", target } }];
  const { status: _status, ...rest } = object;
  return { ...rest, spec: averageUtilization === undefined ? spec : { ...spec, metrics } };
}
