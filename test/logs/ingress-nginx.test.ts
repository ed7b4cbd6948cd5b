import { describe, expect, test } from "vitest";
import { newGlance } from "../../src/logs/formats/access-line.ts";
import { ingressNginx } from "../../src/logs/formats/ingress-nginx.ts";
import { accessLine, failedLine } from "./log-text.ts";

const read = (line: string) => {
  const fields = ingressNginx.read(line);
  if (fields === undefined) throw new Error(`not read: ${line}`);
  return fields;
};

describe("the default access line of ingress-nginx", () => {
  test("gives every field", () => {
    const fields = read(
      '2001:db8::9 - alice [20/Nov/2026:14:47:02 +0100] "GET /api/orders?x=1 HTTP/1.1" 200 1893 "https://shop.example/" "okhttp/4.12.0" 612 0.019 [shop-orders-80] [shop-orders-canary-80] 10.42.3.17:8080, [fd00::8]:8080 0, 1893 0.000, 0.018 502, 200 0d1c2b3a495867768594a3b2c1d0e0f1',
    );
    expect(fields).toEqual({
      endMs: Date.parse("2026-11-20T13:47:02Z"),
      exact: false,
      durationMs: 19,
      method: "GET",
      path: "/api/orders?x=1",
      request: "GET /api/orders?x=1 HTTP/1.1",
      status: 200,
      bodyBytes: 1893,
      requestBytes: 612,
      client: "2001:db8::9",
      userAgent: "okhttp/4.12.0",
      requestId: "0d1c2b3a495867768594a3b2c1d0e0f1",
      upstreamName: "shop-orders-80",
      alternativeUpstreamName: "shop-orders-canary-80",
      logsUpstream: true,
      attempts: [
        { address: "10.42.3.17:8080", group: 0, status: 502, durationMs: 0, responseBytes: 0 },
        { address: "[fd00::8]:8080", group: 0, status: 200, durationMs: 18, responseBytes: 1893 },
      ],
    });
  });

  test("without an upstream has no attempts", () => {
    expect(
      read(accessLine({ status: 503, address: "-", length: "-", times: "-", statuses: "-" })).attempts,
    ).toEqual([]);
  });

  test("keeps internal redirects apart from retries", () => {
    const { attempts } = read(
      accessLine({
        status: 502,
        address: "10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80",
        length: "0, 0 : 1422",
        times: "0.001, 0.002 : 0.003",
        statuses: "502, 502 : 200",
      }),
    );
    expect(attempts.map(({ address, group, status }) => [address, group, status])).toEqual([
      ["10.0.0.1:80", 0, 502],
      ["10.0.0.2:80", 0, 502],
      ["10.0.0.3:80", 1, 200],
    ]);
  });

  test("a trailing empty group is no attempt", () => {
    const { attempts } = read(
      accessLine({
        status: 502,
        address: "10.0.0.1:80, 10.0.0.2:80 : ",
        length: "0, 0 : ",
        times: "0.001, 0.002 : ",
        statuses: "502, 502 : ",
      }),
    );
    expect(attempts.map((attempt) => attempt.address)).toEqual(["10.0.0.1:80", "10.0.0.2:80"]);
  });

  test("an attempt that ended without a status has none", () => {
    expect(read(accessLine({ status: 499, statuses: "-" })).attempts).toEqual([
      { address: "10.42.3.17:8080", group: 0, durationMs: 4, responseBytes: 512 },
    ]);
  });

  test("status 009 is a status", () => {
    expect(read(accessLine({ status: "009", statuses: "200" })).status).toBe(9);
  });
});

describe("hostile values", () => {
  const imitation = String.raw`x\x22 502 150 \x22-\x22 \x22y\x22 1 0.000 [shop-pay-80] [] 10.9.9.9:80 0 0.000 502 abc`;

  test("a user agent that imitates a line changes nothing", () => {
    const fields = read(accessLine({ agent: imitation }));
    expect(fields).toMatchObject({ status: 200, upstreamName: "shop-orders-80" });
    expect(fields.attempts).toHaveLength(1);
    expect(fields.userAgent).toContain('x" 502 150 "-"');
  });

  test("nor does one with raw quotes (log-format-escape-none)", () => {
    const raw = imitation.replaceAll("\\x22", '"');
    expect(read(accessLine({ agent: raw }))).toMatchObject({
      status: 200,
      upstreamName: "shop-orders-80",
      client: "203.0.113.9",
    });
  });

  test("a request id cannot lengthen the list of statuses", () => {
    for (const requestId of [": 502 x", ", 502", "502, 502 : 502"]) {
      const fields = read(accessLine({ requestId }));
      expect(fields.attempts.map((attempt) => attempt.status)).toEqual([200]);
      expect(fields.requestId).toBe(requestId);
    }
  });

  test("a user name with brackets and spaces leaves the time alone", () => {
    const fields = read(accessLine({ user: "a [20/Nov/2020:00:00:00 +0000] b" }));
    expect(fields.endMs).toBe(Date.parse("2026-11-20T14:47:01Z"));
  });

  test("escaped bytes of the request are undone", () => {
    expect(read(accessLine({ request: String.raw`GET /caf\xC3\xA9\x22 HTTP/1.1` })).path).toBe('/café"');
  });

  test("garbage instead of a request is a path without a method", () => {
    expect(read(accessLine({ request: String.raw`\x16\x03\x01`, status: 400 }))).toMatchObject({
      method: "",
      path: "\u0016\u0003\u0001",
    });
    expect(read(accessLine({ request: "", status: 400 }))).toMatchObject({ method: "", path: "" });
  });
});

describe("a glance", () => {
  const glance = newGlance();

  test("takes a success of one attempt as plain and fills what counting needs", () => {
    expect(
      ingressNginx.glance?.(
        accessLine({ request: "POST /pay?x=1 HTTP/2.0", status: 201, statuses: "201" }),
        glance,
      ),
    ).toBe("plain");
    expect(glance).toMatchObject({
      endMs: Date.parse("2026-11-20T14:47:01Z"),
      durationMs: 5,
      status: 201,
      method: "POST",
      path: "/pay?x=1",
      client: "203.0.113.9",
      upstreamName: "shop-orders-80",
      address: "10.42.3.17:8080",
    });
  });

  test.each([
    [
      "a retry",
      accessLine({
        address: "10.0.0.1:80, 10.0.0.2:80",
        length: "0, 9",
        times: "0.001, 0.001",
        statuses: "502, 200",
      }),
    ],
    [
      "an error page",
      accessLine({
        address: "10.0.0.1:80 : 10.0.0.2:80",
        length: "0 : 9",
        times: "0.001 : 0.001",
        statuses: "502 : 200",
      }),
    ],
    ["a failed attempt behind a success", accessLine({ statuses: "502" })],
    ["a failure", failedLine(502)],
    ["an aborted request", accessLine({ status: 499, statuses: "-" })],
    ["status 009", accessLine({ status: "009" })],
  ])("wants %s read in full", (_, line) => {
    expect(ingressNginx.glance?.(line, glance)).toBe("look");
    expect(glance.upstreamName).toBe("shop-orders-80");
  });

  test.each([
    "",
    "x",
    '"',
    '203.0.113.9 - - [20/Nov/2026:14:47:01 +0000] "GET / HTTP/1.1" 200 5 "-" "curl"',
    "{}",
    accessLine().slice(0, 150),
  ])("does not know %j", (line) => {
    expect(ingressNginx.glance?.(line, glance)).toBe("other");
    expect(ingressNginx.read(line)).toBeUndefined();
  });
});
