import { describe, expect, test } from "vitest";
import { evidenceOfText, linted } from "./cases.ts";

interface Shape {
  readonly kind?: string;
  readonly strategy?: string;
  readonly container?: string;
  readonly service?: string;
  readonly serviceName?: string;
  readonly ports?: string;
  readonly replicas?: number;
}

/** A Service and what runs behind it, without a route, as many charts have them. */
const shape = (s: Shape): string => `
apiVersion: v1
kind: Service
metadata: {name: ${s.serviceName ?? "app"}}
spec: {selector: {app: app}, ports: [${s.service ?? "{name: http, port: 80, targetPort: http}"}]}
---
apiVersion: apps/v1
kind: ${s.kind ?? "Deployment"}
metadata: {name: app}
spec:
  replicas: ${s.replicas ?? 1}
  ${s.strategy ?? ""}
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers: [{name: app, image: app:1, ports: [${s.ports ?? "{name: http, containerPort: 8080}"}], ${s.container ?? ""}}]
`;

const saidOf = async (text: string): Promise<string[]> =>
  linted(await evidenceOfText(text)).findings.map((f) => `${f.severity} ${f.rule}`);

const rulesOf = (s: Shape): Promise<string[]> => saidOf(shape(s));

/** The same with a Service that is open to everybody, so that no route is needed. */
const openRulesOf = (s: Shape): Promise<string[]> =>
  saidOf(shape(s).replace("spec: {selector", "spec: {type: LoadBalancer, selector"));

/** Liveness and readiness that ask the same. */
const probe = (periodSeconds: number): Shape => ({
  container: `livenessProbe: {periodSeconds: ${periodSeconds}, httpGet: {path: /, port: http}}, readinessProbe: {periodSeconds: ${periodSeconds}, httpGet: {path: /, port: http}}`,
});

/** Reduced from what public charts hold: each was an accusation that is not so. */
describe("shapes of real charts that are no fault", () => {
  test.each<[string, Shape, string]>([
    [
      "the last command of a script is one with exec, and a quoted text of it has a semicolon (a chart of APISIX)",
      {
        container: `command: [/bin/bash, -ec, "# it's set up\\nsetup.sh\\nexec openresty -g \\"daemon off;\\""]`,
      },
      "sigterm-stops-at-shell",
    ],
    [
      "a TCP check is answered by the kernel while the process pauses (a chart of Concourse)",
      { container: "livenessProbe: {failureThreshold: 1, timeoutSeconds: 3, tcpSocket: {port: http}}" },
      "liveness-probe-too-strict",
    ],
    [
      "each check waits for its time-out before the next one (a chart of Keycloak)",
      {
        container:
          "livenessProbe: {failureThreshold: 3, periodSeconds: 1, timeoutSeconds: 5, httpGet: {path: /live, port: http}}",
      },
      "liveness-probe-too-strict",
    ],
    [
      "the container is put in by a webhook (a chart of Istio's gateway)",
      {
        service: "{name: status, port: 15021}, {name: http2, port: 80}",
        ports: "{name: http-envoy-prom, containerPort: 15090}",
        container: "image: auto",
      },
      "target-port-undeclared",
    ],
    [
      "a message queue has HTTP for who looks after it",
      { service: "{name: amqp, port: 5672, targetPort: 8080}, {name: http, port: 15672, targetPort: http}" },
      "readiness-probe-missing",
    ],
    ["a webhook is called by the API server", { serviceName: "cert-webhook" }, "readiness-probe-missing"],
    [
      "with Recreate no hook makes the gap shorter",
      { strategy: "strategy: {type: Recreate}" },
      "prestop-hook-missing",
    ],
    [
      "the only pod of a StatefulSet goes before the next one comes",
      { kind: "StatefulSet" },
      "prestop-hook-missing",
    ],
  ])("%s", async (_, is, rule) => {
    const said = await rulesOf(is);
    expect(said.map((text) => text.split(" ")[1])).not.toContain(rule);
  });

  test("the same without what excuses it is told", async () => {
    const found = await Promise.all([
      rulesOf({ container: `command: [/bin/bash, -ec, "setup.sh\\nopenresty 2>&1"]` }),
      rulesOf({
        container: "livenessProbe: {failureThreshold: 1, timeoutSeconds: 3, httpGet: {path: /, port: http}}",
      }),
      rulesOf({ service: "{name: http, port: 80}" }),
      rulesOf({ kind: "StatefulSet", replicas: 2 }),
    ]);
    expect(found.map((said) => said.map((text) => text.split(" ")[1]))).toEqual([
      expect.arrayContaining(["sigterm-stops-at-shell", "readiness-probe-missing", "prestop-hook-missing"]),
      expect.arrayContaining(["liveness-probe-too-strict"]),
      expect.arrayContaining(["target-port-undeclared"]),
      expect.arrayContaining(["prestop-hook-missing"]),
    ]);
  });
});

