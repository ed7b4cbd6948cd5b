import type { Ingress } from "kubernetes-types/networking/v1";
import type { Mirror } from "../feed/mirror.ts";

export interface ClassOfController {
  /** `spec.controller` of the IngressClasses that are this controller's. */
  readonly controller: string;
  /** Value of the old annotation kubernetes.io/ingress.class, --ingress-class. */
  readonly name: string;
}

/**
 * The class by which an Ingress is this controller's, or why it is not, in the words of kubernetes/ingress-nginx
 * internal/ingress/controller/store/store.go `GetIngressClass`. An Ingress that names none has the default class.
 */
export function classOf(
  mirror: Mirror,
  ingress: Ingress,
  { controller, name }: ClassOfController,
): { readonly name: string } | { readonly problem: string } {
  const classes = mirror.list("ingressclasses").filter((c) => c.spec?.controller === controller);
  const named = ingress.spec?.ingressClassName;
  if (named !== undefined)
    return classes.some((c) => c.metadata?.name === named)
      ? { name: named }
      : { problem: `no object matching key "${named}" in local store` };
  const annotation = ingress.metadata?.annotations?.["kubernetes.io/ingress.class"];
  if (annotation !== undefined)
    return annotation === name
      ? { name }
      : { problem: "ingress class annotation is not equal to the expected by Ingress Controller" };
  const byDefault = classes.find(
    (c) => c.metadata?.annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true",
  );
  return byDefault === undefined
    ? { problem: "ingress does not contain a valid IngressClass" }
    : { name: byDefault.metadata?.name ?? name };
}

const createdAt = (i: Ingress): string => i.metadata?.creationTimestamp ?? "";

/** Ingresses of a controller, oldest first: the first to name a host and path has it (`sortIngressSlice`). */
export function ingressesOfClass(mirror: Mirror, own: ClassOfController): Ingress[] {
  return mirror
    .list("ingresses")
    .filter((ingress) => "name" in classOf(mirror, ingress, own))
    .sort((a, b) => (createdAt(a) < createdAt(b) ? -1 : createdAt(a) > createdAt(b) ? 1 : 0));
}
