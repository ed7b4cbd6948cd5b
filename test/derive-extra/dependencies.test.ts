import { describe, expect, test } from "vitest";
import { configMap, dependencies, env, only, redis, service, slice, web } from "./dependency-shop.ts";
import { podYaml } from "./shop.ts";

const endpoints = (name: string): string =>
  `\n---\napiVersion: v1\nkind: Endpoints\nmetadata: {namespace: shop, name: ${name}}\nsubsets: [{addresses: [{ip: 10.2.9.9}]}]\n`;

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
    const others = service("mail", "ports: [{port: 25}]", "data");
    expect(only(yaml + others)).toMatchObject({ serviceExists: false, near: ["redis.data"] });
  });

  test("near names are given only of a namespace whose Services were all read", () => {
    const coverage = [
      { resource: "services", namespace: "shop", extent: "selected", names: ["web", "rediss", "redis"] },
      { resource: "pods", extent: "whole" },
    ] as const;
    const yaml = web(env({ REDIS_ADDR: "rediss:6379" })) + redis;
    expect(only(yaml, [], { coverage })).toMatchObject({ serviceExists: false, near: [] });
  });

  test("Endpoints stand in for slices that were not read", () => {
    const yaml = web(env({ REDIS_ADDR: "redis:6379" })) + redis;
    const unread = { unknown: ["endpointslices"] } as const;
    expect(only(yaml + endpoints("redis"), [], unread).readyEndpoints).toBe(1);
    expect(only(yaml + endpoints("web"), [], unread).readyEndpoints).toBe(0);
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
    ["db-0.db.shop", "shop/db"],
    ["a.cache.data", undefined],
    ["redis.qa", "qa/redis"],
    ["redis.io", undefined],
    ["redis.example.com", undefined],
    ["example.io", undefined],
    ["10.96.0.9", "data/redis"],
    ["10.200.0.1", undefined],
  ];
  test.each(names)("%s is Service %s", (host, expected) => {
    const yaml =
      web(env({ PEER_ADDR: `${host}:6379` })) +
      service("redis", "clusterIP: 10.96.0.9, ports: [{port: 6379}]", "data") +
      service("db", "clusterIP: None, ports: [{port: 6379}]") +
      service("cache", "ports: [{port: 6379}]", "data") +
      "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: qa}\n";
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

const second = (value: string): string =>
  podYaml("shop", "web-2", "app: web", {
    container: `{name: app, image: app:1, ${env({ REDIS_ADDR: value })}}`,
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
