import { describe, expect, test } from "vitest";
import { klogSignal, readKlog } from "../../src/logs/formats/klog.ts";
import { collectedMs, scanText } from "./log-text.ts";

const signalOf = (text: string) => {
  const line = readKlog(`W1120 14:47:01.123456       7 controller.go:1225] ${text}`, collectedMs);
  return line === undefined ? undefined : klogSignal(line);
};

describe("controller lines", () => {
  test("have a level, a source and a time whose year is the collection's", () => {
    expect(readKlog("E1120 14:47:01.123456       7 controller.go:226] text", collectedMs)).toEqual({
      timeMs: Date.parse("2026-11-20T14:47:01.123Z"),
      level: "E",
      source: "controller.go:226",
      text: "text",
    });
  });

  test("a December line read in January is last year's", () => {
    const now = Date.parse("2027-01-02T00:00:00Z");
    expect(readKlog("I1231 23:59:59.000001 7 a.go:1] x", now)?.timeMs).toBe(
      Date.parse("2026-12-31T23:59:59Z"),
    );
    expect(readKlog("I0102 00:00:05.000000 7 a.go:1] x", now)?.timeMs).toBe(
      Date.parse("2027-01-02T00:00:05Z"),
    );
  });

  test.each([
    [
      'Service "shop/web" does not have any active Endpoint.',
      { kind: "no-active-endpoint", about: "shop/web" },
    ],
    [
      'Service "shop/db" does not have any active Endpoint for TCP port 5432',
      { kind: "no-active-endpoint", about: "shop/db" },
    ],
    [
      'Error obtaining Endpoints for Service "shop/web": no object matching key "shop/web" in local store',
      { kind: "service-not-found", about: "shop/web" },
    ],
    [
      'Error obtaining Service "shop/web": no object matching key "shop/web" in local store',
      { kind: "service-not-found", about: "shop/web" },
    ],
    [
      'Service "shop/ext" of type ExternalName not allowed due to Ingress configuration.',
      { kind: "external-name-refused", about: "shop/ext" },
    ],
    [
      'Invalid attempt to use localhost name localhost in "shop/ext"',
      { kind: "external-name-refused", about: "shop/ext" },
    ],
    [
      "Invalid DNS name bad_name: [a DNS-1123 subdomain must…]",
      { kind: "name-not-resolved", about: "bad_name" },
    ],
    ['"Backend successfully reloaded"', { kind: "reload" }],
    ["Unexpected failure reloading the backend:", { kind: "reload-failed" }],
    [
      'Dynamic reconfiguration failed (retrying; 14 retries left): Post "http://127.0.0.1:10246/…"',
      { kind: "reconfigure-failed" },
    ],
    ["Unexpected failure reconfiguring NGINX:", { kind: "reconfigure-failed" }],
    [
      '"Ignoring ingress because of error while validating ingress class" ingress="shop/web" error="no object matching key"',
      { kind: "ingress-ignored", about: "shop/web" },
    ],
    [
      "ignoring ingress web in shop based on annotation : ingress does not contain a valid IngressClass",
      { kind: "ingress-ignored", about: "shop/web" },
    ],
    [
      "No permissions to list and get Ingress Classes: forbidden, IngressClass feature will be disabled",
      { kind: "watch-forbidden" },
    ],
    [
      'failed to list *v1.EndpointSlice: endpointslices.discovery.k8s.io is forbidden: User "x" cannot list',
      { kind: "watch-forbidden", about: "EndpointSlice" },
    ],
    [
      'Failed to watch *v1.Secret: failed to list *v1.Secret: Get "https://10.96.0.1:443/api": dial tcp: i/o timeout',
      { kind: "watch-failed", about: "Secret" },
    ],
    ['"Received SIGTERM, shutting down"', { kind: "shutdown" }],
    ['"Starting NGINX process"', { kind: "started" }],
    [
      'Error getting SSL certificate "shop/tls": local SSL certificate shop/tls was not found. Using default certificate',
      { kind: "certificate-problem", about: "shop/tls" },
    ],
    [
      'SSL certificate for server "shop.example" expired (2026-01-01)',
      { kind: "certificate-problem", about: "shop.example" },
    ],
    [
      '"error reading Ingress annotation" err="x" name="Auth" ingress="shop/web"',
      { kind: "annotation-problem", about: "shop/web" },
    ],
    [
      "Waited for 1.2s due to client-side throttling, not priority and fairness, request: GET:https://10.96.0.1",
      { kind: "throttled" },
    ],
    [
      `Event(v1.ObjectReference{Kind:"Ingress", Namespace:"shop", Name:"web", UID:"…", APIVersion:"networking.k8s.io/v1"}): type: 'Warning' reason: 'AnnotationParsingFailed' Error parsing annotations: x`,
      { kind: "annotation-problem", about: "shop/web" },
    ],
    [
      `Event(v1.ObjectReference{Kind:"Pod", Namespace:"ingress-nginx", Name:"c-1"}): type: 'Warning' reason: 'RELOAD' Error reloading NGINX: exit status 1`,
      { kind: "reload-failed" },
    ],
    ["leaderelection lost", { kind: "leader-lost" }],
  ])("%s", (text, signal) => {
    expect(signalOf(text)).toEqual(signal);
  });

  test("an ordinary line is no signal", () => {
    expect(
      signalOf(
        `Event(v1.ObjectReference{Kind:"Pod", Namespace:"ingress-nginx", Name:"c-1"}): type: 'Normal' reason: 'RELOAD' NGINX reload triggered due to a change in configuration`,
      ),
    ).toBeUndefined();
    expect(signalOf('"successfully acquired lease" lock="ingress-nginx/leader"')).toBeUndefined();
  });
});

describe("signals of a scan", () => {
  test("are counted exactly while only the first and newest are kept", () => {
    const lines = Array.from({ length: 5000 }, (_, i) => {
      const second = String(i % 60).padStart(2, "0");
      const minute = String(Math.floor(i / 60) % 60).padStart(2, "0");
      return `W1120 ${13 + Math.floor(i / 3600)}:${minute}:${second}.000000       7 controller.go:1225] Service "shop/web" does not have any active Endpoint.`;
    });
    const scan = scanText(lines.join("\n"));
    expect(scan.signalCounts).toEqual({ "no-active-endpoint": 5000 });
    expect(scan.signals.length).toBeLessThan(100);
    expect(scan.signals[0]?.timeMs).toBe(Date.parse("2026-11-20T13:00:00Z"));
    expect(scan.signals.at(-1)?.timeMs).toBe(Date.parse("2026-11-20T14:23:19Z"));
    expect(scan.signals[0]).toMatchObject({ gatewayPod: "ingress-nginx/controller-1", about: "shop/web" });
  });
});
