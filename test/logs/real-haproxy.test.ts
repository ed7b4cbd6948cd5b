import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogStream } from "../../src/evidence/evidence.ts";
import type { AttemptFields } from "../../src/logs/formats/access-line.ts";
import { haproxy } from "../../src/logs/formats/haproxy.ts";
import { readHaproxyEvent } from "../../src/logs/formats/haproxy-events.ts";
import { type GatewayScan, scanGatewayLogs } from "../../src/logs/scan-gateway.ts";
import { lacks } from "../support/programs.ts";
import { type Haproxy, startHaproxy, timersMs } from "./real/haproxy.ts";
import { haproxyBackends, haproxyCases } from "./real/haproxy-cases.ts";
import { send } from "./real/send.ts";
import { startUpstreams, type Upstreams } from "./real/upstreams.ts";

const isAbsent = lacks("what HAProxy really logs", ["haproxy", "-v"], ["openssl", "version"]);

const stream = (text: string): LogStream => ({
  name: "haproxy.log",
  role: "access-log",
  bytes: Buffer.from(text, "latin1"),
});

const agent = "User-Agent: Mozilla/5.0 {x} | y\r\n";

const unread = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => line !== "" && !haproxy.read(line) && readHaproxyEvent(line) === undefined);

const failuresIn = (text: string): number =>
  text
    .split("\n")
    .flatMap((line) => haproxy.read(line) ?? [])
    .filter(({ failure }) => failure !== undefined).length;

describe.skipIf(isAbsent)("what HAProxy really logs of broken upstreams", () => {
  let upstreams: Upstreams;
  let running: Haproxy;
  let log: ReturnType<Haproxy["log"]>;
  let scan: GatewayScan;
  let startedMs: number;

  beforeAll(async () => {
    upstreams = await startUpstreams();
    startedMs = Date.now();
    running = await startHaproxy(haproxyBackends, upstreams.port);
    await Promise.all([
      ...Object.entries(haproxyCases).map(([path, { sent }]) => send(running.port, `/${path}`, sent)),
      send(running.port, "/full/1"),
      send(running.port, "/full/2"),
      send(running.port, "/x", { method: "\u0016\u0003" }),
      send(running.port, `/closed/"quote"?a={b|c}`),
      send(running.port, `/closed/${"long".repeat(500)}`),
      send(running.capturePort, "/closed/captured", { headers: agent }),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    log = running.log();
    scan = scanGatewayLogs([stream(log.raw)], { nowMs: Date.now() });
  }, 60_000);

  afterAll(async () => {
    await running?.stop();
    await upstreams?.stop();
  });

  const requestOf = (path: string) => scan.kept.find(({ request }) => request.path === path);

  const times = (path: string): Partial<AttemptFields> =>
    haproxy.read(requestOf(path)?.request.line ?? "")?.attempts.at(-1) ?? {};

  test.each(Object.entries(haproxyCases))("%s", (path, wanted) => {
    const entry = requestOf(`/${path}`);
    const { request } = entry ?? {};
    expect({
      status: request?.status,
      state: / ([A-Za-z-]{2})-- \d/.exec(request?.line ?? "")?.[1],
      attempts: request?.attempts.map(
        ({ failure, status }) => failure ?? (status === undefined ? "left" : "fine"),
      ),
      failure: request?.failure,
      origin: request?.origin,
      left: entry?.outcome === "aborted" ? true : undefined,
    }).toEqual({
      status: wanted.status,
      state: wanted.state,
      attempts: wanted.attempts,
      failure: wanted.failure,
      origin: wanted.origin,
      left: wanted.left,
    });
    expect(request?.durationMs).toBeGreaterThanOrEqual(wanted.atLeastMs ?? 0);
  });

  test("one of two requests for one slot waits in the queue until its timeout", () => {
    const outcomes = ["/full/1", "/full/2"].map((path) => requestOf(path)?.request);
    expect(outcomes.map((request) => request?.failure).sort()).toEqual(["config-answer", "response-timeout"]);
    const queued = outcomes.find((request) => request?.failure === "config-answer");
    expect(queued).toMatchObject({ status: 503, attempts: [], origin: "gateway", originReason: "sQ--" });
    expect(queued?.durationMs).toBeGreaterThanOrEqual(timersMs.queue);
  });

  test("connect and header times are those of the stages that were reached", () => {
    expect(times("/refused")).toMatchObject({ address: "refused/srv001", connectMs: null, headerMs: null });
    expect(times("/hang").headerMs).toBeNull();
    expect(times("/hang").connectMs).toBeGreaterThanOrEqual(0);
    expect(times("/own503").headerMs).toBeGreaterThanOrEqual(0);
    expect(times("/retried")).toMatchObject({ address: "retried/srv002", status: 200 });
  });

  test("a request ends when its start and its time say, by the machine's own zone", () => {
    const zoneMs = new Date().getTimezoneOffset() * 60_000;
    for (const { request } of scan.kept) {
      expect(request.endMs + zoneMs).toBeGreaterThanOrEqual(startedMs);
      expect(request.endMs + zoneMs).toBeLessThanOrEqual(Date.now());
    }
  });

  test("garbage instead of a request, and quotes in one", () => {
    const bad = log.raw.split("\n").find((line) => line.includes("<BADREQ>"));
    expect(haproxy.read(bad ?? "")).toMatchObject({
      status: 400,
      method: "",
      path: "<BADREQ>",
      attempts: [],
    });
    expect(requestOf('/closed/"quote"?a={b|c}')).toMatchObject({ outcome: "failed" });
  });

  test("a line that HAProxy itself cut is read with what it has of the request", () => {
    const cut = log.raw.split("\n").find((line) => line.includes("/closed/longlong"));
    expect(cut?.endsWith('"')).toBe(false);
    expect(haproxy.read(cut ?? "")).toMatchObject({ status: 502, failure: "closed-before-header" });
    expect(haproxy.read(cut?.slice(0, 600) ?? "")).toBeUndefined();
  });

  test("captured headers shift no field", () => {
    expect(requestOf("/closed/captured")?.request).toMatchObject({
      host: "shop.example",
      userAgent: "Mozilla/5.0 {x} | y",
      failure: "closed-before-header",
    });
  });

  test("a server that fails its check and a backend without any are signals", () => {
    const found = log.raw.split("\n").flatMap((line) => readHaproxyEvent(line) ?? []);
    expect(found).toContainEqual({ kind: "server-down", about: "shop/orders" });
    expect(found).toContainEqual({ kind: "no-server", about: "shop/orders" });
  });

  test("every line is a request or an event, also as syslog carries it", () => {
    expect([log.raw, log.rfc3164, log.rfc5424].map(unread)).toEqual([[], [], []]);
    expect(failuresIn(log.rfc3164)).toBe(failuresIn(log.raw));
    expect(failuresIn(log.rfc5424)).toBe(failuresIn(log.raw));
    expect(failuresIn(log.raw)).toBeGreaterThan(Object.keys(haproxyCases).length - 5);
  });
});
