import { describe, expect, it } from "vitest";
import type { Cluster } from "../../corpus/author/cluster/cluster.ts";
import { shop } from "../../corpus/author/cluster/shop.ts";
import type { Line } from "../../corpus/author/lines.ts";
import { atMs } from "../../corpus/author/time.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { parseTarget } from "../../src/target/target.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";
import { access } from "./access-line.ts";

function stateOf(c: Cluster, cause: string): string | undefined {
  const report = diagnose(c.evidence(), parseTarget("shop.example.com/"), catalogue);
  return report.targets[0]?.findings.find((f) => f.cause === cause)?.state;
}

const killed = (unreadySince: string): Cluster => {
  const c = shop("shop", { options: { replicas: 1 } });
  const p = c.pod("cart");
  p.restart({ exitCode: 137, reason: "OOMKilled", at: "-3d", count: 1 });
  p.notReady({ since: unreadySince });
  return c;
};

/** Three timeouts of /export at 60 s, and a line of the application's own log. */
const finished = (line: string): Cluster => {
  const c = shop("shop", { options: { replicas: 1 } });
  const p = c.pod("cart");
  c.gatewayLog([
    ...["-40m", "-30m", "-20m"].map((at) =>
      access({ at, path: "/export?year=2025", status: 504, seconds: 60, address: p.address }),
    ),
    ...["-41m", "-31m", "-21m", "-11m"].map((at) =>
      access({ at, path: "/items", status: 200, seconds: 0.004, address: p.address }),
    ),
  ]);
  c.appLog(p, [line]);
  return c;
};

const done = (time: string, path: string): string =>
  JSON.stringify({ time, method: "GET", path, status: 200, duration_ms: 84_000 });

const told = (line: string): Cluster => {
  const c = shop("shop", { options: { replicas: 1 } });
  const p = c.pod("cart");
  c.gatewayLog(
    ["-40m", "-39m", "-38m"].map((at) =>
      access({ at, path: "/report", status: 504, seconds: 60, address: p.address }),
    ),
  );
  c.appLog(p, [line]);
  return c;
};

/** `closes` attempts that end in 2 ms among many that pass. */
const closed = (closes: readonly string[]): Cluster => {
  const c = shop("shop", { options: { replicas: 2 } });
  const fine = Array.from({ length: 400 }, (_, i) =>
    access({
      at: `-${56 * 60 - i * 8}s`,
      path: "/items",
      status: 200,
      seconds: 0.005,
      address: c.pod("cart", i % 2).address,
    }),
  );
  const errors = closes.map((at, i): Line => {
    const iso = new Date(atMs(at)).toISOString();
    return {
      atMs: atMs(at),
      text: `${iso.slice(0, 10).replaceAll("-", "/")} ${iso.slice(11, 19)} [error] 31#31: *${i + 7} upstream prematurely closed connection while reading response header from upstream, client: 203.0.113.9, server: shop.example.com, request: "GET /orders HTTP/1.1", upstream: "http://${c.pod("cart", i % 2).address}/orders", host: "shop.example.com"`,
    };
  });
  const failed = closes.map((at, i) =>
    access({ at, path: "/orders", status: 502, seconds: 0.002, address: c.pod("cart", i % 2).address }),
  );
  c.gatewayLog([...fine, ...errors, ...failed]);
  return c;
};

describe("a container killed for memory", () => {
  it("is the reason of a pod that went down with it", () => {
    expect(stateOf(killed("-3d"), "oom-killed")).toBe("supported");
  });

  it("is not the reason of a pod that went down days later", () => {
    expect(stateOf(killed("-9m"), "oom-killed")).toBe("undecided");
  });
});

describe("a request that the application finished after the gateway gave it up", () => {
  it("proves that the timer is too short", () => {
    // ended at the gateway at 10:00:00 after 60 s, so it began at 09:59:00 and took 84 s
    const c = finished(done("2026-11-18T10:00:24Z", "/export?year=2025"));
    expect(stateOf(c, "proxy-read-timeout-too-short")).toBe("supported");
  });

  it("proves nothing on another path", () => {
    const c = finished(done("2026-11-18T10:00:24Z", "/nightly"));
    expect(stateOf(c, "proxy-read-timeout-too-short")).toBe("undecided");
  });

  it("proves nothing when it began at another time", () => {
    const c = finished(done("2026-11-18T10:05:24Z", "/export?year=2025"));
    expect(stateOf(c, "proxy-read-timeout-too-short")).toBe("undecided");
  });
});

describe("a pool that is said to be full", () => {
  const words = "ERROR QueuePool limit of size 5 overflow 10 reached, connection timed out";

  it("explains timeouts of the same minutes", () => {
    expect(stateOf(told(`2026-11-18 09:50:10 ${words}`), "worker-pool-exhausted")).toBe("supported");
  });

  it("does not explain timeouts of another hour", () => {
    expect(stateOf(told(`2026-11-18 07:10:10 ${words}`), "worker-pool-exhausted")).toBe("undecided");
  });

  it("does not explain them when nobody knows when it was said", () => {
    expect(stateOf(told(words), "worker-pool-exhausted")).toBe("undecided");
  });
});

describe("connections closed at once", () => {
  it("are too few to tell when there are two", () => {
    expect(stateOf(closed(["-40m", "-20m"]), "keepalive-idle-race")).toBe("undecided");
  });

  it("are more than a race gives in one of fifty attempts", () => {
    const many = Array.from({ length: 9 }, (_, i) => `-${50 - i * 5}m`);
    expect(stateOf(closed(many), "keepalive-idle-race")).toBe("refuted");
  });
});
