import { describe, expect, it } from "vitest";
import type { PodSpec } from "kubernetes-types/core/v1";
import { backendProtocolHttpExpected } from "../../src/causes/application/backend-protocol-http-expected.ts";
import { invalidResponseHeader } from "../../src/causes/application/invalid-response-header.ts";
import { responseHeaderTooLarge } from "../../src/causes/application/response-header-too-large.ts";
import type { Judgement } from "../../src/causes/define-cause.ts";
import { type Departure, departureOf } from "../../src/causes/departures.ts";
import { maintenanceMode503 } from "../../src/causes/gateway/maintenance-mode-503.ts";
import { outlierEjectionOrPassiveHealth } from "../../src/causes/gateway/outlier-ejection-or-passive-health.ts";
import { endedAt } from "../../src/causes/lifetimes.ts";
import { failedChecks } from "../../src/causes/server-checks.ts";
import type { PodView } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { present, unknown } from "../../src/evidence/observed.ts";
import type { Attempt, GatewaySignal, GatewaySignalKind, LoggedRequest } from "../../src/logs/traffic.ts";
import { request, traffic } from "./traffic.ts";

const server = "shop_cart_8080/srv001";
const service = ref("Service", "cart", "shop");
const route = {
  gatewayKind: "haproxy",
  backend: { service },
  rule: { object: ref("Ingress", "cart", "shop"), annotations: {} },
};
const none = unknown("patterns", "not looked for");
const failed = (endMs: number, failure: Attempt["failure"], address = server): Attempt =>
  request({ endMs, attempts: [{ address, ...(failure === undefined ? {} : { failure }) }] }).attempts[0]!;
const unserved = (endMs: number, rest: Partial<LoggedRequest> = {}): LoggedRequest =>
  request({ endMs, status: 503, failure: "no-endpoint", ...rest, attempts: [] });

const waiting = (seconds: number): PodSpec =>
  ({ containers: [{ name: "app", lifecycle: { preStop: { sleep: { seconds } } } }] }) as PodSpec;

const leaving = (own: PodSpec): Departure => ({
  ref: ref("Pod", "cart-a", "shop"),
  stoppedMs: 100_000,
  ips: ["10.42.1.5"],
  graceMs: 30_000,
  spec: own,
});

const isOf = (own: PodSpec, endMs: number): boolean =>
  departureOf(failed(endMs, "connect-refused"), [leaving(own)], [], 15_000) !== undefined;

const ended = (restarts: number): PodView =>
  ({
    ips: ["10.42.1.5"],
    ready: false,
    createdMs: 0,
    containers: [{ role: "main", restarts, terminations: [{ finishedMs: 100_000 }] }],
  }) as unknown as PodView;

const isByEnd = (restarts: number, endMs: number): boolean => {
  const one = request({ endMs, attempts: [{ address: server, failure: "closed-before-header" }] });
  return endedAt([ended(restarts)])(one, one.attempts[0]);
};

const said = (kind: GatewaySignalKind, timeMs: number, tail: string, about = "shop/cart"): GatewaySignal => ({
  kind,
  timeMs,
  about,
  line: `[WARNING]  (14) : Server shop_cart_8080/srv001 is ${tail}`,
});

const down = said(
  "server-down",
  10_000,
  'DOWN, reason: Layer6 invalid response, info: "SSL handshake failure", check duration: 1ms. 0 active and 0 backup servers left.',
);

const up = said("server-up", 20_000, "UP, reason: Layer6 check passed, check duration: 1ms.");

const checksOf = (...log: GatewaySignal[]) => failedChecks(present(log), service, /^Layer6/);

const isUnservedByCheck = (endMs: number) => checksOf(down, up)?.explains(unserved(endMs), undefined);

const atProtocol = (value: string): Judgement =>
  backendProtocolHttpExpected.weigh({
    route,
    traffic: traffic({ failures: [unserved(15_000)] }),
    settings: present({ backendProtocol: { value, from: "annotation", source: "Ingress shop/cart" } }),
    servicePort: unknown("services", "forbidden"),
    gatewayLog: present([down]),
    patterns: none,
  } as never);

const atSnippet = (text: string, failures: readonly LoggedRequest[]): Judgement =>
  maintenanceMode503.weigh({
    route,
    settings: { snippets: [{ text, source: "Ingress shop/cart annotation config-backend" }] },
    traffic: present(traffic({ failures })),
  } as never);

