import { expect, test } from "vitest";
import { catalogue } from "../../src/causes/catalogue.ts";
import { scanGatewayLogs } from "../../src/logs/scan-gateway.ts";
import { logsReport } from "../../src/verdict/logs-report.ts";

/** 400 requests, of which the application answers every fourth with 503. */
const lines = Array.from({ length: 400 }, (_, i) => {
  const status = i % 4 === 0 ? 503 : 200;
  const second = String(i % 60).padStart(2, "0");
  const minute = String(10 + Math.floor(i / 60)).padStart(2, "0");
  return `203.0.113.9 - - [20/Nov/2026:14:${minute}:${second} +0000] "GET /cart HTTP/1.1" ${status} 73 "-" "curl/8" 88 0.004 [shop-cart-80] [] 10.42.3.17:8080 73 0.004 ${status} ${String(i).padStart(32, "0")}`;
});

test.each([10, 1000])("with %d of 100 failures kept, all are counted and explained", (maxKept) => {
  const stream = {
    name: "access.log",
    role: "access-log" as const,
    bytes: Buffer.from(`${lines.join("\n")}\n`),
  };
  const scan = scanGatewayLogs([stream], { nowMs: Date.UTC(2026, 10, 21), maxKept });
  const report = logsReport(scan, { files: ["access.log"], askedAt: "2026-11-21T00:00:00.000Z" }, catalogue);
  expect(report.requests).toMatchObject({ total: 400, failed: 100, byOrigin: { application: 100 } });
  const [target] = report.targets;
  expect(target).toMatchObject({ status: "explained", symptom: { requests: 400, failed: 100 } });
  expect(target?.symptom.codes).toEqual({ "503": 100 });
  expect(target?.symptom.classes).toEqual({ "app-status": 100 });
  expect(report.findings.map((finding) => finding.cause)).toEqual(["app-emitted-5xx"]);
  expect(report.losses.length > 0).toBe(maxKept < 100);
});
