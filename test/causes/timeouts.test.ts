import { describe, expect, it } from "vitest";
import type { Cluster } from "../../corpus/author/cluster/cluster.ts";
import { shop } from "../../corpus/author/cluster/shop.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { parseTarget } from "../../src/target/target.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";
import { access } from "./access-line.ts";

const stateOf = (c: Cluster, cause: string): string | undefined =>
  diagnose(c.evidence(), parseTarget("shop.example.com/"), catalogue).targets[0]?.findings.find(
    (f) => f.cause === cause,
  )?.state;

interface Answers {
  readonly path: string;
  readonly status: number;
  readonly seconds: number;
  /** Which pod; without it both in turn. */
  readonly pod?: number;
}

/** Answers one a second, the first of them so many seconds before the collection. */
const answers = (c: Cluster, fromS: number, times: number, a: Answers) =>
  Array.from({ length: times }, (_, i) =>
    access({ at: `-${fromS - i}s`, address: c.pod("cart", a.pod ?? i % 2).address, ...a }),
  );

const late = (secondsAgo: number, path: string, status = 200): string =>
  JSON.stringify({
    time: new Date(Date.parse("2026-11-18T10:30:00Z") - secondsAgo * 1000).toISOString(),
    method: "GET",
    path,
    status,
    duration_ms: 84_000,
  });

const timer = (c: Cluster): void =>
  void c.ingress("cart", {
    host: "shop.example.com",
    paths: { "/": "cart" },
    annotations: { "nginx.ingress.kubernetes.io/proxy-read-timeout": "60" },
  });

/** Half a minute of timeouts of /export, which the application finished late, after what `before` gives. */
function lateAnswers(
  before: (c: Cluster) => ReturnType<typeof answers>,
  more: { readonly pod?: number; readonly words?: readonly string[] } = {},
): Cluster {
  const c = shop("shop", { options: { replicas: 2 } });
  timer(c);
  const { words = [], ...pod } = more;
  c.gatewayLog([
    ...before(c),
    ...answers(c, 900, 30, { path: "/export", status: 504, seconds: 60, ...pod }),
    ...answers(c, 900, 30, { path: "/items", status: 200, seconds: 0.004 }),
  ]);
  c.appLog(c.pod("cart", 0), [...words, late(876, "/export")]);
  return c;
}

const quickBefore = (c: Cluster) => answers(c, 1500, 40, { path: "/export", status: 200, seconds: 0.2 });

const longBefore = (c: Cluster) => [
  ...answers(c, 1500, 40, { path: "/export", status: 200, seconds: 75 }),
  ...answers(c, 1600, 8, { path: "/export", status: 200, seconds: 50 }),
];

const quickPod = (c: Cluster) => answers(c, 900, 30, { path: "/export", status: 200, seconds: 0.2, pod: 1 });

