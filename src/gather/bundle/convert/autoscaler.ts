import { defined, isMap, type JsonMap, mapOf, mapsOf, textOf, without } from "../json-value.ts";

const conditionsAnnotation = "autoscaling.alpha.kubernetes.io/conditions";

/** HorizontalPodAutoscaler of autoscaling/v1: one CPU target; conditions are JSON in an annotation. */
export function autoscalerFromV1(object: JsonMap): JsonMap {
  const spec = mapOf(object["spec"]);
  const status = mapOf(object["status"]);
  const target = spec["targetCPUUtilizationPercentage"];
  const current = status["currentCPUUtilizationPercentage"];
  return {
    ...object,
    spec: {
      ...without(spec, "targetCPUUtilizationPercentage"),
      ...(target === undefined
        ? {}
        : { metrics: [cpu("target", { type: "Utilization", averageUtilization: target })] }),
    },
    status: {
      ...without(status, "currentCPUUtilizationPercentage"),
      ...(current === undefined ? {} : { currentMetrics: [cpu("current", { averageUtilization: current })] }),
      ...annotatedConditions(object),
    },
  };
}

const cpu = (side: "target" | "current", value: JsonMap): JsonMap => ({
  type: "Resource",
  resource: { name: "cpu", [side]: value },
});

function annotatedConditions(object: JsonMap): JsonMap {
  const text = textOf(mapOf(mapOf(object["metadata"])["annotations"])[conditionsAnnotation]);
  if (text === undefined) return {};
  try {
    return { conditions: mapsOf(JSON.parse(text)) };
  } catch {
    return {};
  }
}

/** HorizontalPodAutoscaler of autoscaling/v2beta1: targets and current values lie flat in each metric. */
export function autoscalerFromV2beta1(object: JsonMap): JsonMap {
  const spec = mapOf(object["spec"]);
  const status = mapOf(object["status"]);
  return {
    ...object,
    spec: { ...spec, ...listed("metrics", spec["metrics"], "target") },
    status: { ...status, ...listed("currentMetrics", status["currentMetrics"], "current") },
  };
}

function listed(key: string, metrics: unknown, side: "target" | "current"): JsonMap {
  return Array.isArray(metrics)
    ? { [key]: mapsOf(metrics).map((metric) => metricFromV2beta1(metric, side)) }
    : {};
}

/** Each metric has one member named after its type: `resource`, `pods`, `object`, `external`. */
function metricFromV2beta1(metric: JsonMap, side: "target" | "current"): JsonMap {
  return Object.fromEntries(
    Object.entries(metric).map(([key, value]) => [
      key,
      isMap(value) ? sourceFromV2beta1(value, side) : value,
    ]),
  );
}

const flatFields = ["metricName", "metricSelector", "selector", "target"] as const;

function sourceFromV2beta1(source: JsonMap, side: "target" | "current"): JsonMap {
  const read = (name: string): unknown => source[`${side}${name}`];
  const averageUtilization = read("AverageUtilization");
  const averageValue = read("AverageValue") ?? source["averageValue"];
  const value = read("Value");
  const type =
    averageUtilization !== undefined ? "Utilization" : averageValue !== undefined ? "AverageValue" : "Value";
  const amounts = defined({ averageUtilization, averageValue, value });
  const kept = Object.entries(source).filter(
    ([key]) => !flatFields.some((field) => field === key) && !/^(target|current|average)[A-Z]/.test(key),
  );
  return {
    ...Object.fromEntries(kept),
    ...(source["metricName"] === undefined
      ? {}
      : {
          metric: defined({
            name: source["metricName"],
            selector: source["metricSelector"] ?? source["selector"],
          }),
        }),
    ...(isMap(source["target"]) ? { describedObject: source["target"] } : {}),
    [side]: side === "target" ? { type, ...amounts } : amounts,
  };
}
