import { describe, expect, test } from "vitest";
import { ref } from "../../src/evidence/object-ref.ts";
import { evidenceOf } from "../support/evidence.ts";
import {
  controllerContainer,
  fact,
  gatewayPodYaml,
  ingressClass,
  ingressClassYaml,
  podYaml,
  routeTo,
  serviceYaml,
  shop,
} from "./shop.ts";

const configMap = `
---
apiVersion: v1
kind: ConfigMap
metadata: {namespace: ingress-nginx, name: ingress-nginx-controller}
data: {proxy-read-timeout: "30"}
`;

const loadBalancer = (name: string, type: string): string => `
---
apiVersion: v1
kind: Service
metadata: {namespace: ingress-nginx, name: ${name}}
spec: {type: ${type}, selector: {app.kubernetes.io/name: ingress-nginx}, ports: [{port: 80}]}
`;

describe("the gateway of a route", () => {
  test("class, controller, pods, ConfigMap by its flag, Service and workload", () => {
    const owner = `
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {namespace: ingress-nginx, name: controller-abc, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: controller, uid: d, controller: true}]}
spec: {replicas: 1}
`;
    const owned = gatewayPodYaml().replace(
      "uid: u-controller-1",
      "uid: u-controller-1, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: controller-abc, uid: r, controller: true}]",
    );
    const yaml =
      owned +
      owner +
      configMap +
      loadBalancer("a-nodes", "NodePort") +
      loadBalancer("public", "LoadBalancer");
    const gateway = fact(evidenceOf(ingressClassYaml + yaml), "gateway");
    expect(gateway).toMatchObject({
      kind: "ingress-nginx",
      controller: "k8s.io/ingress-nginx",
      classObject: ref("IngressClass", "nginx"),
      config: { "proxy-read-timeout": "30" },
      configRef: ref("ConfigMap", "ingress-nginx-controller", "ingress-nginx"),
      workload: ref("Deployment", "controller", "ingress-nginx"),
      service: { metadata: { name: "public" } },
      otherClasses: [],
    });
    expect(gateway.classProblem).toBeUndefined();
    expect(gateway.pods.map((p) => p.ref.name)).toEqual(["controller-1"]);
  });

  test("a ConfigMap that does not exist is empty; one that was not read is unknown", () => {
    expect(fact(shop(), "gateway").config).toEqual({});
    expect(fact(shop(configMap, { unknown: ["configmaps"] }), "gateway").config).toBeUndefined();
  });

  test("a controller class of one's own is recognised by the pod that names it", () => {
    const pod = podYaml("edge", "gw-1", "app: gw", {
      container:
        '{name: c, image: "mirror.corp/edge:1", args: [/nginx-ingress-controller, --controller-class=corp.example/edge, --ingress-class=edge]}',
    });
    const evidence = evidenceOf(
      ingressClass("edge", "corp.example/edge") + pod + gatewayPodYaml() + ingressClassYaml,
    );
    const gateway = fact(
      evidence,
      "gateway",
      routeTo({ className: { name: "edge", from: "spec" }, gatewayKind: "other" }),
    );
    expect(gateway.kind).toBe("ingress-nginx");
    expect(gateway.pods.map((p) => p.ref.name)).toEqual(["gw-1"]);
    expect(gateway.otherClasses).toEqual([
      { name: "nginx", controller: "k8s.io/ingress-nginx", isDefault: false },
    ]);
  });

  test("a gateway of another kind that takes every class is not the one", () => {
    const traefik = podYaml("edge", "a-traefik", "", { container: '{name: t, image: "traefik:v3"}' });
    expect(fact(shop(traefik), "gateway").pods.map((p) => p.ref.name)).toEqual(["controller-1"]);
  });

  test("two workloads that claim one class are both listed", () => {
    const gateway = fact(shop(gatewayPodYaml({ name: "second-1" })), "gateway");
    expect(gateway.workloads).toHaveLength(2);
  });

  test("admission jobs and default backends are not the gateway", () => {
    const helper = podYaml(
      "ingress-nginx",
      "defaultbackend-1",
      "app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: default-backend",
      {
        container: '{name: b, image: "registry.k8s.io/defaultbackend-amd64:1.5"}',
      },
    );
    expect(fact(shop(helper), "gateway").pods).toHaveLength(1);
  });

  const kinds: readonly (readonly [string, string, string, string])[] = [
    ["nginx-ingress", "nginx.org/ingress-controller", "nginx/nginx-ingress:5.0.0", ""],
    ["traefik", "traefik.io/ingress-controller", "docker.io/traefik:v3.1", ""],
    ["haproxy", "haproxy.org/ingress-controller/haproxy", "haproxytech/kubernetes-ingress:3.0", ""],
    ["kong", "ingress-controllers.konghq.com/kong", "kong:3.6", ""],
    [
      "contour",
      "projectcontour.io/ingress-controller",
      "docker.io/envoyproxy/envoy:v1.30",
      "app.kubernetes.io/name: contour, app.kubernetes.io/component: envoy",
    ],
  ];
  test.each(kinds)("%s by controller %s and image %s", (kind, controller, image, labels) => {
    const pod = podYaml("edge", "gw-1", labels, { container: `{name: c, image: "${image}"}` });
    const evidence = evidenceOf(
      ingressClass("nginx", controller) + pod + podYaml("shop", "app-1", "app: web"),
    );
    expect(fact(evidence, "gateway")).toMatchObject({ kind, pods: [{ ref: { name: "gw-1" } }] });
  });

  test("a cloud load balancer has no pods, and that is no problem", () => {
    const gateway = fact(evidenceOf(ingressClass("nginx", "ingress.k8s.aws/alb")), "gateway");
    expect(gateway).toMatchObject({ kind: "aws-lbc", pods: [] });
    expect(gateway.classProblem).toBeUndefined();
  });
});