describe("a late answer of the application", () => {
  const cause = "proxy-read-timeout-too-short";

  it("accuses the timer where the path was never in time", () => {
    expect(
      stateOf(
        lateAnswers(() => []),
        cause,
      ),
    ).toBe("supported");
  });

  it("does not where the path was in time until the failures began", () => {
    expect(stateOf(lateAnswers(quickBefore), cause)).toBe("refuted");
  });

  it("does where the path took as long before, and the timer was longer", () => {
    expect(stateOf(lateAnswers(longBefore), cause)).toBe("supported");
  });

  it("does not where one of two pods is never late", () => {
    expect(stateOf(lateAnswers(quickPod, { pod: 0 }), cause)).toBe("refuted");
  });

  it("does not where the application says what it waited for", () => {
    const words = [
      '{"time":"2026-11-18T10:15:24.000Z","level":"error","msg":"dependency call failed","url":"http://stock:8080/v1","error":"timeout of 70000ms exceeded"}',
    ];
    const c = lateAnswers(() => [], { words });
    expect(stateOf(c, cause)).toBe("refuted");
    expect(stateOf(c, "slow-dependency")).toBe("supported");
  });

  it("does not where the application gave up as well, later", () => {
    const words = [late(877, "/export", 504), late(876, "/export", 504)];
    expect(
      stateOf(
        lateAnswers(() => [], { words }),
        cause,
      ),
    ).toBe("undecided");
  });

  const scaledUp = (name: string): string | undefined => {
    const c = lateAnswers(() => []);
    c.hpa("cart", { min: 2, max: 8, current: 4, cpu: { target: 70, current: 74 }, lastScale: "-880s" });
    c.event({ kind: "HorizontalPodAutoscaler", name }, "SuccessfulRescale", "New size: 4; above target", {
      first: "-880s",
    });
    return stateOf(c, cause);
  };

  it("proves nothing where the log begins amid a load that the autoscaler answers", () => {
    expect(scaledUp("cart")).toBe("undecided");
    expect(scaledUp("stock")).toBe("supported");
  });

  it("proves nothing where the log begins after a new version", () => {
    const c = lateAnswers(() => []);
    c.rollout("cart", { at: "-1000s" });
    expect(stateOf(c, cause)).toBe("undecided");
  });

  it("proves nothing where every path of several is late", () => {
    const c = shop("shop", { options: { replicas: 2 } });
    timer(c);
    c.gatewayLog(
      ["/export", "/items", "/cart"].flatMap((path) =>
        answers(c, 900, 10, { path, status: 504, seconds: 60 }),
      ),
    );
    c.appLog(c.pod("cart", 0), [late(876, "/export")]);
    expect(stateOf(c, cause)).toBe("undecided");
  });
});

/** 12 s of calm, then more from 300 s ago on; the autoscaler acts 10 s after the first request that fails. */
function spike(perSecond: { readonly before: number; readonly amid: number }, scaleUp = "-290s"): Cluster {
  const c = shop("shop", { options: { replicas: 2, readyAfter: "90s" } });
  timer(c);
  const second = (ago: number, times: number, a: Answers) =>
    Array.from({ length: times }, () => answers(c, ago, 1, a)).flat();
  const seconds = (fromS: number, length: number, times: number, a: Answers) =>
    Array.from({ length }, (_, i) => second(fromS - i, times, a)).flat();
  c.gatewayLog([
    ...seconds(312, 12, perSecond.before, { path: "/", status: 200, seconds: 0.02 }),
    ...seconds(300, 59, perSecond.amid, { path: "/", status: 200, seconds: 0.9 }),
    ...answers(c, 238, 9, { path: "/", status: 504, seconds: 60 }),
  ]);
  c.event(
    { kind: "HorizontalPodAutoscaler", name: "cart" },
    "SuccessfulRescale",
    "New size: 4; reason: cpu resource utilization (percentage of request) above target",
    { first: scaleUp },
  );
  return c;
}

const scaled = (c: Cluster, max = 8): Cluster => {
  c.hpa("cart", { min: 2, max, current: 4, cpu: { target: 70, current: 74 }, lastScale: "-220s" });
  return c;
};

describe("load that rose faster than the autoscaler follows", () => {
  it("is seen against seconds of calm", () => {
    expect(stateOf(scaled(spike({ before: 3, amid: 20 })), "hpa-lag")).toBe("supported");
  });

  it("is seen where the autoscaler was quick and the pods that it asked for were not", () => {
    const c = scaled(spike({ before: 3, amid: 20 }, "-310s"));
    expect(stateOf(c, "hpa-lag")).toBe("refuted");
    c.find("cart").scaleUp(2, "-310s");
    expect(stateOf(c, "hpa-lag")).toBe("supported");
  });

  it("is none when as many came before", () => {
    expect(stateOf(scaled(spike({ before: 20, amid: 20 })), "hpa-lag")).toBe("refuted");
  });

  it("is not sure of a few more", () => {
    expect(stateOf(scaled(spike({ before: 2, amid: 3 })), "hpa-lag")).toBe("undecided");
  });

  it("is not for the maximum when that was reached after the last failure", () => {
    const c = scaled(spike({ before: 3, amid: 20 }), 4);
    expect(stateOf(c, "hpa-max-replicas")).toBe("refuted");
    expect(stateOf(c, "hpa-lag")).toBe("supported");
  });
});
