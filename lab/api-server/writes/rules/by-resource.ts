import type { StoredResource } from "../../stored-kinds.ts";
import type { KubeObject } from "../../stored-object.ts";
import type { FieldError } from "../field-error.ts";
import { missingFields } from "../required-fields.ts";
import { checkMetadata } from "./names.ts";
import {
  checkAutoscaler,
  checkDisruptionBudget,
  checkEndpointSlice,
  checkImmutableData,
  checkIngress,
} from "./others.ts";
import { checkPod } from "./pods.ts";
import { checkService } from "./services.ts";
import { checkDaemonSet, checkDeployment, checkJob, checkReplicaSet, checkStatefulSet } from "./workloads.ts";

type Rule = (object: KubeObject, before: KubeObject | undefined, isBinding: boolean) => FieldError[];

const rules: { readonly [R in StoredResource]?: Rule } = {
  configmaps: checkImmutableData,
  daemonsets: checkDaemonSet,
  deployments: checkDeployment,
  endpointslices: checkEndpointSlice,
  horizontalpodautoscalers: checkAutoscaler,
  ingresses: checkIngress,
  jobs: checkJob,
  poddisruptionbudgets: checkDisruptionBudget,
  pods: checkPod,
  replicasets: checkReplicaSet,
  secrets: checkImmutableData,
  services: checkService,
  statefulsets: checkStatefulSet,
};

/** Everything that is wrong with an object that is to be stored in place of `before`. */
export function fieldErrors(
  resource: StoredResource,
  object: KubeObject,
  before: KubeObject | undefined,
  isBinding: boolean,
): FieldError[] {
  const missing = missingFields(resource, object);
  const named = new Set(missing.map((e) => e.field));
  const broken = [
    ...checkMetadata(resource, object),
    ...(rules[resource]?.(object, before, isBinding) ?? []),
  ];
  return [...missing, ...broken.filter((e) => !named.has(e.field))];
}
