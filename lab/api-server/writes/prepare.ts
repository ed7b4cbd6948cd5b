import type { StoredResource } from "../stored-kinds.ts";
import type { KubeObject } from "../stored-object.ts";
import { applyDefaults } from "./defaults/by-resource.ts";
import { invalidObject } from "./field-error.ts";
import { objectAt } from "./json.ts";
import { fieldErrors } from "./rules/by-resource.ts";
import { giveAddresses } from "./service-addresses.ts";
import type { WriteContext } from "./write-context.ts";

/**
 * Defaults, then validation (the object is changed in place).
 * @param isBinding a pod may get its node
 * @throws StatusError 422
 */
export function complete(
  context: WriteContext,
  resource: StoredResource,
  object: KubeObject,
  before: KubeObject | undefined,
  isBinding = false,
): void {
  applyDefaults(resource, object);
  if (resource === "services") giveAddresses(context, object, before);
  if (resource === "ingresses" && before === undefined) giveIngressClass(context, object);
  const errors = fieldErrors(resource, object, before, isBinding);
  if (errors.length > 0) throw invalidObject(resource, object.metadata?.name ?? "", errors);
}

const classAnnotation = "kubernetes.io/ingress.class";
const defaultAnnotation = "ingressclass.kubernetes.io/is-default-class";

/** The admission plugin DefaultIngressClass. */
function giveIngressClass({ store }: WriteContext, ingress: KubeObject): void {
  const spec = objectAt(ingress, "spec");
  if (
    spec["ingressClassName"] !== undefined ||
    ingress.metadata?.annotations?.[classAnnotation] !== undefined
  )
    return;
  const named = store
    .list("ingressclasses")
    .find((c) => c.object.metadata?.annotations?.[defaultAnnotation] === "true");
  if (named !== undefined) spec["ingressClassName"] = named.name;
}

/** Kinds whose metadata.generation counts the changes of what is wanted. */
const generational = new Set<StoredResource>([
  "cronjobs",
  "daemonsets",
  "deployments",
  "endpointslices",
  "ingressclasses",
  "ingresses",
  "jobs",
  "networkpolicies",
  "poddisruptionbudgets",
  "replicasets",
  "replicationcontrollers",
  "rollouts",
  "statefulsets",
]);

export const hasGeneration = (resource: StoredResource): boolean => generational.has(resource);
