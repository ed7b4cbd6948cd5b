import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { reachedServices } from "../../src/gather/manifests/reached-services.ts";
import { readManifests } from "../../src/gather/manifests/read-manifests.ts";
import { lint } from "../../src/lint/lint.ts";
import { lintRules } from "../../src/lint/rules.ts";

const reachedBy = (text: string): readonly string[] =>
  reachedServices(parse(`{metadata: {name: r, namespace: shop}, ${text}}`) as Record<string, unknown>);

describe("Services that a route of another kind names", () => {
  test.each([
    [
      "kind: HTTPRoute, spec: {rules: [{backendRefs: [{name: web, port: 80}, {name: web2, namespace: b}]}]}",
      ["shop/web", "b/web2"],
    ],
    [
      "kind: GRPCRoute, spec: {rules: [{backendRefs: [{name: web}, {kind: ServiceImport, name: far}]}]}",
      ["shop/web"],
    ],
    [
      "kind: VirtualService, spec: {http: [{route: [{destination: {host: web}}, {destination: {host: web.b.svc.cluster.local}}]}]}",
      ["shop/web", "b/web"],
    ],
    [
      "kind: IngressRoute, spec: {routes: [{services: [{name: web, port: 80}, {name: api@internal, kind: TraefikService}]}]}",
      ["shop/web"],
    ],
    ["kind: HTTPProxy, spec: {routes: [{services: [{name: web, port: 80}]}]}", ["shop/web"]],
    ["kind: VirtualServer, spec: {upstreams: [{name: a, service: web, port: 80}]}", ["shop/web"]],
    [
      "kind: Route, spec: {to: {kind: Service, name: web}, alternateBackends: [{kind: Service, name: web2}]}",
      ["shop/web", "shop/web2"],
    ],
    ["kind: ApisixRoute, spec: {http: [{backends: [{serviceName: web, servicePort: 80}]}]}", ["shop/web"]],
    ["kind: Mapping, spec: {service: 'web.b:80'}", ["b/web"]],
    ["kind: Gateway, spec: {rules: [{backendRefs: [{name: web}]}]}", []],
    ["kind: HTTPRoute, spec: {rules: {backendRefs: 1}}", []],
    ["kind: HTTPRoute, spec: {rules: [null, 7, {backendRefs: [null, {name: 3}]}]}", []],
    ["kind: VirtualService, spec: {http: [{route: [{destination: null}, {destination: {host: '*'}}]}]}", []],
    ["kind: constructor, spec: null", []],
  ])("%s", (text, expected) => {
    expect(reachedBy(text)).toEqual(expected);
  });
});

const app = (name: string): string => `
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: web, image: web:1, ports: [{containerPort: 8080}]}]}}
---
`;

test("what an HTTPRoute leads to is as exposed as what an Ingress leads to, and the rest is not", async () => {
  const route = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec: {rules: [{backendRefs: [{name: web, port: 80}]}]}`;
  const { evidence, reached } = await readManifests(["-"], () =>
    Promise.resolve(Buffer.from(`${app("web")}${app("behind")}${route}`)),
  );
  const { findings } = lint(evidence, lintRules, { names: ["-"], reached });
  expect(findings.map((f) => `${f.severity} ${f.rule} ${f.object.name}`)).toEqual([
    "warning prestop-hook-missing web",
    "warning readiness-probe-missing web",
    "warning single-replica web",
  ]);
});
