import { expect, test } from "vitest";
import { serviceNames } from "../../src/gather/cluster/dependencies.ts";

const named = (value: string, words = false): string[] =>
  serviceNames([value], "shop", words).map((s) => `${s.namespace}/${s.name}`);

test.each([
  ["http://orders:8080/v1", ["shop/orders"]],
  ["redis.data.svc:6379", ["data/redis"]],
  ["redis.data.svc.cluster.local", ["data/redis"]],
  ["postgres://app:s3cret@db.data/shop", ["data/db"]],
  ["kafka-0:9092,kafka-1.queue:9092", ["shop/kafka-0", "queue/kafka-1"]],
  ["--upstream=cart:80", ["shop/cart"]],
  ["https://api.stripe.com/v1", []],
  ["https://example.com", []],
  ["http://localhost:9000 http://10.0.0.1:80", []],
  ["10:30:00", []],
  ["http://../../secrets/x:80", []],
  ["production", []],
])("%s names %j", (value, expected) => {
  expect(named(value)).toEqual(expected);
});

test("a value of one word is a host only for who can check it against a list", () => {
  expect(named("redis", true)).toEqual(["shop/redis"]);
  expect(named("Redis is fast", true)).toEqual([]);
});

test("long values cost nothing", () => {
  const startMs = performance.now();
  expect(named(`${"a.".repeat(100_000)}:80`)).toEqual([]);
  expect(named("a-".repeat(2000))).toEqual([]);
  expect(performance.now() - startMs).toBeLessThan(5000);
});
