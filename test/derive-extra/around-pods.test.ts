import { describe, expect, test } from "vitest";
import { deriveBudgets } from "../../src/derive/budgets.ts";
import { deriveClaims } from "../../src/derive/claims.ts";
import { deriveAutoscalers } from "../../src/derive/autoscalers.ts";
import { observe } from "../../src/derive/observe.ts";
import type { ClaimView, Workload } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { absent, present, unknown } from "../../src/evidence/observed.ts";
import { evidenceOf } from "../support/evidence.ts";
import { fact, podYaml, routeTo, serviceYaml } from "./shop.ts";

const document = (kind: string, apiVersion: string, metadata: string, rest: string): string => `
---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {${metadata}}
${rest}
`;

const node = (name: string, rest: string): string => document("Node", "v1", `name: ${name}`, rest);
const onNode = (name: string): string =>
  serviceYaml + podYaml("shop", "web-1", "app: web", { spec: `nodeName: ${name}` });

describe("nodes", () => {
  test("readiness, pressures, taints and cordon as reported", () => {
    const yaml = node(
      "n1",
      `spec: {unschedulable: true, taints: [{key: gpu, value: "yes", effect: NoSchedule}]}
status: {conditions: [{type: Ready, status: "False", reason: KubeletNotReady, lastTransitionTime: "2026-01-01T11:00:00Z"}, {type: MemoryPressure, status: "True"}, {type: DiskPressure, status: "False"}, {type: NetworkUnavailable, status: "True"}]}`,
    );
    expect(fact(evidenceOf(onNode("n1") + yaml), "nodes")).toEqual([
      {
        name: "n1",
        ready: "False",
        readyReason: "KubeletNotReady",
        readyChangedMs: Date.parse("2026-01-01T11:00:00Z"),
        pressures: ["MemoryPressure"],
        unschedulable: true,
        taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }],
        labels: {},
        networkUnavailable: true,
      },
    ]);
  });

  test("a node without a Ready condition reported nothing", () => {
    expect(fact(evidenceOf(node("n1", "status: {}")), "nodes")).toMatchObject([
      { ready: "Unknown", readyReason: "no Ready condition reported" },
    ]);
  });

  test("a node that is gone is missing only when nodes were read", () => {
    expect(fact(evidenceOf(onNode("n9") + node("n1", "")), "nodes").map((n) => [n.name, n.missing])).toEqual([
      ["n1", undefined],
      ["n9", true],
    ]);
    const some = evidenceOf(onNode("n9") + node("n1", ""), {
      coverage: [
        { resource: "nodes", extent: "selected", names: ["n1"] },
        { resource: "pods", extent: "whole" },
        { resource: "services", extent: "whole" },
      ],
    });
    expect(fact(some, "nodes").map((n) => n.name)).toEqual(["n1"]);
    expect(observe(evidenceOf(onNode("n9"), { unknown: ["nodes"] }), routeTo()).nodes.state).toBe("unknown");
  });
});

const hpa = (kind: string, name: string): string =>
  document(
    "HorizontalPodAutoscaler",
    "autoscaling/v2",
    `namespace: shop, name: ${name}`,
    `spec: {maxReplicas: 5, scaleTargetRef: {kind: ${kind}, name: ${name}}}
status: {currentReplicas: 5, desiredReplicas: 5, conditions: [{type: ScalingLimited, status: "True", reason: TooManyReplicas}]}`,
  );

describe("autoscalers", () => {
  const workload = { ref: ref("Deployment", "web", "shop") } as Workload;

  test("those that scale the route's workload, with minReplicas 1 by default", () => {
    const evidence = evidenceOf(
      hpa("Deployment", "web") + hpa("Deployment", "api") + hpa("StatefulSet", "web2"),
    );
    expect(deriveAutoscalers(evidence, routeTo(), present([workload]))).toMatchObject({
      state: "present",
      value: [
        {
          ref: { name: "web" },
          min: 1,
          max: 5,
          current: 5,
          desired: 5,
          conditions: [{ reason: "TooManyReplicas" }],
        },
      ],
    });
    const set = { ref: ref("StatefulSet", "web", "shop") } as Workload;
    expect(deriveAutoscalers(evidence, routeTo(), present([set]))).toEqual(present([]));
  });

  test("unknown workloads matter only where there is an autoscaler", () => {
    const workloads = unknown("deployments", "forbidden");
    expect(deriveAutoscalers(evidenceOf(hpa("Deployment", "web")), routeTo(), workloads)).toEqual(workloads);
    expect(deriveAutoscalers(evidenceOf([]), routeTo(), workloads)).toEqual(present([]));
  });
});