describe("an attempt at a server of HAProxy", () => {
  it("is of a pod that was just told to stop, by time alone", () => {
    expect(isOf(waiting(0), 101_000)).toBe(true);
    expect(isOf(waiting(0), 97_000)).toBe(false);
    expect(isOf(waiting(0), 120_000)).toBe(false);
  });

  it("is not of a pod whose preStop still holds it", () => {
    expect(isOf(waiting(10), 104_000)).toBe(false);
    expect(isOf(waiting(10), 110_500)).toBe(true);
  });

  it("fails with a container that ended then, and not with restarts whose times are forgotten", () => {
    expect(isByEnd(1, 100_500)).toBe(true);
    expect(isByEnd(1, 90_000)).toBe(false);
    expect(isByEnd(5, 90_000)).toBe(false);
  });
});

describe("HAProxy's own checks", () => {
  it("tell the reason, once for a server that two streams name", () => {
    expect(checksOf(down, { ...down, line: down.line.replace(/^.* : /, "") })).toMatchObject({
      reason: 'Layer6 invalid response, info: "SSL handshake failure"',
      servers: ["shop_cart_8080/srv001"],
    });
  });

  it.each([
    ["of another Service", { ...down, about: "shop/orders" }],
    [
      "for another reason",
      said("server-down", 10_000, "DOWN, reason: Layer4 timeout, check duration: 2001ms."),
    ],
    ["without a check", said("server-down", 10_000, "going DOWN for maintenance. 0 active servers left.")],
  ])("do not speak %s", (_, signal) => {
    expect(checksOf(signal)).toBeUndefined();
  });

  it("explain requests without a server until one is up", () => {
    expect([5000, 15_000, 25_000].map(isUnservedByCheck)).toEqual([false, true, false]);
  });

  it("show that a port has no TLS, where the gateway is set to speak it", () => {
    expect(atProtocol("HTTPS").state).toBe("supported");
    expect(atProtocol("HTTP").state).toBe("refuted");
  });
});

describe("pods that HAProxy's checks took out", () => {
  it("are told with the reason, and why they fail is left to others", () => {
    const judgement = outlierEjectionOrPassiveHealth.weigh({
      route,
      traffic: traffic({ failures: [unserved(15_000)] }),
      pods: [],
      gatewayLog: present([down]),
      patterns: none,
    } as never);
    expect(judgement).toMatchObject({ state: "undecided", why: expect.stringContaining("Layer6 invalid") });
  });
});

describe("a response that HAProxy refused", () => {
  it("may be too large or invalid: nobody knows", () => {
    const ph = request({
      status: 502,
      failure: "bad-response",
      originReason: "PH--",
      gatewayPod: "in/haproxy-a",
    });
    const facts = { route, traffic: traffic({ failures: [ph] }), settings: none, patterns: none } as never;
    for (const cause of [responseHeaderTooLarge, invalidResponseHeader])
      expect(cause.weigh(facts)).toMatchObject({
        state: "undecided",
        lookAt: expect.stringContaining("show errors"),
      });
  });
});

describe("an answer that HAProxy is told to give", () => {
  const answered = unserved(5000, { failure: "config-answer" });

  it.each([
    "http-request return status 503",
    "http-request deny deny_status 503",
    "http-request deny status 503",
    'acl office src 10.0.0.0/8\n  http-request return content-type text/plain status 503 string "soon"',
  ])("is found in: %s", (text) => {
    const judgement = atSnippet(text, [answered]);
    expect(judgement.state).toBe("supported");
    expect(judgement).toMatchObject({ explains: expect.any(Function) });
  });

  it.each([
    "http-request return status 200",
    "http-request deny",
    "# http-request return status 503",
    "http-request set-header X-Status 503",
  ])("is not found in: %s", (text) => {
    expect(atSnippet(text, [answered]).state).toBe("refuted");
  });

  it("under a condition counts when it was given", () => {
    const text = "http-request deny deny_status 503 unless { src 10.0.0.0/8 }";
    expect(atSnippet(text, [unserved(5000)]).state).toBe("undecided");
    expect(atSnippet(text, [answered]).state).toBe("supported");
  });
});
