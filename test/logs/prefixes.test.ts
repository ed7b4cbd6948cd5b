import { describe, expect, test } from "vitest";
import { scanGatewayLogs, trafficFor } from "../../src/logs/scan-gateway.ts";
import {
  accessLine,
  collectedMs,
  errorLine,
  failedLine,
  gatewayStream,
  onlyRequest,
  scanText,
} from "./log-text.ts";

const refused = "connect() failed (111: Connection refused) while connecting to upstream";
const klog =
  'W1120 14:47:01.123456       7 controller.go:1225] Service "shop/web" does not have any active Endpoint.';
const plain = [errorLine(refused), failedLine(502), klog, accessLine({ request: "GET /ok HTTP/1.1" })];
const stamp = "2026-11-20T14:47:01.250000000Z";

const json = (log: string, stream = "stdout"): string => JSON.stringify({ log, stream, time: stamp });

describe("prefixes that collectors put before a line", () => {
  test.each<[string, string[]]>([
    ["none", plain],
    ["kubectl logs --timestamps", plain.map((line) => `${stamp} ${line}`)],
    ["CRI", plain.map((line) => `${stamp} stdout F ${line}`)],
    [
      "CRI with an offset and further tags",
      plain.map((line) => `2026-11-20T15:47:01.250000000+01:00 stderr F:x ${line}`),
    ],
    ["docker json-file", plain.map((line) => json(`${line}\n`))],
    ["kubectl logs --prefix", plain.map((line) => `[pod/controller-1/controller] ${line}`)],
    [
      "kubectl logs --prefix --timestamps",
      plain.map((line) => `[pod/controller-1/controller] ${stamp} ${line}`),
    ],
  ])("%s", (_, lines) => {
    for (const end of ["\n", "\r\n"]) {
      const scan = scanText(lines.join(end));
      expect(scan.lines).toEqual({ total: 4, access: 2, error: 1, other: 1, unrecognised: 0, repeated: 0 });
      expect(onlyRequest(scan)).toMatchObject({ failure: "connect-refused", path: "/api/orders" });
      expect(scan.signalCounts).toEqual({ "no-active-endpoint": 1 });
    }
  });

  test.each([
    ["controller-1", "ingress-nginx/controller-1"],
    ["ingress-nginx/controller-1", "ingress-nginx/controller-1"],
    ["controller-2", "controller-2"],
    ["1", "1"],
  ])("the pod %s that one names is %s in the log of ingress-nginx/controller-1", (named, pod) => {
    expect(onlyRequest(scanText(`[pod/${named}/controller] ${failedLine(502)}`)).gatewayPod).toBe(pod);
  });

  test("their milliseconds refine the end of a request, within its second", () => {
    expect(onlyRequest(scanText(`${stamp} stdout F ${failedLine(502)}`)).endMs).toBe(
      Date.parse("2026-11-20T14:47:01.250Z"),
    );
    expect(onlyRequest(scanText(`2026-11-20T14:49:00Z stdout F ${failedLine(502)}`)).endMs).toBe(
      Date.parse("2026-11-20T14:47:01Z"),
    );
  });

  test("lines that CRI split in parts are put together, each stream by itself", () => {
    const access = failedLine(502);
    const error = errorLine(refused);
    const parts = [
      `${stamp} stdout P ${access.slice(0, 40)}`,
      `${stamp} stderr P ${error.slice(0, 30)}`,
      `${stamp} stdout P ${access.slice(40, 90)}`,
      `${stamp} stderr F ${error.slice(30)}`,
      `${stamp} stdout F ${access.slice(90)}`,
    ];
    expect(onlyRequest(scanText(parts.join("\n"))).failure).toBe("connect-refused");
  });

  test("a line whose last part is missing is read as far as it goes, after an unfinished last line", () => {
    const parts = [`${stamp} stdout P ${failedLine(502)}`, `${stamp} stderr F ${errorLine(refused)}`];
    expect(onlyRequest(scanText(parts.join("\n"))).failure).toBe("connect-refused");
  });

  test("lines that docker split in parts are put together", () => {
    const access = failedLine(502);
    const lines = [
      json(access.slice(0, 40)),
      json(`${errorLine(refused)}\n`, "stderr"),
      json(`${access.slice(40)}\n`),
    ];
    expect(onlyRequest(scanText(lines.join("\n"))).failure).toBe("connect-refused");
  });

  test("a declared format that begins with an ISO time keeps it", () => {
    const formats = {
      "ingress-nginx/controller-1":
        '$time_iso8601 $remote_addr "$request" $status $request_time $upstream_addr $upstream_status',
    };
    const line = '2026-11-20T14:47:01+00:00 203.0.113.9 "GET /x HTTP/1.1" 502 0.001 10.0.0.1:80 502';
    for (const text of [line, `${stamp} stdout F ${line}`, `${stamp} ${line}`]) {
      expect(onlyRequest(scanText(text, formats)).attempts[0]?.address).toBe("10.0.0.1:80");
    }
  });
});

