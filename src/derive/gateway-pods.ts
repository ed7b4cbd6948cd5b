import type { Container, Pod } from "kubernetes-types/core/v1";
import { argsOf, type Flags, flagsOf } from "./gateway-args.ts";
import { hasLabels, type Labels } from "./selectors.ts";
import { items, texts } from "./shape.ts";
import type { GatewayKind } from "./views.ts";

/** A pod that carries requests for a gateway, with the flags of its controller container. */
export interface GatewayPod {
  readonly kind: GatewayKind;
  readonly pod: Pod;
  readonly container: Container;
  readonly args: readonly string[];
  readonly flags: Flags;
}

/**
 * Images of the containers that carry requests. Control planes that only program a proxy
 * elsewhere (Contour, Istio, AWS Load Balancer Controller) are left out on purpose.
 */
const images: readonly (readonly [RegExp, GatewayKind])[] = [
  [
    /(^|\/)(ingress-nginx\/controller|nginx-ingress-controller|ingress-nginx-controller)([:@-]|$)/,
    "ingress-nginx",
  ],
  [/(^|\/)(nginx|nginx-ic)\/nginx(-plus)?-ingress(-nap)?([:@]|$)/, "nginx-ingress"],
  [/(^|\/)(mirrored-library-)?traefik([:@]|$)/, "traefik"],
  [/(^|\/)(haproxytech\/kubernetes-ingress|haproxy-ingress)([:@]|$)/, "haproxy"],
  [/(^|\/)kong(-gateway)?([:@]|$)/, "kong"],
  [/(^|\/)(origin-|ose-)?haproxy-router([:@]|$)/, "openshift-router"],
];

const part = (name: string, component: string): Labels => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/component": component,
});

/** Labels that each project's own chart or manifests put on its data plane. */
const labelSets: readonly (readonly [Labels, GatewayKind])[] = [
  [part("ingress-nginx", "controller"), "ingress-nginx"],
  [part("rke2-ingress-nginx", "controller"), "ingress-nginx"],
  [{ app: "ingress-nginx" }, "ingress-nginx"],
  [{ name: "nginx-ingress-microk8s" }, "ingress-nginx"],
  [{ "app.kubernetes.io/name": "nginx-ingress" }, "nginx-ingress"],
  [{ "app.kubernetes.io/name": "traefik" }, "traefik"],
  [{ "app.kubernetes.io/name": "haproxy-ingress" }, "haproxy"],
  [{ "app.kubernetes.io/name": "kubernetes-ingress" }, "haproxy"],
  [part("contour", "envoy"), "contour"],
  [
    { "app.kubernetes.io/managed-by": "envoy-gateway", "app.kubernetes.io/component": "proxy" },
    "envoy-gateway",
  ],
  [{ istio: "ingressgateway" }, "istio"],
  [{ "ingresscontroller.operator.openshift.io/deployment-ingresscontroller": "default" }, "openshift-router"],
];

/** Kinds whose data plane is a cloud load balancer: there are no gateway pods to look for. */
export const hasNoPods = (kind: GatewayKind): boolean => kind === "aws-lbc" || kind === "gce";

/** Kinds whose pods can be recognised: only for these does finding none mean there is none. */
export const hasKnownPods = (kind: GatewayKind): boolean =>
  labelSets.some(([, k]) => k === kind) || kind === "kong";

/**
 * Recognises a gateway's pod by its command line, then by image, then by the labels of the
 * project's own chart: mirrored and renamed images are why the command line comes first.
 */
export function recogniseGateway(pod: Pod): GatewayPod | undefined {
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") return undefined;
  const containers = items(pod.spec?.containers);
  for (const container of containers) {
    const args = argsOf(pod, container);
    const kind = kindByArgs(args) ?? kindByImage(container.image ?? "");
    if (kind !== undefined) return { kind, pod, container, args, flags: flagsOf(args) };
  }
  const labels = texts(pod.metadata?.labels);
  const kind = labelSets.find(([set]) => hasLabels(labels, set))?.[1];
  const container = containers[0];
  if (kind === undefined || container === undefined) return undefined;
  const args = argsOf(pod, container);
  return { kind, pod, container, args, flags: flagsOf(args) };
}

function kindByArgs(args: readonly string[]): GatewayKind | undefined {
  if (args.some((arg) => arg.endsWith("/nginx-ingress-controller"))) return "ingress-nginx";
  if (args.some((arg) => /^-+nginx-configmaps=/.test(arg))) return "nginx-ingress";
  return args.some((arg) => /^--providers\.kubernetes(ingress|crd|gateway)/i.test(arg))
    ? "traefik"
    : undefined;
}

const kindByImage = (image: string): GatewayKind | undefined =>
  images.find(([pattern]) => pattern.test(image))?.[1];
