import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogStream } from "../../src/evidence/evidence.ts";
import { type GatewayScan, scanGatewayLogs } from "../../src/logs/scan-gateway.ts";
import { cases, httpBlock, pass, serverBlock } from "./real/cases.ts";
import { hasNginx, type Nginx, startNginx, timedFormat } from "./real/nginx.ts";
import { send } from "./real/send.ts";
import { startUpstreams, type Upstreams } from "./real/upstreams.ts";

if (!hasNginx) console.warn("nginx is not installed: what it really logs is not tested here");

const stream = (text: string, name: string, role: LogStream["role"]): LogStream => ({
  name,
  role,
  bytes: Buffer.from(text, "latin1"),
});

const requestOf = (from: GatewayScan, path: string) => {
  const wanted = Buffer.from(`/${path}`, "latin1").toString("utf8");
  return from.kept.find((entry) => entry.request.path === wanted)?.request;
};

const result = (from: GatewayScan, path: string) => {
  const request = requestOf(from, path);
  return {
    status: request?.status,
    attempts: request?.attempts.map(
      (attempt) => attempt.failure ?? (attempt.status === undefined ? "left" : "fine"),
    ),
    failure: request?.failure,
    origin: request?.origin,
  };
};

describe.skipIf(!hasNginx)("what nginx really logs of broken upstreams", () => {
  let upstreams: Upstreams;
  let nginx: Nginx;
  let scan: GatewayScan;
  let timedScan: GatewayScan;
  let combinedScan: GatewayScan;

  beforeAll(async () => {
    upstreams = await startUpstreams();
    nginx = await startNginx({ http: httpBlock(upstreams.port), server: serverBlock(upstreams.port) });
    await send(nginx.port, "/limited");
    await Promise.all(Object.entries(cases).map(([path, { sent }]) => send(nginx.port, `/${path}`, sent)));
    await Promise.all(Array.from({ length: 20 }, () => send(nginx.port, "/fine/17")));
    const nowMs = Date.now();
    const errors = stream(nginx.errorLog(), "error.log", "error-log");
    scan = scanGatewayLogs([stream(nginx.accessLog(), "access.log", "access-log"), errors], { nowMs });
    timedScan = scanGatewayLogs([stream(nginx.accessLog("timed.log"), "timed.log", "access-log")], {
      nowMs,
      formats: { "*": timedFormat },
    });
    combinedScan = scanGatewayLogs(
      [stream(nginx.accessLog("combined.log"), "combined.log", "access-log"), errors],
      { nowMs },
    );
  }, 60_000);

  afterAll(async () => {
    await nginx?.stop();
    await upstreams?.stop();
  });

  test.each(Object.entries(cases))("%s", (path, { status, attempts, failure, origin }) => {
    expect(result(scan, path)).toEqual({ status, attempts, failure, origin });
  });

  const undecidable = new Set(["cut", "stalled"]);
  const withFailure = Object.entries(cases).filter(
    ([path, wanted]) => wanted.failure !== undefined && !undecidable.has(path),
  );

  test.each(withFailure)(
    "%s, by connect and header times without an error log",
    (path, { failure, timed, origin }) => {
      expect(requestOf(timedScan, path)).toMatchObject({ failure: timed ?? failure, origin });
    },
  );

  test("every error line that names a failure finds its request", () => {
    expect(scan.unjoined).toEqual({ count: 0, byClass: {}, samples: [] });
    expect(scan.lines.unrecognised).toBe(0);
  });

  test("a failed auth request carries the words of both its lines", () => {
    expect(requestOf(scan, "authDown")?.message).toMatch(
      /^auth request unexpected status: 502.*; upstream prematurely closed/,
    );
  });

  test("successes are counted and not kept", () => {
    expect(scan.buckets.find((bucket) => bucket.template === "/fine/{id}")).toMatchObject({
      requests: 20,
      failed: 0,
    });
    expect(scan.totals.requests).toBe(Object.keys(cases).length + 21);
    expect(scan.kept).toHaveLength(Object.keys(cases).length);
  });

  test.each(["refused", "closed", "hang", "bothFail", "cut"])(
    "a combined log gets %s from the error log",
    (path) => {
      expect(requestOf(combinedScan, path)?.failure).toBe(cases[path]?.failure);
    },
  );
});

describe.skipIf(!hasNginx)("an nginx without free connections", () => {
  test("says so in signals, and its 500s are its own", async () => {
    const upstreams = await startUpstreams();
    const nginx = await startNginx({
      workerConnections: 8,
      server: `location / { proxy_read_timeout 3s; ${pass("hang")(upstreams.port)} }`,
    });
    await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        send(nginx.port, `/r${"abcdef".charAt(i)}`, { leaveAfterMs: 2500 }),
      ),
    );
    const scan = scanGatewayLogs(
      [
        stream(nginx.accessLog(), "access.log", "access-log"),
        stream(nginx.errorLog(), "error.log", "error-log"),
      ],
      { nowMs: Date.now() },
    );
    await nginx.stop();
    await upstreams.stop();
    expect(scan.signalCounts["worker-connections"]).toBeGreaterThan(0);
    const own = scan.kept.filter((entry) => entry.request.status === 500);
    expect(own.length).toBeGreaterThan(0);
    for (const { request } of own)
      expect(request).toMatchObject({ failure: "local-resource", origin: "gateway" });
  }, 30_000);
});
