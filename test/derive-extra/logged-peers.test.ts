import { describe, expect, test } from "vitest";
import { deriveDependencies } from "../../src/derive/dependencies.ts";
import { absent, present, unknown } from "../../src/evidence/observed.ts";
import { evidenceOf } from "../support/evidence.ts";
import { dependencies, env, only, redis, service, signal, web } from "./dependency-shop.ts";
import { fact, routeTo } from "./shop.ts";

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
