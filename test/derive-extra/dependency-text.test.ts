import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressesOf, commandAddresses } from "../../src/derive/dependency-keys.ts";
import { connectionString, hostAndPort, isPeerHost, urlAddresses } from "../../src/derive/dependency-text.ts";

const read = (key: string, value: string, siblings: Record<string, string> = {}): string[] =>
  addressesOf({ key, value }, new Map(Object.entries(siblings))).map(
    (a) => `${a.host}:${a.port ?? ""}${a.weak ? " weak" : ""}`,
  );

describe("what is an address", () => {
  const forms: readonly (readonly [string, string, readonly string[]])[] = [
    ["ORDERS_URL", "http://orders.shop.svc:8080/v1?x=y", ["orders.shop.svc:8080"]],
    ["ORDERS_URL", "https://orders", ["orders:443"]],
    ["DATABASE_URL", "postgres://user:p@ss@db/shop", ["db:5432"]],
    ["SPRING_DATASOURCE_URL", "jdbc:postgresql://db:5433/shop?ssl=true", ["db:5433"]],
    ["DB", "jdbc:sqlserver://db;databaseName=x", ["db:1433"]],
    ["DB", "jdbc:oracle:thin:@db:1521/ORCL", ["db:1521"]],
    ["DB", "jdbc:oracle:thin:@db:1521:ORCL", ["db:1521"]],
    ["MONGO", "mongodb://u:p@m-0.m:27017,m-1.m:27018/db", ["m-0.m:27017", "m-1.m:27018"]],
    ["GRPC", "dns:///orders:9000", ["orders:9000"]],
    ["BUCKET_URL", "s3://shop-images/x", []],
    ["RABBIT", "amqp://guest:guest@mq", ["mq:5672"]],
    ["DSN", "user:pass@tcp(mysql:3306)/shop", ["mysql:3306"]],
    ["DSN", "host=db port=5432 user=x", ["db:5432"]],
    ["CONN", "Server=tcp:db,1433;Database=x", ["db:1433"]],
    ["CONN", "Host=db;Port=5432;Username=x", ["db:5432"]],
    ["KAFKA_BROKERS", "k-0:9092, k-1:9092", ["k-0:9092", "k-1:9092"]],
    ["ANYTHING", "redis:6379", ["redis:6379"]],
    ["CACHE_ADDR", "[fd00::5]:6379", ["fd00::5:6379"]],
    ["REDIS_HOST", "redis", ["redis:"]],
    ["CACHE_SERVER", "memcached", ["memcached: weak"]],
    ["REDIS_ADDR", "redis:7", ["redis:7"]],
    // Not addresses of peers.
    ["MODE", "production", []],
    ["DEBUG_HOST", "true", []],
    ["LISTEN_ADDR", "web:8080", []],
    ["HOST", "web", []],
    ["BIND_ADDRESS", "0.0.0.0:8080", []],
    ["IMAGE", "redis:7000", []],
    ["BASE", "redis:7", []],
    ["APP_VERSION", "v1.2.3", []],
    ["DB_HOST", "1.2.3-rc1", []],
    ["DATA_PATH", "/data/x:8080", []],
    ["START_TIME", "10:30", []],
    ["WALLET_ADDRESS", "0xdeadbeef", []],
    ["MAIL_FROM_ADDRESS", "shop@example.com", []],
    ["METRICS_ADDR", ":9090", []],
    ["FILE_URL", "file:///etc/passwd", []],
    ["SOCKET_URL", "unix:///var/run/x.sock", []],
    ["DB_HOST", "${DB_HOST}", []],
    ["DB_HOST", "", []],
  ];
  test.each(forms)("%s=%s", (key, value, expected) => {
    expect(read(key, value)).toEqual(expected);
  });

  test("a host takes the port of its sibling", () => {
    expect(read("DB_HOST", "db", { DB_PORT: "5432" })).toEqual(["db:5432"]);
    expect(read("PGHOST", "db", { PGPORT: "5432" })).toEqual(["db:5432"]);
    expect(read("spring.redis.host", "redis", { "spring.redis.port": "6380" })).toEqual(["redis:6380"]);
    expect(read("DB_HOST", "db", { REDIS_PORT: "6379" })).toEqual(["db:"]);
  });

  test("no text makes a reader throw or run away", () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.stringMatching(/^[a-z:/@.,=();[\]\-0-9 ]{0,200}$/),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), texts, (key, text) => {
        for (const { host, port } of [
          ...addressesOf({ key, value: text }, new Map()),
          ...commandAddresses([text]),
        ]) {
          expect(isPeerHost(host)).toBe(true);
          expect(port === undefined || (port > 0 && port <= 65_535)).toBe(true);
        }
      }),
    );
    const long = [
      "nc -a ".repeat(20_000),
      "a".repeat(200_000),
      "a://".repeat(50_000),
      "@tcp(".repeat(800),
      "host=".repeat(800),
    ];
    const started = performance.now();
    for (const text of long) {
      commandAddresses([text]);
      urlAddresses(text);
      connectionString(text.slice(0, 4000));
      hostAndPort(text);
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
