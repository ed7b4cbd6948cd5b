import { describe, expect, it } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import type { Observations } from "../../src/derive/observations.ts";
import type { Traffic } from "../../src/logs/traffic.ts";
import { parseTarget } from "../../src/target/target.ts";
import { evidenceOf, type EvidenceOptions } from "../support/evidence.ts";
import { ingress, ingressClass, nginxPod, service } from "./objects.ts";

const nginx = "nginx.ingress.kubernetes.io/";
const objects = [
  ingressClass("nginx"),
  nginxPod(),
  ingress({
    className: "nginx",
    rules: ["shop.example.com/cart Prefix cart:http", "shop.example.com/pay Prefix pay:8080"],
  }),
  service("cart", [{ name: "http", port: 80 }]),
  service("cart-api", [{ name: "http", port: 80 }]),
];

/** An access line of ingress-nginx in its default format. */
function accessLine(upstream: string, path: string, status: number, alternative = ""): string {
  return (
    `192.0.2.1 - - [01/Jan/2026:11:00:00 +0000] "GET ${path} HTTP/1.1" ${status} 150 "-" "curl/8" 80 0.002 ` +
    `[${upstream}] [${alternative}] 10.0.0.7:8080 150 0.002 ${status} 0123456789abcdef0123456789abcdef`
  );
}

const log = (...lines: string[]): EvidenceOptions => ({
  logs: [
    {
      namespace: "ingress-nginx",
      pod: "ingress-nginx-controller-0",
      container: "controller",
      text: `${lines.join("\n")}\n`,
    },
  ],
});

function facts(target: string, options: EvidenceOptions, extra: readonly object[] = []): Observations {
  const evidence = evidenceOf([...objects, ...extra], options);
  const [route] = resolveRoutes(evidence, parseTarget(target)).routes;
  if (route === undefined) throw new Error(`no route for ${target}`);
  return observe(evidence, route);
}

function trafficOf(target: string, options: EvidenceOptions, extra: readonly object[] = []): Traffic {
  const { traffic } = facts(target, options, extra);
  if (traffic.state !== "present") throw new Error(`traffic is ${JSON.stringify(traffic)}`);
  return traffic.value;
}

/** A JSON line that names no upstream. */
const jsonLine = (host: string, path: string): string =>
  JSON.stringify({
    time_iso8601: "2026-01-01T11:00:00+00:00",
    host,
    request_uri: path,
    request_method: "GET",
    status: "502",
    body_bytes_sent: "150",
    request_time: "0.002",
    remote_addr: "192.0.2.1",
    upstream_addr: "10.0.0.7:8080",
    upstream_status: "502",
    upstream_response_time: "0.002",
  });

describe("the traffic of a route", () => {
  const mixed = log(
    accessLine("shop-cart-http", "/cart", 200),
    accessLine("shop-cart-http", "/cart/1", 502),
    accessLine("shop-pay-8080", "/pay", 502),
    accessLine("shop-cart-api-http", "/cart", 502),
    accessLine("upstream-default-backend", "/x", 404),
  );

  it("is what the gateway logged under NAMESPACE-SERVICE-PORT, with the port as the rule writes it", () => {
    const cart = trafficOf("shop.example.com/cart", mixed);
    expect(cart.requests).toBe(2);
    expect(cart.failures.map((f) => f.path)).toEqual(["/cart/1"]);
    expect(trafficOf("shop.example.com/pay", mixed)).toMatchObject({ requests: 1, byStatus: { 502: 1 } });
  });

  it("of a Service that no rule names counts all of its ports", () => {
    expect(trafficOf("service/cart-api", mixed).requests).toBe(1);
  });

  it("leaves the whole gateway's numbers to compare with", () => {
    expect(facts("shop.example.com/cart", mixed).gatewayTraffic).toMatchObject({
      state: "present",
      value: { requests: 5, failed: 3 },
    });
  });

  it("may be none although the gateway's log was read", () => {
    const none = trafficOf("shop.example.com/pay", log(accessLine("shop-cart-http", "/cart", 200)));
    expect(none).toMatchObject({ requests: 0, failures: [] });
  });

  it("is told by host and path when the log names no upstream", () => {
    const lines = log(
      jsonLine("shop.example.com", "/cart/1?x=1"),
      jsonLine("shop.example.com:443", "/cart"),
      jsonLine("shop.example.com", "/pay"),
      jsonLine("other.example.com", "/cart"),
    );
    expect(trafficOf("shop.example.com/cart", lines).requests).toBe(2);
    expect(facts("service/cart-api", lines).traffic.state).toBe("unknown");
  });
});

