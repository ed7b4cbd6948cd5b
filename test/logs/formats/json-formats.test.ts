import { afterEach, expect, test, vi } from "vitest";
import { jsonFormatList, jsonFormats } from "../../../src/logs/formats/json-formats.ts";
import { trafficFor } from "../../../src/logs/scan-gateway.ts";
import { scanText } from "../log-text.ts";
import { albLine } from "../samples/aws-alb.ts";
import { nlb } from "../samples/aws-nlb-tls.ts";
import { appGateway, frontDoor } from "../samples/azure.ts";
import { cf } from "../samples/cloudflare.ts";
import { istio } from "../samples/envoy-json.ts";
import { contour } from "../samples/envoy-text.ts";
import { gcp } from "../samples/gcp-lb.ts";

const nginx =
  '{"ts":"2026-11-20T14:47:01+00:00","method":"GET","uri":"/x","status":"502","upstream_addr":"10.0.0.1:80","upstream_status":"502","upstream_response_time":"0.001"}';

afterEach(() => vi.restoreAllMocks());

test("each JSON line names its own format", () => {
  const samples = [istio.success, gcp.success, cf.success, appGateway.success, frontDoor.success, nginx];
  expect(samples.map((line) => jsonFormats.read(line)?.format)).toEqual([
    "envoy-json",
    "gcp-lb",
    "cloudflare",
    "azure-appgw",
    "azure-front-door",
    "nginx-json",
  ]);
  expect(new Set(jsonFormatList.map((format) => format.name)).size).toBe(jsonFormatList.length);
});

test("a line is parsed once, whatever format it has", () => {
  const parse = vi.spyOn(JSON, "parse");
  for (const line of [istio.success, gcp.success, cf.success, appGateway.success, frontDoor.success, nginx]) {
    parse.mockClear();
    jsonFormats.read(line);
    expect(parse).toHaveBeenCalledTimes(1);
  }
});

test("a scan counts lines under their real formats, mixed as they come", () => {
  const failures = [istio.refused, contour.refused, gcp.timeout, cf.timeout, appGateway.noLive];
  const text = [...failures, albLine(), nlb.whole, nlb.failed, frontDoor.aborted, nginx, "{}", "no log"];
  const scan = scanText(text.join("\n"));
  expect(scan.formats).toEqual({
    "aws-alb": 1,
    "aws-nlb-tls": 2,
    "azure-appgw": 1,
    "azure-front-door": 1,
    cloudflare: 1,
    "envoy-json": 1,
    "envoy-text": 1,
    "gcp-lb": 1,
    "nginx-json": 1,
  });
  expect(scan.lines).toMatchObject({ total: 12, access: 8, other: 2, unrecognised: 2 });
  expect(scan.signals.map(({ kind, about }) => [kind, about])).toEqual([
    ["client-tls-failed", "shop.example"],
  ]);
  const traffic = trafficFor(scan, () => true);
  expect(traffic.outcomes?.failed).toBe(7);
  expect(traffic.byClass).toEqual({
    "closed-before-header": 1,
    "connect-refused": 2,
    "no-endpoint": 1,
    "response-timeout": 2,
    unclassified: 1,
  });
  expect(traffic.byOrigin).toEqual({ cdn: 1, gateway: 3, "load-balancer": 2 });
  // Three stations saw requests; those of the innermost are the ones that count.
  expect(scan.totals.failed).toBe(3);
});

test("what the line says of its failure reaches the request", () => {
  const [kept] = scanText(istio.refused).kept;
  expect(kept?.request).toMatchObject({
    failure: "connect-refused",
    origin: "gateway",
    originReason: "flag UF",
    startMs: Date.parse("2026-11-20T14:47:01.488Z"),
    endMs: Date.parse("2026-11-20T14:47:01.570Z"),
    attempts: [{ address: "10.42.3.17:8080", failure: "connect-refused" }],
  });
  expect(kept?.request).not.toHaveProperty("format");
  expect(scanText(cf.timeout).kept[0]?.request.hop).toBe("cdn");
});

test("a client that left is aborted, not failed", () => {
  for (const line of [istio.left, contour.left, gcp.left, cf.left, appGateway.left, frontDoor.left]) {
    expect(scanText(line).totals).toMatchObject({ requests: 1, failed: 0, aborted: 1 });
  }
});
