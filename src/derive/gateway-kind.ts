import type { GatewayKind } from "./views.ts";

/** IngressClass `.spec.controller` values, as each controller documents its own. */
const controllers: readonly (readonly [RegExp, GatewayKind])[] = [
  [/ingress-nginx/, "ingress-nginx"],
  [/^nginx\.org\//, "nginx-ingress"],
  [/^traefik\./, "traefik"],
  [/^haproxy|^haproxy-ingress/, "haproxy"],
  [/^projectcontour\.io\//, "contour"],
  [/konghq\.com\//, "kong"],
  [/^ingress\.k8s\.aws\/|^eks\.amazonaws\.com\/alb/, "aws-lbc"],
  [/ingress-gce|^networking\.gke\.io\//, "gce"],
  [/^istio\.io\//, "istio"],
  [/^openshift\.io\//, "openshift-router"],
  [/^gateway\.envoyproxy\.io\//, "envoy-gateway"],
];

export function kindOfController(controller: string): GatewayKind {
  return controllers.find(([pattern]) => pattern.test(controller))?.[1] ?? "other";
}

/** Class names that a controller serves by default, for clusters whose IngressClass is not at hand. */
const classNames: readonly (readonly [RegExp, GatewayKind])[] = [
  [/^nginx-org|^nginx-inc/, "nginx-ingress"],
  [/nginx/, "ingress-nginx"],
  [/traefik/, "traefik"],
  [/haproxy/, "haproxy"],
  [/contour/, "contour"],
  [/kong/, "kong"],
  [/^alb$|^aws-alb/, "aws-lbc"],
  [/^gce/, "gce"],
  [/^istio/, "istio"],
  [/^openshift/, "openshift-router"],
];

export function kindOfClassName(name: string): GatewayKind {
  return classNames.find(([pattern]) => pattern.test(name))?.[1] ?? "unknown";
}

const annotationPrefixes: readonly (readonly [string, GatewayKind])[] = [
  ["nginx.ingress.kubernetes.io/", "ingress-nginx"],
  ["nginx.org/", "nginx-ingress"],
  ["traefik.ingress.kubernetes.io/", "traefik"],
  ["haproxy.org/", "haproxy"],
  ["haproxy-ingress.github.io/", "haproxy"],
  ["projectcontour.io/", "contour"],
  ["konghq.com/", "kong"],
  ["alb.ingress.kubernetes.io/", "aws-lbc"],
  ["route.openshift.io/", "openshift-router"],
];

/** The controller that an object's annotations address; unknown when they address none or several. */
export function kindOfAnnotations(annotations: Readonly<Record<string, string>>): GatewayKind {
  const found = new Set(
    annotationPrefixes
      .filter(([prefix]) => Object.keys(annotations).some((key) => key.startsWith(prefix)))
      .map(([, kind]) => kind),
  );
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : "unknown";
}
