import { observe } from "../../src/derive/observe.ts";
import type { Observations } from "../../src/derive/observations.ts";
import type { FactName, Facts, PodView, Route } from "../../src/derive/views.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { type EvidenceOptions, evidenceOf } from "../support/evidence.ts";

/** The Ingress shop/web → Service web:80 → port http of pods app=web, behind ingress-nginx. */
export function routeTo(changes: Partial<Route> = {}): Route {
  return {
    target: "shop.example.com/",
    namespace: "shop",
    host: "shop.example.com",
    path: "/",
    rule: { object: ref("Ingress", "web", "shop"), annotations: {} },
    gatewayKind: "ingress-nginx",
    className: { name: "nginx", from: "spec" },
    backend: { service: ref("Service", "web", "shop"), port: { number: 80 } },
    role: "primary",
    isDefaultBackend: false,
    ...changes,
  };
}

export const annotated = (annotations: Record<string, string>): Partial<Route> => ({
  rule: { object: ref("Ingress", "web", "shop"), annotations },
});

/** A Pod document: `spec` and `labels` are YAML flow mappings or plain text of them. */
export function podYaml(
  namespace: string,
  name: string,
  labels: string,
  more: {
    readonly container?: string;
    readonly spec?: string;
    readonly ip?: string;
    readonly ready?: boolean;
  } = {},
): string {
  const { container = "{name: app, image: app:1, ports: [{name: http, containerPort: 8080}]}", spec = "" } =
    more;
  const ip = more.ip === undefined ? "" : `podIP: ${more.ip}, podIPs: [{ip: ${more.ip}}], `;
  return `
---
apiVersion: v1
kind: Pod
metadata: {namespace: ${namespace}, name: ${name}, uid: u-${name}, labels: {${labels}}}
spec: {containers: [${container}]${spec === "" ? "" : `, ${spec}`}}
status: {phase: Running, ${ip}conditions: [{type: Ready, status: "${more.ready === false ? "False" : "True"}"}]}
`;
}

export const controllerContainer = (args: readonly string[] = []): string =>
  `{name: controller, image: "registry.k8s.io/ingress-nginx/controller:v1.12.0", args: ${JSON.stringify([
    "/nginx-ingress-controller",
    "--controller-class=k8s.io/ingress-nginx",
    "--ingress-class=nginx",
    "--configmap=$(POD_NAMESPACE)/ingress-nginx-controller",
    ...args,
  ])}, env: [{name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]}`;

export const gatewayPodYaml = (
  more: { args?: readonly string[]; spec?: string; ip?: string; name?: string } = {},
): string =>
  podYaml(
    "ingress-nginx",
    more.name ?? "controller-1",
    "app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller",
    {
      container: controllerContainer(more.args),
      ip: more.ip ?? "10.1.0.5",
      ...(more.spec === undefined ? {} : { spec: more.spec }),
    },
  );

export const ingressClassYaml = `
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
`;

export const ingressClass = (name: string, controller: string): string => `
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: ${name}}
spec: {controller: ${controller}}
`;

export const serviceYaml = `
---
apiVersion: v1
kind: Service
metadata: {namespace: shop, name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
`;

export const namespacesYaml = `
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: ingress-nginx, labels: {team: platform}}
`;

/** A gateway pod, a Service and one web pod: what every test here starts from. */
const shopYaml =
  ingressClassYaml +
  serviceYaml +
  namespacesYaml +
  gatewayPodYaml() +
  podYaml("shop", "web-1", "app: web", { ip: "10.2.0.7" });

export const shop = (yaml = "", options: EvidenceOptions = {}): Evidence =>
  evidenceOf(shopYaml + yaml, options);

/** A fact that has to be present; says the state when it is not. */
export function fact<F extends FactName>(evidence: Evidence, name: F, route: Route = routeTo()): Facts[F] {
  const observed = observe(evidence, route)[name] as Observations[F];
  if (observed.state !== "present") throw new Error(`${name} is ${JSON.stringify(observed)}`);
  return observed.value as Facts[F];
}

export const podsOf = (evidence: Evidence): readonly PodView[] => fact(evidence, "pods");