describe("what no request may be meant for is milder", () => {
  test("a second port whose name no container has", async () => {
    const two = "{name: http, port: 80, targetPort: http}, {name: https, port: 443, targetPort: https}";
    expect(await rulesOf({ service: two })).toContain("warning target-port-name-unknown");
    expect(await rulesOf({ service: "{name: https, port: 443, targetPort: https}" })).toContain(
      "error target-port-name-unknown",
    );
  });

  test("of a headless Service, by which peers find each other, it is nothing", async () => {
    const ports = "{name: intra, port: 7000, targetPort: http}, {name: tls, port: 7001, targetPort: tls}";
    const text = shape({ service: ports }).replace("spec: {selector", "spec: {clusterIP: None, selector");
    expect(linted(await evidenceOfText(text)).findings.map((f) => f.rule)).not.toContain(
      "target-port-name-unknown",
    );
  });

  test("a second port that is not declared, as that of gRPC often is", async () => {
    const two = "{name: http, port: 80, targetPort: http}, {name: grpc, port: 9095}";
    expect(await rulesOf({ service: two })).toContain("note target-port-undeclared");
  });

  test("liveness that asks the same as readiness and waits for longer than a minute", async () => {
    expect(await openRulesOf(probe(30))).toContain("note readiness-same-as-liveness");
    expect(await openRulesOf(probe(10))).toContain("warning readiness-same-as-liveness");
  });
});

describe("where no route was read", () => {
  test("what happens to requests is a note, and says why", async () => {
    const { findings } = linted(await evidenceOfText(shape({})));
    expect(findings.map((f) => [f.severity, f.message])).toContainEqual([
      "note",
      "no preStop hook makes a pod wait until its endpoint is gone; no route to it was read",
    ]);
  });

  test("nothing is mended on a guess", async () => {
    const { findings } = linted(await evidenceOfText(shape({})));
    const hook = findings.find((f) => f.rule === "prestop-hook-missing");
    expect(hook?.fixes.map((fix) => fix.applicability)).toEqual(["unsafe"]);
  });

  test("a Service that is open to everybody needs none", async () => {
    expect(await openRulesOf({})).toContain("warning prestop-hook-missing");
  });
});

describe("objects that no rule reads", () => {
  test("a Rollout's step that matches by an object is no loss", async () => {
    const evidence = await evidenceOfText(`
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  strategy: {canary: {steps: [{setMirrorRoute: {match: [{path: {prefix: /}}]}}]}}
  template: {spec: {containers: [{name: web, image: web:1}]}}
`);
    expect(evidence.losses).toEqual([]);
  });

  test("manifests of other kinds alone are read, and hold nothing", async () => {
    const evidence = await evidenceOfText(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web}",
    );
    expect(linted(evidence)).toMatchObject({ findings: [], losses: [], scope: { objects: 0 } });
  });
});
