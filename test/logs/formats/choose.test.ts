import { describe, expect, test } from "vitest";
import type { AccessFields, AccessFormat } from "../../../src/logs/formats/access-line.ts";
import { chooseFormat, formatNames } from "../../../src/logs/formats/choose.ts";
import { accessLine, scanText } from "../log-text.ts";
import { albLine } from "../samples/aws-alb.ts";
import { istio } from "../samples/envoy-json.ts";

function chosen(text: string): AccessFormat {
  const choice = chooseFormat(text);
  if (choice.kind !== "format") throw new Error(`${choice.kind}: ${JSON.stringify(choice)}`);
  return choice.format;
}

function problemOf(text: string): string {
  const choice = chooseFormat(text);
  return choice.kind === "problem" ? choice.problem : `no problem but ${choice.kind}`;
}

test.each(["auto", "", "  auto "])("%j leaves it to the lines", (text) => {
  expect(chooseFormat(text)).toEqual({ kind: "auto" });
});

describe("a name", () => {
  test("gives that format, JSON or not", () => {
    expect(chosen("aws-alb").read(albLine())?.status).toBe(200);
    expect(chosen("envoy-json").read(istio.success)?.status).toBe(200);
    expect(chosen("envoy-json").read(albLine())).toBeUndefined();
    expect(chosen("cloudflare").hop).toBe("cdn");
  });

  test("of a format with several shapes reads all of them", () => {
    const format = chosen("ingress-nginx");
    const old = accessLine().replace("[] ", "");
    expect([accessLine(), old].map((line) => format.read(line)?.upstreamName)).toEqual([
      "shop-orders-80",
      "shop-orders-80",
    ]);
  });

  test("every listed one can be chosen", () => {
    expect(formatNames()).toContain("aws-alb");
    expect(formatNames().map((name) => chooseFormat(name).kind)).toEqual(formatNames().map(() => "format"));
  });

  test("that is unknown comes with all known ones and the nearest", () => {
    expect(problemOf("envoy-jsn")).toMatch(/^"envoy-jsn" is no format, did you mean "envoy-json"\?/);
    expect(problemOf("AWS-ALB")).toContain('did you mean "aws-alb"?');
    expect(problemOf("cloud")).toContain('did you mean "cloudflare"?');
    for (const name of formatNames()) expect(problemOf("xyzzy")).toContain(name);
    expect(problemOf("xyzzy")).not.toContain("did you mean");
  });
});

describe("an nginx log_format", () => {
  test("is anything with a $", () => {
    const format = chosen("$msec $status $request_method $request_uri $upstream_addr");
    expect(format.read("1795186021.250 502 GET /x 10.0.0.1:80")).toMatchObject({
      status: 502,
      path: "/x",
      endMs: 1_795_186_021_250,
    });
  });

  test("without a status or a time cannot be counted", () => {
    expect(problemOf("$request $upstream_addr")).toContain("no $status");
  });
});

describe("a JSON field map", () => {
  const map =
    '{"status":"resp.code","time":"ts","request_method":"req.method","request_uri":"req.url.path","request_time_ms":"took","upstream_addr":"peer","upstream_status":"peer.status","remote_addr":"client"}';
  const entry = {
    ts: "2026-11-20T14:47:01.250Z",
    req: { method: "GET", url: { path: "/orders" } },
    resp: { code: 502 },
    took: 12.5,
    peer: "10.0.0.1:80, 10.0.0.2:80",
    "peer.status": ["502", 502],
    client: "203.0.113.9",
  };
  const read = (changes: Record<string, unknown> = {}): AccessFields | undefined =>
    chosen(map).read(JSON.stringify({ ...entry, ...changes }));

  test("finds nested keys, keys with dots, lists and units", () => {
    expect(read()).toEqual({
      endMs: Date.parse("2026-11-20T14:47:01.250Z"),
      exact: true,
      durationMs: 13,
      method: "GET",
      path: "/orders",
      request: "GET /orders",
      status: 502,
      bodyBytes: 0,
      client: "203.0.113.9",
      attempts: [
        { address: "10.0.0.1:80", group: 0, status: 502 },
        { address: "10.0.0.2:80", group: 0, status: 502 },
      ],
      logsUpstream: true,
    });
  });

  test.each<[string, unknown, number, boolean]>([
    ["ISO 8601 with a zone", "2026-11-20T15:47:01+01:00", 0, false],
    ["ISO 8601 to the nanosecond", "2026-11-20T14:47:01.250999999Z", 250, true],
    ["Unix seconds", 1_795_186_021, 0, false],
    ["Unix seconds in a string", "1795186021.250", 250, true],
    ["Unix milliseconds", 1_795_186_021_250, 250, true],
    ["Unix microseconds", 1_795_186_021_250_999, 250, true],
    ["Unix nanoseconds", 1_795_186_021_250_000_000, 250, true],
    ["Unix nanoseconds in a string", "1795186021250000000", 250, true],
    ["$time_local", "20/Nov/2026:14:47:01 +0000", 0, false],
  ])("reads a time as %s", (_, ts, fractionMs, exact) => {
    expect(read({ ts })).toMatchObject({ endMs: 1_795_186_021_000 + fractionMs, exact });
  });

  test("takes a status in a string, and 0", () => {
    expect(read({ resp: { code: "503" } })?.status).toBe(503);
    expect(read({ resp: { code: 0 } })?.status).toBe(0);
  });

  test("is not fooled by keys of every object", () => {
    expect(chosen('{"status":"constructor.name","time":"ts"}').read(JSON.stringify(entry))).toBeUndefined();
  });

  test("without a status or a time is no request", () => {
    expect(read({ resp: {} })).toBeUndefined();
    expect(read({ ts: null })).toBeUndefined();
    expect(chosen(map).read("not json")).toBeUndefined();
  });

  test("that cannot be used says why", () => {
    expect(problemOf('{"statsu":"code","time":"ts"}')).toContain('did you mean "status"?');
    expect(problemOf('{"time":"ts"}')).toContain('no "status"');
    expect(problemOf('{"status":"code"}')).toContain('no "time"');
    expect(problemOf('{"status":7,"time":"ts"}')).toContain("must name a key");
    expect(problemOf('{"status":')).toContain("not a JSON object");
  });

  test("serves a scan like any declared format", () => {
    const scan = scanText(JSON.stringify(entry), { "*": map });
    expect(scan.formats).toEqual({ "json-map": 1 });
    expect(scan.totals.failed).toBe(1);
  });
});
