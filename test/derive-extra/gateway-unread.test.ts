import { describe, expect, test } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import { evidenceOf } from "../support/evidence.ts";
import { fact, gatewayPodYaml, ingressClass, ingressClassYaml, podYaml, routeTo, shop } from "./shop.ts";

const state = (evidence: ReturnType<typeof shop>, route = routeTo()) => observe(evidence, route).gateway;

const pods = (yaml: string, gatewayKind: "unknown" | "ingress-nginx" | "traefik"): number =>
  fact(
    evidenceOf(ingressClassYaml + yaml),
    "gateway",
    routeTo({ className: { name: "gone", from: "spec" }, gatewayKind }),
  ).pods.length;

test("the only gateway there is stands in for a class that does not exist, two do not", () => {
  expect(pods(gatewayPodYaml(), "unknown")).toBe(1);
  expect(pods(gatewayPodYaml(), "ingress-nginx")).toBe(1);
  expect(pods(gatewayPodYaml(), "traefik")).toBe(0);
  expect(pods(gatewayPodYaml() + gatewayPodYaml({ name: "other-1" }), "unknown")).toBe(0);
});

test("without a class Traefik takes the route unless a flag names one, F5 NGINX does not", () => {
  const { className: _, ...without } = routeTo({ gatewayKind: "unknown" });
  const problem = (container: string): string | undefined =>
    fact(evidenceOf(podYaml("edge", "g-1", "", { container })), "gateway", without).classProblem;
  expect(problem('{name: t, image: "traefik:v3"}')).toBeUndefined();
  const flag = "--providers.kubernetesIngress.ingressClass=edge";
  expect(problem(`{name: t, image: "traefik:v3", args: [${flag}]}`)).toContain("names no class");
  expect(problem('{name: n, image: "nginx/nginx-ingress:5.0.0"}')).toContain("names no class");
});

describe("what was not read accuses nobody", () => {
  test("pods that may not be read", () => {
    const evidence = shop("", { unknown: { pods: "forbidden: cannot list pods" } });
    expect(state(evidence)).toEqual({
      state: "unknown",
      evidence: "gateway",
      reason: "forbidden: cannot list pods",
    });
  });

  test("only the route's namespace was read", () => {
    const evidence = evidenceOf(ingressClassYaml + podYaml("shop", "web-1", "app: web"), {
      coverage: [
        { resource: "ingressclasses", extent: "whole" },
        { resource: "pods", namespace: "shop", extent: "whole" },
      ],
    });
    expect(state(evidence)).toMatchObject({ state: "unknown", evidence: "gateway" });
  });

  test("every namespace read one by one is as good as all at once", () => {
    const namespace = "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
    const evidence = evidenceOf(ingressClassYaml + namespace, {
      coverage: [
        { resource: "ingressclasses", extent: "whole" },
        { resource: "namespaces", extent: "whole" },
        { resource: "pods", namespace: "shop", extent: "whole" },
      ],
    });
    expect(state(evidence)).toMatchObject({ state: "present", value: { classProblem: expect.any(String) } });
  });

  test("unread classes: the controller that answers to the name is taken", () => {
    const evidence = shop("", { unknown: ["ingressclasses"] });
    expect(state(evidence)).toMatchObject({
      state: "present",
      value: { pods: [{ ref: { name: "controller-1" } }] },
    });
    const elsewhere = state(evidence, routeTo({ className: { name: "edge", from: "spec" } }));
    expect(elsewhere).toMatchObject({ state: "present", value: { kind: "ingress-nginx" } });
    expect(elsewhere).not.toHaveProperty("value.classProblem");
  });

  test("a controller nobody knows cannot be missed", () => {
    const evidence = evidenceOf(ingressClass("nginx", "acme.example/gateway"));
    expect(state(evidence, routeTo({ gatewayKind: "other" })).state).toBe("unknown");
  });

  test("a Service that no rule leads to has no gateway", () => {
    const { rule: _rule, className: _class, ...bare } = routeTo();
    expect(state(shop(), bare)).toEqual({
      state: "absent",
      why: "no Ingress rule leads to Service shop/web",
    });
  });
});
