import { describe, expect, test } from "vitest";
import { deriveDns } from "../../src/derive/dns.ts";
import { dnsErrors } from "../../src/derive/dns-log.ts";
import type { Evidence, LogStream } from "../../src/evidence/evidence.ts";
import { type EvidenceOptions, evidenceOf } from "../support/evidence.ts";
import { podYaml, routeTo } from "./shop.ts";

const service = (namespace: string, name: string, labels: string, selector: string): string => `
---
apiVersion: v1
kind: Service
metadata: {namespace: ${namespace}, name: ${name}, labels: {${labels}}}
spec: {clusterIP: 10.96.0.10, selector: {${selector}}, ports: [{port: 53}]}
`;

const kubeDns = service("kube-system", "kube-dns", "k8s-app: kube-dns", "k8s-app: kube-dns");
const coredns = (name: string, ready: boolean): string =>
  podYaml("kube-system", name, "k8s-app: kube-dns", { ready });
const slice = (ready: boolean): string => `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: kube-system, name: kube-dns-x, labels: {kubernetes.io/service-name: kube-dns}}
endpoints: [{addresses: [10.0.0.2], conditions: {ready: ${ready}}}]
`;

const dns = (yaml: string, options: EvidenceOptions = {}) => deriveDns(evidenceOf(yaml, options), routeTo());

describe("the cluster's DNS", () => {
  test("Service, address, pods and ready endpoints", () => {
    expect(dns(kubeDns + coredns("coredns-1", true) + slice(true))).toMatchObject({
      state: "present",
      value: {
        clusterIp: "10.96.0.10",
        readyEndpoints: 1,
        pods: [{ ref: { name: "coredns-1" } }],
        errors: [],
      },
    });
    expect(dns(kubeDns + coredns("coredns-1", false) + slice(false))).toMatchObject({
      value: { readyEndpoints: 0 },
    });
  });

  test("another name with the usual label, and OpenShift's", () => {
    const rke = service("kube-system", "rke2-coredns", "k8s-app: kube-dns", "k8s-app: kube-dns");
    expect(dns(rke)).toMatchObject({ value: { service: { metadata: { name: "rke2-coredns" } } } });
    const openshift = service(
      "openshift-dns",
      "dns-default",
      "a: b",
      "dns.operator.openshift.io/daemonset-dns: default",
    );
    const pod = podYaml("openshift-dns", "dns-1", "dns.operator.openshift.io/daemonset-dns: default");
    expect(dns(openshift + pod)).toMatchObject({ value: { pods: [{ ref: { name: "dns-1" } }] } });
  });

  test("its Deployment, also without a pod", () => {
    const deployment = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {namespace: kube-system, name: coredns}
spec: {replicas: 0, template: {metadata: {labels: {k8s-app: kube-dns}}, spec: {containers: []}}}
`;
    expect(dns(kubeDns + deployment)).toMatchObject({
      value: {
        readyEndpoints: 0,
        deployment: { ref: { name: "coredns" }, desired: 0, relation: "template-matches" },
      },
    });
    expect(dns(kubeDns + deployment.replace("kube-dns", "other"))).not.toHaveProperty("value.deployment");
  });

  test("without slices the ready pods are counted; without either nobody knows", () => {
    const yaml = kubeDns + coredns("coredns-1", true) + coredns("coredns-2", false);
    expect(dns(yaml, { unknown: ["endpointslices", "endpoints"] })).toMatchObject({
      value: { readyEndpoints: 1 },
    });
    const blind = dns(yaml, {
      unknown: { endpointslices: "forbidden", endpoints: "forbidden", pods: "forbidden" },
    });
    expect(blind).toMatchObject({ state: "unknown", evidence: "dns" });
  });

  test("kube-system not read is unknown; read and empty is absent", () => {
    expect(dns("", { coverage: [{ resource: "services", namespace: "shop", extent: "whole" }] }).state).toBe(
      "unknown",
    );
    expect(dns("").state).toBe("absent");
  });

  test("errors come from the DNS pods' own logs only", () => {
    const text = "[ERROR] plugin/errors: 2 orders. A: read udp 10.0.0.2:1->8.8.8.8:53: i/o timeout\n";
    const logs = ["kube-system/coredns-1", "shop/web-1"].map((name) => {
      const [namespace = "", pod = ""] = name.split("/");
      return { namespace, pod, container: "c", text };
    });
    const found = dns(kubeDns + coredns("coredns-1", true), { logs });
    expect(found).toMatchObject({ value: { errors: [{ kind: "timeout" }] } });
  });
});

const stream = (text: string): LogStream => {
  const [log] = (evidenceOf([], { logs: [{ text }] }) as Evidence).logs;
  if (log === undefined) throw new Error("no log");
  return log;
};

describe("lines of CoreDNS", () => {
  const cases = [
    ["[ERROR] plugin/errors: 2 a. A: read udp 10.0.0.2:1->10.0.0.1:53: i/o timeout", "timeout"],
    ["[ERROR] plugin/errors: 2 a. A: dial tcp 10.0.0.1:53: connect: connection refused", "refused"],
    ['[FATAL] plugin/loop: Loop (127.0.0.1:55953 -> :53) detected for zone "."', "loop"],
    ["[ERROR] plugin/kubernetes: something else", "other"],
  ] as const;
  test.each(cases)("%s is %s", (line, kind) => {
    expect(dnsErrors([stream(`[INFO] hello\n${line}\n[WARNING] x`)])).toEqual([{ line, kind }]);
  });

  test("a time in front is read, a missing last newline and an unread stream do no harm", () => {
    const line = "2026-01-01T11:59:00.5Z [ERROR] plugin/errors: 2 a. A: i/o timeout";
    expect(dnsErrors([stream(line)])).toEqual([
      { timeMs: Date.parse("2026-01-01T11:59:00.5Z"), line, kind: "timeout" },
    ]);
    expect(dnsErrors([{ name: "gone", role: "container", reason: "forbidden" }])).toEqual([]);
  });

  test("the newest of many are kept, each cut, and a line with two markers counts once", () => {
    const lines = Array.from({ length: 600 }, (_, i) => `[ERROR] ${i} [ERROR] ${"x".repeat(2000)}`);
    const errors = dnsErrors([stream(lines.join("\n"))]);
    expect(errors).toHaveLength(500);
    expect(errors[0]?.line.startsWith("[ERROR] 100 ")).toBe(true);
    expect(errors.every((e) => e.line.length <= 500)).toBe(true);
  });
});
