import { describe, expect, test } from "vitest";
import { deriveDependencies } from "../../src/derive/dependencies.ts";
import type { DependencyView } from "../../src/derive/views.ts";
import { absent, present, unknown } from "../../src/evidence/observed.ts";
import type { AppSignal } from "../../src/logs/traffic.ts";
import { type EvidenceOptions, evidenceOf } from "../support/evidence.ts";
import { fact, podYaml, routeTo, serviceYaml } from "./shop.ts";

const service = (name: string, spec: string, namespace = "shop"): string => `
---
apiVersion: v1
kind: Service
metadata: {namespace: ${namespace}, name: ${name}}
spec: {${spec}}
`;

const slice = (name: string, ready: boolean, namespace = "shop"): string => `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: ${namespace}, name: ${name}-x, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
endpoints: [{addresses: [10.2.9.9], conditions: {ready: ${ready}}}]
ports: [{port: 6379}]
`;

const configMap = (name: string, data: Record<string, string>): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {namespace: shop, name: ${name}}
data: ${JSON.stringify(data)}
`;

const web = (container: string): string =>
  serviceYaml +
  podYaml("shop", "web-1", "app: web", { container: `{name: app, image: app:1, ${container}}` });

const env = (values: Record<string, string>): string =>
  `env: ${JSON.stringify(Object.entries(values).map(([name, value]) => ({ name, value })))}`;

const signal = (kind: AppSignal["kind"], peer: string): AppSignal => ({
  kind,
  pod: "web-1",
  namespace: "shop",
  container: "app",
  previous: false,
  peer,
  line: "",
});

function dependencies(
  yaml: string,
  signals: readonly AppSignal[] = [],
  options: EvidenceOptions = {},
): readonly DependencyView[] {
  const evidence = evidenceOf(yaml, options);
  const observed = deriveDependencies(evidence, routeTo(), present(fact(evidence, "pods")), present(signals));
  if (observed.state !== "present") throw new Error(observed.state);
  return observed.value;
}

const only = (...args: Parameters<typeof dependencies>): DependencyView => {
  const [first, ...rest] = dependencies(...args);
  if (first === undefined || rest.length > 0) throw new Error(`${rest.length} more than one, or none`);
  return first;
};

const redis = service("redis", "selector: {app: redis}, ports: [{port: 6379}]");

describe("a configured address, resolved as the pod would", () => {
  test("the Service, its port, its ready endpoints and its pods", () => {
    const backing = podYaml("shop", "redis-0", "app: redis", { ip: "10.2.9.9" });
    const view = only(web(env({ REDIS_ADDR: "redis:6379" })) + redis + slice("redis", true) + backing);
    expect(view).toMatchObject({
      address: "redis:6379",
      host: "redis",
      port: 6379,
      from: "env REDIS_ADDR of container app",
      key: "REDIS_ADDR",
      service: { kind: "Service", namespace: "shop", name: "redis" },
      serviceExists: true,
      portExists: true,
      readyEndpoints: 1,
      internal: true,
      near: [],
    });
    expect(view.pods.map((p) => p.ref.name)).toEqual(["redis-0"]);
  });

  test("a Service without ready endpoints; with unread slices nobody knows", () => {
    const yaml = web(env({ REDIS_ADDR: "redis:6379" })) + redis + slice("redis", false);
    expect(only(yaml).readyEndpoints).toBe(0);
    expect(only(yaml, [], { unknown: ["endpointslices", "endpoints"] }).readyEndpoints).toBeUndefined();
  });

  test("slices listed for other Services only say nothing; listed for this one they say none", () => {
    const yaml = web(env({ REDIS_ADDR: "redis:6379" })) + redis;
    const ready = (label: string): number | undefined =>
      only(yaml, [], {
        coverage: [
          { resource: "services", extent: "whole" },
          { resource: "pods", extent: "whole" },
          {
            resource: "endpointslices",
            namespace: "shop",
            extent: "selected",
            selectors: [`kubernetes.io/service-name=${label}`],
          },
        ],
      }).readyEndpoints;
    expect(ready("web")).toBeUndefined();
    expect(ready("redis")).toBe(0);
  });

  test("no such Service, with the nearest names; forbidden Services are unknown", () => {
    const typo = web(env({ REDIS_ADDR: "rediss:6379" })) + redis;
    expect(only(typo)).toMatchObject({ serviceExists: false, portExists: "unknown", near: ["redis"] });
    const coverage = [
      { resource: "services", namespace: "shop", extent: "whole" },
      { resource: "pods", namespace: "shop", extent: "whole" },
    ] as const;
    const elsewhere = web(env({ REDIS_ADDR: "redis.data.svc:6379" }));
    expect(only(elsewhere, [], { coverage })).toMatchObject({ serviceExists: "unknown", near: [] });
  });

  test("the same name in another namespace comes first among the near ones", () => {
    const yaml = web(env({ REDIS_ADDR: "redis:6379" })) + service("redis", "ports: [{port: 6379}]", "data");
    expect(only(yaml)).toMatchObject({ serviceExists: false, near: ["redis.data"] });
  });

  test("a port that the Service lacks; of a headless Service ports bind nobody", () => {
    expect(only(web(env({ REDIS_ADDR: "redis:6380" })) + redis).portExists).toBe(false);
    const headless = service("redis", "clusterIP: None, ports: [{port: 6379}]");
    expect(only(web(env({ REDIS_ADDR: "redis:6380" })) + headless).portExists).toBe("unknown");
  });

  const names: readonly (readonly [string, string | undefined])[] = [
    ["redis", "shop/redis"],
    ["redis.", "shop/redis"],
    ["REDIS", "shop/redis"],
    ["redis.data", "data/redis"],
    ["redis.data.svc", "data/redis"],
    ["redis.data.svc.cluster.local", "data/redis"],
    ["redis.data.svc.corp.example", "data/redis"],
    ["db-0.db", "shop/db"],
    ["db-0.db.shop.svc.cluster.local", "shop/db"],
    ["redis.unheard", "unheard/redis"],
    ["redis.example.com", undefined],
    ["example.io", undefined],
    ["10.96.0.9", "data/redis"],
    ["10.200.0.1", undefined],
  ];
  test.each(names)("%s is Service %s", (host, expected) => {
    const yaml =
      web(env({ PEER_ADDR: `${host}:6379` })) +
      service("redis", "clusterIP: 10.96.0.9, ports: [{port: 6379}]", "data") +
      service("db", "clusterIP: None, ports: [{port: 6379}]");
    const { service: found, internal } = only(yaml);
    expect(found === undefined ? undefined : `${found.namespace}/${found.name}`).toBe(expected);
    expect(internal).toBe(expected !== undefined);
  });

  test("a pod's own address leads to the pod", () => {
    const yaml =
      web(env({ PEER_ADDR: "10.2.9.9:6379" })) + podYaml("shop", "redis-0", "app: redis", { ip: "10.2.9.9" });
    expect(only(yaml)).toMatchObject({
      internal: true,
      serviceExists: "unknown",
      pods: [{ ref: { name: "redis-0" } }],
    });
  });

  test("its own Service and itself are no dependency", () => {
    expect(
      dependencies(web(env({ SELF_ADDR: "web:80", LOCAL_ADDR: "localhost:8080", V6_ADDR: "[::1]:80" }))),
    ).toEqual([]);
  });
});

describe("where addresses are configured", () => {
  test("a ConfigMap by key and by envFrom with its prefix; an unread one gives nothing", () => {
    const yaml =
      web(
        "env: [{name: REDIS_ADDR, valueFrom: {configMapKeyRef: {name: peers, key: redis}}}], envFrom: [{prefix: APP_, configMapRef: {name: more}}]",
      ) +
      configMap("peers", { redis: "redis:6379" }) +
      configMap("more", { DB_HOST: "db", DB_PORT: "5432" });
    expect(dependencies(yaml).map((d) => [d.address, d.key, d.from])).toEqual([
      ["db:5432", "APP_DB_HOST", "ConfigMap shop/more key DB_HOST, env of container app"],
      ["redis:6379", "REDIS_ADDR", "ConfigMap shop/peers key redis, env REDIS_ADDR of container app"],
    ]);
    expect(dependencies(yaml, [], { unknown: ["configmaps"] })).toEqual([]);
  });

  test("Secrets are never looked at", () => {
    expect(
      dependencies(web("env: [{name: DB_HOST, valueFrom: {secretKeyRef: {name: s, key: redis}}}]")),
    ).toEqual([]);
  });

  test("env wins over envFrom, and $(NAME) is expanded", () => {
    const yaml =
      web(
        "envFrom: [{configMapRef: {name: c}}], env: [{name: DB_HOST, value: mysql}, {name: DB_URL, value: 'mysql://$(DB_HOST):3307/x'}]",
      ) + configMap("c", { DB_HOST: "stale" });
    expect(dependencies(yaml).map((d) => d.address)).toEqual(["mysql", "mysql://mysql:3307"]);
  });

  test("flags and wait scripts, with the flag but no key", () => {
    const yaml = web(
      'command: [/server, --redis-addr=redis:6379, -db-host, db], args: ["sh", "-c", "until nc -z queue 5672; do sleep 1; done"]',
    );
    expect(dependencies(yaml).map((d) => [d.address, d.from, d.key])).toEqual([
      ["db", "flag -db-host of container app", undefined],
      ["queue:5672", "command of container app", undefined],
      ["redis:6379", "flag --redis-addr of container app", undefined],
    ]);
  });

  test("pods of one template are read once, those of two revisions both", () => {
    const second = (value: string): string =>
      podYaml("shop", "web-2", "app: web", {
        container: `{name: app, image: app:1, ${env({ REDIS_ADDR: value })}}`,
      });
    const first = web(env({ REDIS_ADDR: "redis:6379" }));
    expect(dependencies(first + second("redis:6379"))).toHaveLength(1);
    expect(dependencies(first + second("cache:6379")).map((d) => d.host)).toEqual(["cache", "redis"]);
  });

  test("credentials never come along", () => {
    const view = only(web(env({ DATABASE_URL: "postgres://shop:hunter2@db:5432/shop" })));
    expect(view.address).toBe("postgres://db:5432");
    expect(JSON.stringify({ ...view, pods: [] })).not.toContain("hunter2");
  });
});

describe("what the application's log complains of", () => {
  test("a name that DNS refused; without a Service it does not exist", () => {
    expect(only(web(""), [signal("dns-error", "orders")])).toMatchObject({
      host: "orders",
      serviceExists: false,
      from: "log of shop/web-1",
    });
  });

  test("a refused connection proves the name: without a Service it is no peer of ours", () => {
    expect(dependencies(web(""), [signal("connect-error", "orders:80")])).toEqual([]);
    const orders = service("orders", "clusterIP: 10.96.0.7, ports: [{port: 80}]");
    expect(only(web("") + orders, [signal("connect-error", "orders:80")])).toMatchObject({
      portExists: true,
    });
    expect(only(web("") + orders, [signal("connect-error", "10.96.0.7:81")])).toMatchObject({
      service: { name: "orders" },
      portExists: false,
    });
  });

  test("users, tables and databases of a refusal are no addresses", () => {
    expect(dependencies(web(""), [signal("dependency-refusal", "orders")])).toEqual([]);
    const db = service("db", "ports: [{port: 5432}]");
    expect(only(web("") + db, [signal("dependency-refusal", "db:5432")]).address).toBe("db:5432");
  });

  test("other signals name no peer to call", () => {
    expect(dependencies(web(""), [signal("request", "orders:80"), signal("tls-error", "orders:80")])).toEqual(
      [],
    );
  });

  test("the log lends its port to a configured host and adds no second entry", () => {
    const view = only(web(env({ REDIS_HOST: "redis" })) + redis, [signal("connect-error", "redis:6379")]);
    expect(view).toMatchObject({ key: "REDIS_HOST", port: 6379, portExists: true });
  });

  test("the full name that DNS refused is the peer that is configured by its short one", () => {
    const yaml = web(env({ REDIS_ADDR: "redis:6379" })) + redis;
    const view = only(yaml, [signal("dns-error", "redis.shop.svc.cluster.local")]);
    expect(view.key).toBe("REDIS_ADDR");
    expect(dependencies(yaml, [signal("dns-error", "redis.data.svc")])).toHaveLength(2);
  });

  test("a signal without a peer is skipped", () => {
    const { peer: _, ...bare } = signal("connect-error", "x");
    expect(dependencies(web(""), [bare])).toEqual([]);
  });

  test("an unknown log leaves what is configured; unknown pods leave nothing", () => {
    const evidence = evidenceOf(web(env({ REDIS_ADDR: "redis:6379" })) + redis);
    const pods = present(fact(evidence, "pods"));
    const noLog = deriveDependencies(evidence, routeTo(), pods, unknown("app-log", "not read"));
    expect(noLog).toMatchObject({ state: "present", value: [{ host: "redis" }] });
    const noPods = deriveDependencies(evidence, routeTo(), unknown("pods", "forbidden"), absent("no log"));
    expect(noPods).toEqual(unknown("pods", "forbidden"));
  });
});
