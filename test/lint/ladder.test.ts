import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { evidenceOf, frozenCases } from "../../corpus/frozen-cases.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import { ladderReport } from "../../src/lint/ladder.ts";
import { renderLadderTerminal } from "../../src/render/ladder-terminal.ts";
import schema from "../../src/report/ladder-report.schema.json" with { type: "json" };
import type { LadderReport, RouteLadder, TimerReport } from "../../src/report/ladder-report.ts";
import { evidenceOfText } from "./cases.ts";

const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

interface Shop {
  readonly image?: string;
  readonly command?: string;
  readonly env?: string;
  readonly annotations?: string;
  readonly podAnnotations?: string;
  readonly gatewayService?: string;
  readonly more?: string;
}

const shop = (s: Shop): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop, annotations: {${s.annotations ?? ""}}}
spec:
  ingressClassName: nginx
  rules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {${s.podAnnotations ?? ""}}}
    spec:
      containers:
        - name: web
          image: ${s.image ?? "registry.example.com/web:1"}
          command: ${s.command ?? "[/app]"}
          env: [${s.env ?? ""}]
          ports: [{containerPort: 8080}]
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gate, namespace: ingress-nginx}
spec:
  template:
    metadata: {labels: {app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller}}
    spec:
      containers:
        - name: controller
          image: registry.k8s.io/ingress-nginx/controller:v1.12.1
          args: [/nginx-ingress-controller, --configmap=ingress-nginx/gate]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: gate, namespace: ingress-nginx}