describe("traffic that is not known", () => {
  const line = accessLine("shop-cart-http", "/cart", 502);
  const at = "shop.example.com/cart";

  it("has the reason why the log was not read", () => {
    const denied = { ...log(line).logs?.[0], reason: "cannot get pods/log" };
    const { text: _, ...noBytes } = denied;
    expect(facts(at, { logs: [noBytes] }).traffic).toEqual({
      state: "unknown",
      evidence: "gateway-log",
      reason: "cannot get pods/log",
    });
    const { traffic, gatewayTraffic, gatewayLog } = facts(at, {});
    expect([traffic.state, gatewayTraffic.state, gatewayLog.state]).toEqual([
      "unknown",
      "unknown",
      "unknown",
    ]);
  });

  it("is so when only another pod's log was read", () => {
    const app = { namespace: "shop", pod: "cart-0", container: "app", text: `${line}\n` };
    expect(facts(at, { logs: [app] }).traffic.state).toBe("unknown");
    const gone = { namespace: "ingress-nginx", pod: "ingress-nginx-controller-gone", text: `${line}\n` };
    expect(trafficOf(at, { logs: [gone] }).requests).toBe(1);
    const job = { namespace: "ingress-nginx", pod: "ingress-nginx-admission-create-x", text: `${line}\n` };
    expect(facts(at, { logs: [job] }).traffic.state).toBe("unknown");
  });

  it("is so when only another gateway's log was read", () => {
    const second = [
      ingressClass("inner", "k8s.io/inner-ingress-nginx"),
      nginxPod(["--controller-class=k8s.io/inner-ingress-nginx", "--ingress-class=inner"], "inner-0"),
    ];
    const ofSecond = {
      namespace: "ingress-nginx",
      pod: "inner-0",
      container: "controller",
      text: `${line}\n`,
    };
    expect(facts(at, { logs: [ofSecond] }, second).traffic).toMatchObject({
      state: "unknown",
      reason: "no log of the route's gateway (ingress-nginx/ingress-nginx-controller-0) was read",
    });
    expect(facts(at, { logs: [ofSecond, ...(log(line).logs ?? [])] }, second).traffic.state).toBe("present");
  });

  it("is so when no line is an access line, though the gateway's own words are there", () => {
    const own = log(
      `W0101 11:00:00.000000       7 controller.go:1163] Service "shop/cart" does not have any active Endpoint.`,
    );
    const { traffic, gatewayLog } = facts(at, own);
    expect(traffic.state).toBe("unknown");
    expect(gatewayLog).toMatchObject({
      state: "present",
      value: [{ kind: "no-active-endpoint", about: "shop/cart" }],
    });
    expect(facts(at, log(line)).gatewayLog.state).toBe("unknown");
  });

  it("takes log files as they are given", () => {
    expect(trafficOf(at, { logs: [{ role: "access-log", text: `${line}\n` }] }).requests).toBe(1);
  });

  it("of a canary is not read from its primary's numbers", () => {
    const canary = ingress({
      name: "next",
      className: "nginx",
      annotations: { [`${nginx}canary`]: "true", [`${nginx}canary-weight`]: "10" },
      rules: ["shop.example.com/cart Prefix next:80"],
    });
    const lines = log(line, accessLine("shop-cart-http", "/cart", 502, "shop-next-80"));
    const evidence = evidenceOf([...objects, canary], lines);
    const route = resolveRoutes(evidence, parseTarget(at)).routes.find((r) => r.role === "canary");
    if (route === undefined) throw new Error("no canary route");
    const primary = resolveRoutes(evidence, parseTarget(at)).routes.find((r) => r.role === "primary");
    const taken = [route, primary ?? route].map((r) => {
      const { traffic } = observe(evidence, r);
      return traffic.state === "present"
        ? traffic.value.failures.map((f) => f.alternativeUpstreamName)
        : traffic;
    });
    expect(taken).toEqual([["shop-next-80"], [undefined]]);
  });
});