const budget = (name: string, selector: string): string =>
  document(
    "PodDisruptionBudget",
    "policy/v1",
    `namespace: shop, name: ${name}`,
    `spec: {minAvailable: 1, ${selector}}`,
  );

const quota = (namespace: string): string =>
  document("ResourceQuota", "v1", `namespace: ${namespace}, name: q-${namespace}`, "spec: {hard: {pods: 1}}");

describe("budgets and quotas", () => {
  test("a budget counts when it selects a pod of the route; empty selects all, none selects nothing", () => {
    const yaml =
      budget("c-own", "selector: {matchLabels: {app: web}}") +
      budget("b-all", "selector: {}") +
      budget("a-none", "maxUnavailable: 0") +
      budget("d-other", "selector: {matchLabels: {app: api}}");
    const evidence = evidenceOf(serviceYaml + podYaml("shop", "web-1", "app: web") + yaml);
    expect(fact(evidence, "budgets").map((b) => b.metadata?.name)).toEqual(["b-all", "c-own"]);
    expect(deriveBudgets(evidence, routeTo(), absent("no pods"))).toEqual(present([]));
    expect(deriveBudgets(evidence, routeTo(), unknown("pods", "x")).state).toBe("unknown");
  });

  test("quotas of the namespace only", () => {
    const evidence = evidenceOf(quota("shop") + quota("other"));
    expect(fact(evidence, "quotas").map((q) => q.metadata?.name)).toEqual(["q-shop"]);
    expect(observe(evidenceOf([], { unknown: ["resourcequotas"] }), routeTo()).quotas.state).toBe("unknown");
  });
});

const claimed =
  "volumes: [{name: data, persistentVolumeClaim: {claimName: data}}, {name: tmp, ephemeral: {}}]";
const claim = (name: string, rest = ""): string =>
  document("PersistentVolumeClaim", "v1", `namespace: shop, name: ${name}`, rest);
const claims = (yaml: string): readonly ClaimView[] =>
  fact(evidenceOf(serviceYaml + podYaml("shop", "web-1", "app: web", { spec: claimed }) + yaml), "claims");

const pods = (spec: string): string =>
  serviceYaml + podYaml("shop", "web-1", "app: web", spec === "" ? {} : { spec });

describe("claims", () => {
  test("bound, with its volume; a generic ephemeral one by the pod's and the volume's name", () => {
    const volume = document("PersistentVolume", "v1", "name: pv-1", "spec: {storageClassName: fast}");
    const yaml =
      claim("data", "spec: {volumeName: pv-1}\nstatus: {phase: Bound}") + claim("web-1-tmp") + volume;
    expect(claims(yaml)).toMatchObject([
      {
        name: "data",
        phase: "Bound",
        missing: false,
        volume: { metadata: { name: "pv-1" } },
        usedBy: [{ name: "web-1" }],
      },
      { name: "web-1-tmp", phase: "Unknown", missing: false },
    ]);
  });

  test("a claim that does not exist is missing", () => {
    expect(claims(claim("web-1-tmp")).map((c) => [c.name, c.phase, c.missing])).toEqual([
      ["data", "Missing", true],
      ["web-1-tmp", "Unknown", false],
    ]);
  });

  test("claims that may not be read are unknown, unless no pod uses any", () => {
    const unread = { unknown: ["persistentvolumeclaims"] } as const;
    expect(observe(evidenceOf(pods(claimed), unread), routeTo()).claims.state).toBe("unknown");
    expect(observe(evidenceOf(pods(""), unread), routeTo()).claims).toEqual(present([]));
    expect(deriveClaims(evidenceOf([]), routeTo(), absent("no pods"))).toEqual(present([]));
    const forbidden = unknown("pods", "forbidden");
    expect(deriveClaims(evidenceOf([]), routeTo(), forbidden)).toEqual(forbidden);
  });

  test("a StatefulSet's template claims one per pod", () => {
    const set = document(
      "StatefulSet",
      "apps/v1",
      "namespace: shop, name: web",
      "spec: {volumeClaimTemplates: [{metadata: {name: store}}]}",
    );
    const owned = podYaml("shop", "web-0", "app: web").replace(
      "uid: u-web-0",
      "uid: u-web-0, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: s, controller: true}]",
    );
    const evidence = evidenceOf(serviceYaml + owned + set);
    expect(fact(evidence, "claims").map((c) => [c.name, c.missing])).toEqual([["store-web-0", true]]);
  });
});