data: {keep-alive: "90"}
---
apiVersion: v1
kind: Service
metadata: {name: gate, namespace: ingress-nginx, annotations: {${s.gatewayService ?? ""}}}
spec: {type: LoadBalancer, selector: {app.kubernetes.io/name: ingress-nginx}, ports: [{port: 80}]}
${s.more ?? ""}
`;

async function ladderOf(s: Shop): Promise<RouteLadder> {
  const report = ladderReport(
    await evidenceOfText(shop(s)),
    (evidence) =>
      resolveRoutes(evidence, {
        kind: "object",
        text: "",
        resource: "ingress",
        name: "web",
        namespace: "shop",
      }).routes,
  );
  isValid(JSON.parse(JSON.stringify(report)));
  expect(isValid.errors ?? []).toEqual([]);
  const [ladder] = report.ladders;
  if (ladder === undefined) throw new Error("no route");
  return ladder;
}

const timer = (ladder: RouteLadder, hop: string, kind: TimerReport["kind"]): TimerReport | undefined =>
  ladder.rungs.find((r) => r.hop === hop)?.timers.find((t) => t.kind === kind);

const read = (t: TimerReport | undefined): unknown[] => [t?.state, t?.value, t?.from];

describe("the application's timers", () => {
  test.each<[string, Shop, TimerReport["kind"], unknown[]]>([
    ["Node.js of a known version", { image: "node:22" }, "idle-in", ["known", 5000, "default"]],
    ["Node.js of a later version", { image: "node:26" }, "idle-in", ["unknown", undefined, "unknown"]],
    [
      "Node.js in an image of one's own",
      { command: "[node, server.js]" },
      "idle-in",
      ["unknown", undefined, "unknown"],
    ],
    [
      "env in ms",
      { env: "{name: KEEP_ALIVE_TIMEOUT_MS, value: '65000'}" },
      "idle-in",
      ["known", 65_000, "env"],
    ],
    [
      "env in s",
      { env: "{name: HTTP_KEEPALIVE_TIMEOUT_SECONDS, value: '65'}" },
      "idle-in",
      ["known", 65_000, "env"],
    ],
    [
      "env with a unit",
      { env: "{name: KEEPALIVE_TIMEOUT, value: 65s}" },
      "idle-in",
      ["known", 65_000, "env"],
    ],
    [
      "env of a TCP keep-alive",
      { env: "{name: TCP_KEEPALIVE_TIMEOUT, value: 65s}" },
      "idle-in",
      ["unknown", undefined, "unknown"],
    ],
    ["gunicorn's sync worker", { command: "[gunicorn, app]" }, "idle-in", ["off", undefined, "default"]],
    [
      "gunicorn's threads",
      { command: "[gunicorn, --threads, '4', app]" },
      "idle-in",
      ["known", 2000, "default"],
    ],
    ["gunicorn's timeout", { command: "[gunicorn, -t, '90', app]" }, "response", ["known", 90_000, "args"]],
    [
      "gunicorn in a shell",
      { command: "[sh, -c, 'exec gunicorn --timeout 45 app']" },
      "response",
      ["known", 45_000, "args"],
    ],
    [
      "gunicorn by env",
      { command: "[gunicorn, app]", env: "{name: GUNICORN_CMD_ARGS, value: '--timeout=75'}" },
      "response",
      ["known", 75_000, "env"],
    ],
    [
      "gunicorn's gevent: no limit on a request",
      { command: "[gunicorn, --worker-class=gevent, app]" },
      "response",
      ["unknown", undefined, "unknown"],
    ],
    ["uvicorn", { command: "[uvicorn, 'app:app']" }, "idle-in", ["known", 5000, "default"]],
    [
      "uvicorn's flag",
      { command: "[uvicorn, '--timeout-keep-alive=90', 'app:app']" },
      "idle-in",
      ["known", 90_000, "args"],
    ],
    ["Tomcat", { image: "tomcat:10" }, "idle-in", ["known", 20_000, "default"]],
    [
      "Spring Boot's setting",
      { command: "[java, -jar, app.jar]", env: "{name: SERVER_TOMCAT_KEEP_ALIVE_TIMEOUT, value: 70s}" },
      "idle-in",
      ["known", 70_000, "env"],
    ],
    ["anything else", {}, "idle-in", ["unknown", undefined, "unknown"]],
  ])("%s", async (_, s, kind, expected) => {
    expect(read(timer(await ladderOf(s), "application", kind))).toEqual(expected);
  });

  test("of a ConfigMap, with its key", async () => {
    const found = timer(
      await ladderOf({
        env: "{name: KEEP_ALIVE_TIMEOUT_MS, valueFrom: {configMapKeyRef: {name: web, key: idle}}}",
        more: "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\ndata: {idle: '80000'}\n",
      }),
      "application",
      "idle-in",
    );
    expect([...read(found), found?.source]).toEqual([
      "known",
      80_000,
      "configmap",
      "ConfigMap shop/web key idle",
    ]);
  });
});

describe("the hops outside", () => {
  test("client and CDN are not known, unless an annotation names the CDN", async () => {
    expect(read(timer(await ladderOf({}), "cdn", "response"))).toEqual(["unknown", undefined, "unknown"]);
    const proxied = await ladderOf({
      annotations: "external-dns.alpha.kubernetes.io/cloudflare-proxied: 'true'",
    });
    expect(read(timer(proxied, "cdn", "response"))).toEqual(["known", 120_000, "default"]);
    expect(proxied.inversions.map((i) => [i.kind, i.outer, i.inner])).toEqual([]);
  });

  const aws = "service.beta.kubernetes.io/aws-load-balancer-";
  test.each<[string, unknown[]]>([
    [`${aws}type: nlb`, ["known", 350_000, "default"]],
    [`${aws}connection-idle-timeout: '30'`, ["known", 30_000, "annotation"]],
    [`${aws}scheme: internal`, ["unknown", undefined, "unknown"]],
    [
      "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: '10'",
      ["known", 600_000, "annotation"],
    ],
    ["", ["unknown", undefined, "unknown"]],
  ])("a load balancer with %s", async (gatewayService, expected) => {
    expect(read(timer(await ladderOf({ gatewayService }), "load-balancer", "response"))).toEqual(expected);
  });

  test("the gateway's ConfigMap, its defaults and an annotation", async () => {
    const ladder = await ladderOf({ annotations: "nginx.ingress.kubernetes.io/proxy-read-timeout: '300'" });
    expect(read(timer(ladder, "gateway", "response"))).toEqual(["known", 300_000, "annotation"]);
    expect(read(timer(ladder, "gateway", "idle-in"))).toEqual(["known", 90_000, "configmap"]);
    expect(read(timer(ladder, "gateway", "idle-out"))).toEqual(["known", 60_000, "default"]);
    expect(timer(ladder, "gateway", "idle-out")?.isAssumed).toBe(false);
  });

  test("a mesh is seen by its annotation, and what is not read of it is assumed", async () => {
    const ladder = await ladderOf({ podAnnotations: "sidecar.istio.io/inject: 'true'", image: "node:22" });
    expect(ladder.rungs.map((r) => r.hop)).toEqual([
      "client",
      "cdn",
      "load-balancer",
      "gateway",
      "mesh",
      "application",
    ]);
    expect(ladder.inversions.map((i) => [i.kind, i.isAssumed])).toEqual([["keep-alive", true]]);
  });
});

describe("inversions", () => {
  test("a balancer that gives up before the gateway, past hops that are not known", async () => {
    const ladder = await ladderOf({
      gatewayService: "service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout: '30'",
      command: "[gunicorn, --timeout=90, app]",
    });
    expect(ladder.inversions.map((i) => [i.kind, i.outer, i.inner])).toEqual([
      ["response", "Classic Load Balancer", "ingress-nginx v1.12.1"],
      ["response", "ingress-nginx v1.12.1", "gunicorn in container web"],
    ]);
    expect(ladder.inversions[0]?.text).toContain("30 s (Service ingress-nginx/gate annotation");
  });

  test.each([
    ["59000", ["keep-alive"]],
    ["60000", ["keep-alive"]],
    ["61000", []],
  ])(
    "an application that keeps connections %s ms behind a gateway that reuses them for 60 s",
    async (ms, kinds) => {
      const ladder = await ladderOf({ env: `{name: KEEP_ALIVE_TIMEOUT_MS, value: '${ms}'}` });
      expect(ladder.inversions.map((i) => i.kind)).toEqual(kinds);
    },
  );

  test("equal waits are no inversion, and a hop without a limit hides nothing", async () => {
    expect((await ladderOf({ command: "[gunicorn, --timeout=60, app]" })).inversions).toEqual([]);
  });
});

test("every route of the corpus has a ladder that fits the schema and can be drawn", async () => {
  for (const frozen of frozenCases().filter((_, i) => i % 5 === 0)) {
    // oxlint-disable-next-line no-await-in-loop -- one bundle after the other
    const evidence = await evidenceOf(frozen);
    const report: LadderReport = ladderReport(evidence, (e) => resolveRoutes(e, { kind: "all" }).routes);
    isValid(JSON.parse(JSON.stringify(report)));
    expect(isValid.errors ?? []).toEqual([]);
    const style = { width: 80, hasColor: false, hasUnicode: false };
    expect(renderLadderTerminal(report, { style, verbose: false })).toMatch(/^[\x20-\x7e\n]+$/);
  }
});
