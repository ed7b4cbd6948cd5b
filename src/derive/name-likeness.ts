import type { Service } from "kubernetes-types/core/v1";
import type { Observed } from "../evidence/observed.ts";
import { nearestNames } from "./near-names.ts";
import { serviceSelector } from "./selectors.ts";
import type { WorkloadView } from "./workload-views.ts";

/**
 * Whether a workload may be the one a Service was meant for: its name is, holds or nearly is the
 * Service's name, or one of the values that the Service selects stands in its labels.
 */
export function looksLike(serviceName: string, service: Observed<Service>, workload: WorkloadView): boolean {
  const { name } = workload.ref;
  if (name === serviceName || nearestNames(serviceName, [name]).length > 0) return true;
  const selector = service.state === "present" ? (serviceSelector(service.value) ?? {}) : {};
  const wanted = Object.entries(selector)
    .filter(([key]) => tellingLabels.has(key))
    .map(([, value]) => value);
  const values = Object.entries(workload.template.labels)
    .filter(([key]) => tellingLabels.has(key))
    .map(([, value]) => value);
  return wanted.some(
    (value) => value === name || values.includes(value) || nearestNames(value, values).length > 0,
  );
}

/** Labels that name one application; "tier" or "part-of" are shared by many. */
const tellingLabels = new Set([
  "app",
  "app.kubernetes.io/name",
  "app.kubernetes.io/instance",
  "app.kubernetes.io/component",
  "k8s-app",
  "name",
  "run",
  "service",
  "component",
]);