const problem = (yaml: string, changes: Parameters<typeof routeTo>[0] = {}): string | undefined =>
  fact(evidenceOf(serviceYaml + yaml), "gateway", routeTo(changes)).classProblem;

const route = { className: { name: "ngnix", from: "spec" } } as const;

const watching = (namespace: string): string | undefined =>
  problem(ingressClassYaml + gatewayPodYaml({ args: [`--watch-namespace=${namespace}`] }));

const byAnnotation = (name: string) => ({ className: { name, from: "annotation" } }) as const;

describe("class problems, with the nearest twin", () => {
  test("the class does not exist; it does", () => {
    expect(problem(ingressClassYaml + gatewayPodYaml(), route)).toBe(
      'no IngressClass "ngnix"; there is nginx',
    );
    expect(problem(ingressClassYaml + gatewayPodYaml())).toBeUndefined();
  });

  test("a missing class is a problem behind a cloud load balancer too", () => {
    const route = { className: { name: "abl", from: "spec" }, gatewayKind: "aws-lbc" } as const;
    expect(problem(ingressClass("alb", "ingress.k8s.aws/alb"), route)).toBe(
      'no IngressClass "abl"; there is alb',
    );
  });

  test("a class in an annotation needs no object, only a controller that answers to it", () => {
    expect(problem(gatewayPodYaml(), byAnnotation("nginx"))).toBeUndefined();
    expect(problem(gatewayPodYaml(), byAnnotation("internal"))).toBe(
      'no running controller claims class "internal"',
    );
    expect(
      problem(gatewayPodYaml({ args: ["--ingress-class=internal"] }), byAnnotation("internal")),
    ).toBeUndefined();
  });

  test("no controller of the class runs; a finished pod does not count", () => {
    const gone = gatewayPodYaml().replace("phase: Running", "phase: Failed");
    expect(problem(ingressClassYaml + gone)).toBe(
      'no running controller claims class "nginx" (controller k8s.io/ingress-nginx)',
    );
  });

  test("the controller answers to another controller class", () => {
    const other = gatewayPodYaml({ args: ["--controller-class=k8s.io/internal-nginx"] });
    expect(problem(ingressClassYaml + other)).toContain("no running controller claims");
  });

  test("it watches another namespace; this one; all", () => {
    expect(watching("billing")).toBe(
      "the controller controller-1 watches only namespace billing, not namespace shop",
    );
    expect(watching("shop")).toBeUndefined();
    expect(watching("")).toBeUndefined();
  });

  test("it watches namespaces by label", () => {
    const namespace =
      "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {edge: public}}\n";
    const watching = (selector: string): string | undefined =>
      problem(
        ingressClassYaml + namespace + gatewayPodYaml({ args: [`--watch-namespace-selector=${selector}`] }),
      );
    expect(watching("edge=private")).toContain("watches only namespaces with edge=private");
    expect(watching("edge=public")).toBeUndefined();
    expect(watching("edge in (private)")).toBeUndefined();
  });

  test("no class at all: no controller takes it; one takes Ingresses without a class", () => {
    const { className: _, ...without } = routeTo();
    const ask = (args: readonly string[]): string | undefined =>
      fact(evidenceOf(gatewayPodYaml({ args })), "gateway", without).classProblem;
    expect(ask([])).toContain("Ingress shop/web names no class");
    expect(ask(["--watch-ingress-without-class=true"])).toBeUndefined();
    expect(ask(["--watch-ingress-without-class"])).toBeUndefined();
  });
});

test("flags may be split over two words and expand the pod's fields", () => {
  const pod = podYaml("edge", "gw-1", "app: gw", {
    container: controllerContainer().replace('"--ingress-class=nginx"', '"--ingress-class","nginx"'),
  });
  const gateway = fact(evidenceOf(ingressClassYaml + pod), "gateway");
  expect(gateway.configRef).toEqual(ref("ConfigMap", "ingress-nginx-controller", "edge"));
  expect(gateway.args).toContain("--configmap=edge/ingress-nginx-controller");
});
