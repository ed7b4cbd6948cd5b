import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/causes/catalogue.ts";
import { wordsOf } from "../../src/causes/outer-log.ts";
import type { Facts, PodView, Route } from "../../src/derive/views.ts";
import { type Observed, present } from "../../src/evidence/observed.ts";
import type { FailureClass, LogHop, Traffic } from "../../src/logs/traffic.ts";
import { weighCause } from "../../src/verdict/finding.ts";
import { factsWith } from "../verdict/fixtures.ts";
import { outer, request, traffic } from "./traffic.ts";

const ids = catalogue.map((c) => c.id).filter((id) => id.startsWith("lb-") || id.startsWith("cdn-"));
const classes: readonly FailureClass[] = [
  "no-endpoint",
  "connect-refused",
  "unreachable",
  "connect-timeout",
  "closed-before-header",
  "response-timeout",
  "bad-response",
  "tls-failure",
  "config-answer",
  "app-status",
  "unclassified",
];

const route: Route = {
  target: "shop.example.com/",
  namespace: "shop",
  gatewayKind: "ingress-nginx",
  backend: { service: { kind: "Service", namespace: "shop", name: "cart" } },
  role: "primary",
  isDefaultBackend: false,
};

/** A pod of the route of which nothing but its address matters. */
const podAt = (ip: string): PodView =>
  ({
    ref: { kind: "Pod", namespace: "shop", name: "cart-1" },
    ips: [ip],
    timeline: [],
  }) as unknown as PodView;

function weigh(id: string, seen: Traffic, more: { [F in keyof Facts]?: Observed<Facts[F]> } = {}) {
  const cause = catalogue.find((c) => c.id === id);
  if (cause === undefined) throw new Error(`no cause ${id}`);
  const none = {
    pods: present([]),
    workloads: present([]),
    departed: present([]),
    patterns: present([]),
  } satisfies { [F in keyof Facts]?: Observed<Facts[F]> };
  return weighCause(cause, factsWith({ route: present(route), traffic: present(seen), ...none, ...more }));
}

/** Every class of failure, four times, at once and after a minute, in the words of every format. */
const everything = classes.flatMap((failure, i) =>
  [2, 10_000, 60_000, 3].map((durationMs, j) =>
    request({
      endMs: (i * 4 + j) * 70_000,
      durationMs,
      status: [502, 503, 464, 561][j]!,
      failure,
      attempts: [{ failure, message: "backend_response_headers_too_long" }],
    }),
  ),
);

const made = (failure: FailureClass, more: Parameters<typeof request>[0] = {}) =>
  request({ failure, origin: "load-balancer", ...more });
const alb = (failures: Traffic["failures"], succeeded = 0): Traffic =>
  outer("load-balancer", "aws-alb", { failures, succeeded });

const cdn = (...failures: Traffic["failures"]): Traffic => outer("cdn", "azure-front-door", { failures });

const left = (durationMs: number, endMs: number) => request({ status: 499, durationMs, endMs });

describe("a log of a gateway inside the cluster", () => {
  it("supports no cause in front of it, whatever it holds", () => {
    expect(ids.length).toBeGreaterThanOrEqual(14);
    for (const hop of [undefined, "gateway", "mesh"] as const) {
      const seen = traffic({ failures: everything, ...(hop === undefined ? {} : { hop }) });
      const states = ids.map((id) => `${id} ${weigh(id, seen).state}`);
      expect(states.filter((s) => s.endsWith("supported"))).toEqual([]);
    }
  });

  it("rules them out when it has the failures, and leaves them open when it has none", () => {
    const failing = weigh("lb-no-healthy-targets", traffic({ failures: everything }));
    expect(failing).toMatchObject({ state: "refuted" });
    const silent = weigh("lb-no-healthy-targets", traffic({ succeeded: 100 }));
    expect(silent).toMatchObject({ state: "undecided", lookAt: expect.stringContaining("load balancer") });
  });

  it("of a load balancer rules out the CDN and leaves the gateway's causes open", () => {
    const failures = [request({ failure: "connect-timeout", attempts: [{ failure: "connect-timeout" }] })];
    const seen = outer("load-balancer", "aws-alb", { failures: [...failures, ...failures] });
    expect(weigh("cdn-origin-connect-failure", seen).state).toBe("refuted");
    expect(weigh("proxy-connect-timeout", seen).state).toBe("undecided");
    expect(weigh("proxy-connect-timeout", { ...seen, hop: "gateway" as LogHop }).state).toBe("supported");
  });
});