const scanTwo = (first: string[], second: string[], pod: string | undefined) => {
  const { pod: _pod, ...file } = gatewayStream(second.join("\n"), { name: "again" });
  return scanGatewayLogs([gatewayStream(first.join("\n")), pod === undefined ? file : { ...file, pod }], {
    nowMs: collectedMs,
  });
};

describe("lines captured twice", () => {
  const lines = [errorLine(refused), failedLine(502), accessLine(), accessLine(), klog];

  test("count once when they are of one pod", () => {
    const scan = scanTwo(lines, [...lines.slice(1), accessLine({ requestId: "new" })], "controller-1");
    expect(scan.lines).toMatchObject({ total: 6, access: 4, error: 1, other: 1, repeated: 4 });
    expect(scan.totals).toMatchObject({ requests: 4, failed: 1 });
  });

  test("also when only one capture has timestamps", () => {
    expect(
      scanTwo(
        lines,
        lines.map((line) => `${stamp} ${line}`),
        "controller-1",
      ).lines.repeated,
    ).toBe(lines.length);
  });

  test("count twice when they are of two pods or of files", () => {
    expect(scanTwo(lines, lines, "controller-2").totals.requests).toBe(6);
    expect(scanTwo(lines, lines, undefined).totals.requests).toBe(6);
  });

  test("two equal lines of one stream are two requests", () => {
    expect(
      scanTwo([accessLine(), accessLine()], [accessLine(), accessLine(), accessLine()], "controller-1").totals
        .requests,
    ).toBe(3);
  });
});

const path = (i: number): string =>
  `GET /p${String.fromCharCode(97 + (i % 26))}${"x".repeat(i % 5)}/${toWord(i)} HTTP/1.1`;
const toWord = (i: number): string => i.toString().replace(/\d/g, (d) => "abcdefghij".charAt(Number(d)));

describe("limits", () => {
  test("kept requests are a regular sample, counts are of all", () => {
    const lines = Array.from({ length: 1000 }, (_, i) =>
      failedLine(502, {
        time: `20/Nov/2026:14:${String(Math.floor(i / 60)).padStart(2, "0")}:${String(i % 60).padStart(2, "0")} +0000`,
      }),
    );
    const few = Array.from({ length: 3 }, () => failedLine(502, { upstream: "shop-web-80" }));
    const scan = scanGatewayLogs([gatewayStream([...lines, ...few].join("\n"))], {
      nowMs: collectedMs,
      maxKept: 100,
    });
    const orders = trafficFor(scan, (key) => key.upstreamName === "shop-orders-80");
    expect(orders.requests).toBe(1000);
    expect(orders.addresses.get("10.42.3.17:8080")?.failed).toBe(1000);
    expect(orders.cut).toContain("one of every 11");
    expect(orders.failures.length).toBe(91);
    expect(orders.failures.at(-1)?.startMs).toBeGreaterThan(Date.parse("2026-11-20T14:16:00Z"));
    const web = trafficFor(scan, (key) => key.upstreamName === "shop-web-80");
    expect(web.failures).toHaveLength(3);
    expect(web.cut).toBeUndefined();
  });

  test("more path templates than are kept apart are folded, and that is said", () => {
    const lines = Array.from({ length: 6000 }, (_, i) => accessLine({ request: path(i) }));
    const traffic = trafficFor(scanText(lines.join("\n")), () => true);
    expect(traffic.requests).toBe(6000);
    expect(traffic.paths.reduce((sum, entry) => sum + entry.requests, 0)).toBe(6000);
    expect(traffic.paths.length).toBeLessThanOrEqual(4001);
    expect(traffic.cut).toContain("path templates");
  });

  test("a line of many megabytes costs no more than its first part", () => {
    const long = `203.0.113.9 - - [20/Nov/2026:14:47:01 +0000] "GET /${"a".repeat(30_000_000)}`;
    const scan = scanText(`${accessLine()}\n${long}\n${failedLine(502)}`);
    expect(scan.totals).toMatchObject({ requests: 2, failed: 1 });
    expect(scan.losses).toEqual(["1 line longer than 128 KiB was read up to that length"]);
  });
});
