import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { errorKind } from "../../../src/act/load/error-kind.ts";
import { newLoadTally } from "../../../src/act/load/load-tally.ts";
import { deadUrl, httpServer, loadOf, tcpServer } from "./servers.ts";

const counted = async (...args: Parameters<typeof loadOf>) => {
  const { ended, pace } = await loadOf(...args);
  const startMs = Math.min(...ended.map(({ sent }) => sent.dueMs));
  const tally = newLoadTally(startMs, args[1]?.restsMs ?? []);
  for (const { sent, restMs } of ended) tally.add(sent, restMs);
  return { ended, pace, counts: tally.counts() };
};

describe("what a load counts is what the server did", () => {
  test("of a known share of failures, exactly", async () => {
    const made: Record<number, number> = { 200: 0, 404: 0, 500: 0, 502: 0, 503: 0, 504: 0 };
    const url = await httpServer((_, response, index) => {
      const status = [502, 503, 200, 504, 200, 404, 500][index % 40] ?? 200;
      made[status] = (made[status] ?? 0) + 1;
      response.writeHead(status).end("x");
    });
    const { counts } = await counted(url, { perSecond: 400 });
    expect(counts.statuses).toEqual(made);
    expect(counts.requests).toBe(400);
    expect(counts.failed).toBe(40);
    expect(counts.failures.map(({ status }) => status).sort()).toEqual(
      [500, 502, 503, 504].flatMap((status) => Array.from({ length: 10 }, () => status)),
    );
  });

  test("each request has an id of its own, which the server gets, and the port it came from", async () => {
    const seen = new Map<string, number | undefined>();
    const url = await httpServer((request, response) => {
      seen.set(String(request.headers["x-request-id"]), request.socket.remotePort);
      response.end();
    });
    const { ended } = await counted(url);
    expect(ended).toHaveLength(200);
    expect(new Map(ended.map(({ sent }) => [sent.id, sent.localPort]))).toEqual(seen);
    expect([...seen.keys()].every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });

  const request = "data";
  test.each([
    ["reset", (socket) => socket.once(request, () => socket.resetAndDestroy())],
    ["closed", (socket) => socket.once(request, () => socket.end())],
    [
      "cut",
      (socket) =>
        socket.once(request, () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")),
    ],
    ["timeout", () => {}],
    ["other", (socket) => socket.once(request, () => socket.end("no HTTP at all\r\n\r\n"))],
  ] as const satisfies readonly (readonly [string, Parameters<typeof tcpServer>[0]])[])(
    "a connection that ends so: %s",
    async (kind, onSocket) => {
      const url = await tcpServer(onSocket);
      const { counts } = await counted(url, { perSecond: 20, forMs: 500, answerMs: 300 });
      expect(counts.errors).toEqual({ [kind]: 10 });
      expect([counts.failed, counts.unconnected]).toEqual([10, 0]);
    },
  );

  test("nobody there", async () => {
    const { counts } = await counted(await deadUrl(), { perSecond: 20, forMs: 500 });
    expect(counts.errors).toEqual({ refused: 10 });
    expect(counts.unconnected).toBe(10);
  });

  test("codes that no server here makes", () => {
    expect(["ENOTFOUND", "EAI_AGAIN", "CERT_HAS_EXPIRED", "EHOSTUNREACH", "EPIPE"].map(errorKind)).toEqual([
      "name",
      "name",
      "tls",
      "unreachable",
      "reset",
    ]);
  });
});

describe("the loop is open", () => {
  test("a server that stands still is asked all the same, and each request has waited since it was due", async () => {
    const held: (() => void)[] = [];
    let isStill = true;
    const url = await httpServer((_, response) => {
      if (isStill) held.push(() => response.end());
      else response.end();
    });
    const loading = counted(url, { perSecond: 100, forMs: 1000 });
    await sleep(600);
    isStill = false;
    const heldAtOnce = held.length;
    const releasedMs = performance.timeOrigin + performance.now();
    for (const release of held) release();
    const { ended } = await loading;
    expect(heldAtOnce).toBeGreaterThan(20);
    expect(ended).toHaveLength(100);
    const early = ended.map(({ sent }) => sent).filter(({ dueMs }) => dueMs < releasedMs - 50);
    expect(early.length).toBeGreaterThan(20);
    expect(early.filter(({ dueMs, endMs }) => endMs - dueMs < releasedMs - dueMs)).toEqual([]);
  });

  test("what has to wait for a place is late by that, as the client is", async () => {
    const url = await httpServer((_, response) => void setTimeout(() => response.end(), 100));
    const { ended, pace } = await counted(url, { perSecond: 40, forMs: 500, mostAtOnce: 1 });
    expect(ended).toHaveLength(20);
    expect(pace.mostUnderWay).toBe(1);
    expect(pace.heldBack).toBeGreaterThan(10);
    const slowest = Math.max(...ended.map(({ sent }) => sent.endMs - sent.dueMs));
    // 20 in a row take 2 s at least, the last of which was due after half a second.
    expect(slowest).toBeGreaterThan(1400);
  });

  test("patience begins when a request is due, also for one that never got a place", async () => {
    const url = await httpServer(() => {});
    const { counts, pace } = await counted(url, { perSecond: 20, forMs: 500, answerMs: 300, mostAtOnce: 1 });
    expect(counts.errors).toEqual({ timeout: 10 });
    expect(pace.seconds).toBeLessThan(5);
  });

  test("ended early, what is under way has the grace and is then in no count", async () => {
    const url = await httpServer((_, response, index) => (index < 5 ? response.end() : undefined));
    const { ended, pace } = await counted(url, { perSecond: 20, forMs: 60_000 }, AbortSignal.timeout(1000));
    expect(ended).toHaveLength(5);
    expect(pace.brokenOff).toBeGreaterThan(5);
    expect(pace.seconds).toBeLessThan(30);
  });
});

describe("connections that rest", () => {
  test("are used again after that time, and not before", async () => {
    const url = await httpServer((_, response) => response.end(), { keepAliveTimeout: 20_000 });
    const { ended, counts } = await counted(url, { perSecond: 1, forMs: 2000, restsMs: [500] });
    const rested = ended.filter(({ restMs }) => restMs === 500).map(({ sent }) => sent.idleMs);
    expect(rested.filter((ms) => ms === undefined)).toHaveLength(8);
    expect(rested.filter((ms) => ms !== undefined && ms < 470)).toEqual([]);
    expect(counts.rests).toEqual([{ restMs: 500, reused: rested.length - 8, failed: 0, reopened: 0 }]);
    expect(rested.length).toBeGreaterThan(16);
  });

  test("are more for a longer time, as those of shorter ones keep the first ones of a gateway busy", async () => {
    const url = await httpServer((_, response) => response.end(), { keepAliveTimeout: 20_000 });
    const { ended } = await counted(url, { perSecond: 1, forMs: 300, restsMs: [600, 60_000, 1000] });
    const opened = Object.groupBy(ended, ({ restMs = 0 }) => String(restMs));
    expect(Object.entries(opened).map(([restMs, all = []]) => [restMs, all.length])).toEqual([
      ["0", 1],
      ["600", 8],
      ["1000", 16],
      ["60000", 24],
    ]);
  });

  test("and are opened anew when the server closed them first", async () => {
    const url = await tcpServer((socket) =>
      socket.on("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        setTimeout(() => socket.end(), 50);
      }),
    );
    const { counts } = await counted(url, { perSecond: 1, forMs: 1000, restsMs: [700] });
    expect(counts.rests).toEqual([{ restMs: 700, reused: 0, failed: 0, reopened: 8 }]);
    expect(counts.failed).toBe(0);
  });

  test("show the race with a server that closes as it is asked again", async () => {
    const url = await tcpServer((socket) => {
      let asked = 0;
      socket.on("data", () => {
        asked++;
        if (asked === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        else socket.resetAndDestroy();
      });
    });
    const { counts, ended } = await counted(url, { perSecond: 0.1, forMs: 1000, restsMs: [400] });
    expect(counts.rests[0]).toMatchObject({ restMs: 400, failed: 8, reused: 8 });
    const broken = ended.filter(({ sent }) => sent.error !== undefined);
    expect(broken.every(({ sent }) => (sent.idleMs ?? 0) > 370 && sent.error === "ECONNRESET")).toBe(true);
  });
});