describe("what a load balancer's log says", () => {
  it("an answer of the target is no doing of the load balancer", () => {
    const passed = request({ status: 503, origin: "application", failure: "no-endpoint" });
    expect(weigh("lb-no-healthy-targets", alb([passed])).state).toBe("refuted");
    expect(weigh("lb-no-healthy-targets", alb([made("no-endpoint")])).state).toBe("supported");
  });

  it("silent connects at targets whose state nobody knows accuse nobody", () => {
    const silent = [0, 1, 2].map((i) =>
      made("connect-timeout", {
        endMs: i * 60_000,
        durationMs: 10_000,
        attempts: [{ failure: "connect-timeout" }],
      }),
    );
    expect(weigh("lb-target-connection-blocked", alb(silent)).state).toBe("undecided");
  });

  it("silent connects at a target that answers others are not blocked", () => {
    const silent = made("connect-timeout", { attempts: [{ failure: "connect-timeout" }] });
    const stats = { attempts: 50, failed: 2, byClass: {}, firstSeenMs: 0, lastSeenMs: 0, lastSentMs: 0 };
    const addresses = new Map([["10.42.1.5:8080", stats]]);
    const seen = { ...alb([silent, silent]), addresses };
    expect(weigh("lb-target-connection-blocked", seen).state).toBe("refuted");
  });

  it("closed connections are a race only when they are few", () => {
    const closed = [0, 1, 2, 3].map((i) =>
      made("unclassified", { endMs: i * 600_000, durationMs: 2, attempts: [{ failure: "unclassified" }] }),
    );
    const pods = { pods: present([podAt("10.42.1.5")]) };
    expect(weigh("lb-backend-keepalive-race", alb(closed, 100), pods).state).toBe("refuted");
    expect(weigh("lb-backend-keepalive-race", alb(closed, 40_000), pods).state).toBe("supported");
    expect(weigh("lb-backend-keepalive-race", alb(closed.slice(0, 2), 40_000), pods).state).toBe("undecided");
    expect(weigh("lb-backend-keepalive-race", alb(closed, 40_000)).state).toBe("undecided");
  });

  it("a fixed response while the Service and its port exist is left open", () => {
    const fixed = made("config-answer", { status: 503, message: "actions_executed fixed-response" });
    const there = {
      service: present({ metadata: { name: "cart" } }),
      servicePort: present({ port: 80 }),
    };
    const withRule = { ...route, rule: { object: { kind: "Ingress", name: "cart" }, annotations: {} } };
    const more = { route: present(withRule) };
    expect(weigh("lb-fixed-response-missing-service", alb([fixed]), more).state).toBe("supported");
    expect(weigh("lb-fixed-response-missing-service", alb([fixed]), { ...more, ...there }).state).toBe(
      "undecided",
    );
  });
});

describe("what a CDN's log says", () => {
  it("Front Door and Cloudflare name an origin that cannot be reached in words and status", () => {
    const dns = request({
      status: 503,
      failure: "unclassified",
      origin: "cdn",
      originReason: "ErrorInfo is DNSFailure",
    });
    const other = { ...dns, originReason: "ErrorInfo is OriginError" };
    const noName = request({ status: 530, failure: "unclassified", origin: "cdn" });
    expect(weigh("cdn-origin-connect-failure", cdn(dns)).state).toBe("supported");
    expect(weigh("cdn-origin-connect-failure", cdn(noName)).state).toBe("supported");
    expect(weigh("cdn-origin-connect-failure", cdn(other)).state).toBe("refuted");
  });
});

it("the log's words are said once", () => {
  const said = request({ originReason: "statusDetails is backend_timeout", message: "backend_timeout" });
  expect(wordsOf(said, { ...said.attempts[0]!, message: "backend_timeout" })).toBe(
    "statusDetails is backend_timeout",
  );
  const twice = request({ message: "UH", originReason: "UH" });
  expect(wordsOf(twice)).toBe("UH");
});

describe("clients that leave", () => {
  const aborted = Array.from({ length: 8 }, (_, i) => left(5000 + i * 4, i * 30_000));

  it("at one and the same time have a timer", () => {
    const found = weigh("client-abort-before-response", traffic({ aborted, succeeded: 90 }));
    expect(found).toMatchObject({ state: "undecided", why: expect.stringContaining("some signs") });
    const settings = present({ readTimeoutMs: { value: 60_000, from: "default", source: "default" } });
    const more = { settings: settings as unknown as Observed<Facts["settings"]> };
    expect(weigh("client-abort-before-response", traffic({ aborted, succeeded: 90 }), more).state).toBe(
      "supported",
    );
  });

  it("after all sorts of times are people", () => {
    const people = [40, 300, 900, 1500, 2400, 3900, 6000, 9100].map((ms, i) => left(ms, i * 30_000));
    expect(weigh("client-abort-before-response", traffic({ aborted: people, succeeded: 90 })).state).toBe(
      "refuted",
    );
  });

  it("a few among very many requests are not called a trouble", () => {
    expect(weigh("client-abort-before-response", traffic({ aborted, succeeded: 90_000 })).state).toBe(
      "undecided",
    );
  });
});
