import { describe, expect, test } from "vitest";
import { nginxLogFormat } from "../../src/logs/formats/nginx-log-format.ts";
import { onlyRequest, scanText } from "./log-text.ts";

const formatOf = (logFormat: string) => {
  const format = nginxLogFormat(logFormat);
  if (format === undefined) throw new Error("no reader for this format");
  return format;
};

const withTimes =
  '$remote_addr "$request" $status $body_bytes_sent $request_time [$time_iso8601] [$proxy_upstream_name] $upstream_addr $upstream_connect_time $upstream_header_time $upstream_response_time $upstream_status $upstream_response_length "$http_user_agent" $req_id';

describe("a reader made from a log_format", () => {
  test("maps values by variable, wherever they stand", () => {
    const fields = formatOf(withTimes).read(
      '203.0.113.9 "GET /x HTTP/1.1" 504 160 10.004 [2026-11-20T14:47:01+00:00] [shop-orders-80] 10.0.0.1:80, 10.0.0.2:80 -, 0.001 -, - 5.000, 5.003 504, 504 0, 0 "curl \\x22x\\x22" abc def',
    );
    expect(fields).toMatchObject({
      endMs: Date.parse("2026-11-20T14:47:01Z"),
      durationMs: 10_004,
      status: 504,
      upstreamName: "shop-orders-80",
      userAgent: 'curl "x"',
      requestId: "abc def",
      attempts: [
        { address: "10.0.0.1:80", connectMs: null, headerMs: null, status: 504 },
        { address: "10.0.0.2:80", connectMs: 1, headerMs: null, status: 504 },
      ],
    });
  });

  test("reads a JSON template, unquoted numbers and lists included", () => {
    const template =
      '{"ts":"$msec","host":"$host","m":"$request_method","u":"$request_uri","s":$status,"t":$request_time,"ua":"$upstream_addr","us": $upstream_status, "agent":"$http_user_agent","ns":"$namespace","svc":"$service_name","port":"$service_port"}';
    const line =
      '{"ts":"1795186021.123","host":"shop.example","m":"GET","u":"/a?b=\\"c\\"","s":502,"t":0.003,"ua":"10.0.0.1:80, 10.0.0.2:80","us": 502, 502, "agent":"x\\", \\"s\\":200","ns":"shop","svc":"orders","port":"80"}';
    expect(formatOf(template).read(line)).toMatchObject({
      endMs: 1_795_186_021_123,
      exact: true,
      host: "shop.example",
      path: '/a?b="c"',
      status: 502,
      upstreamName: "shop-orders-80",
      userAgent: 'x", "s":200',
      attempts: [{ status: 502 }, { status: 502, address: "10.0.0.2:80" }],
    });
  });

  test("reads the directive as it stands in an nginx.conf", () => {
    const format = formatOf(
      `log_format main escape=json '$remote_addr - [$time_local] "$request" '\n  '$status $request_time';`,
    );
    expect(format.read('10.0.0.1 - [20/Nov/2026:14:47:01 +0000] "GET / HTTP/1.1" 200 0.500')).toMatchObject({
      status: 200,
      durationMs: 500,
    });
  });

  test("splits a host from the path that follows it without a space", () => {
    const format = formatOf("[$time_local] $scheme://$host$request_uri $status");
    expect(format.read("[20/Nov/2026:14:47:01 +0000] https://shop.example/cart?x=1 503")).toMatchObject({
      host: "shop.example",
      path: "/cart?x=1",
      status: 503,
    });
  });

  test("needs a status and a time", () => {
    expect(nginxLogFormat("$remote_addr $request")).toBeUndefined();
    expect(nginxLogFormat("$remote_addr $status")).toBeUndefined();
    expect(nginxLogFormat("")).toBeUndefined();
  });

  test("refuses lines of another shape", () => {
    for (const line of ["", "x", '203.0.113.9 "GET /x HTTP/1.1" 504', '{"a":1}'])
      expect(formatOf(withTimes).read(line)).toBeUndefined();
  });
});

const timedLine = (status: number, connect: string, header: string, duration: string, length = "0"): string =>
  `203.0.113.9 "GET /x HTTP/1.1" ${status} 150 ${duration} [2026-11-20T14:47:01+00:00] [shop-orders-80] 10.0.0.1:80 ${connect} ${header} ${duration} ${status} ${length} "curl" abc`;
const classOf = (text: string) => onlyRequest(scanText(text, { "*": withTimes })).failure;

describe("in a scan", () => {
  test("connect and header times tell the stage where no error log does", () => {
    expect(classOf(timedLine(502, "-", "-", "0.000"))).toBe("connect-refused");
    expect(classOf(timedLine(502, "-", "-", "3.070"))).toBe("unreachable");
    expect(classOf(timedLine(502, "0.001", "-", "0.002"))).toBe("closed-before-header");
    expect(classOf(timedLine(502, "0.001", "0.002", "0.002", "9"))).toBe("app-status");
    expect(classOf(timedLine(504, "-", "-", "7.000"))).toBe("connect-timeout");
    expect(classOf(timedLine(504, "0.001", "-", "7.000"))).toBe("response-timeout");
  });

  test("JSON of an unknown template is read by its key names", () => {
    const line =
      '{"ts":"2026-11-20T14:47:01+00:00","method":"GET","host":"shop.example","uri":"/api/orders","status":"502","request_time":"0.003","upstream_addr":"10.42.3.17:8080, 10.42.3.17:8080","upstream_status":"502, 502","upstream_response_time":"0.001, 0.001","upstream_connect_time":"-, -","upstream_header_time":"-, -","namespace":"shop","service_name":"orders","service_port":"80","req_id":"5e0f"}';
    const scan = scanText(line);
    expect(scan.formats).toEqual({ "nginx-json": 1 });
    expect(onlyRequest(scan)).toMatchObject({
      host: "shop.example",
      upstreamName: "shop-orders-80",
      failure: "connect-refused",
      durationMs: 3,
    });
    expect(onlyRequest(scan).attempts).toHaveLength(2);
  });

  test("JSON that is broken by unquoted lists is read too", () => {
    const line =
      '{"time":"2026-11-20T14:47:01+00:00","request_method":"GET","uri":"/x","status": 502,"upstream_addr": 10.0.0.1:80, 10.0.0.2:80,"upstream_status": 502, 502, "upstream_response_time": -, 0.001}';
    expect(onlyRequest(scanText(line)).attempts.map((a) => [a.address, a.status])).toEqual([
      ["10.0.0.1:80", 502],
      ["10.0.0.2:80", 502],
    ]);
  });

  test("JSON logs that are no access lines are not counted as requests", () => {
    const scan = scanText('{"level":"info","ts":"2026-11-20T14:47:01Z","msg":"status","status":"ok"}\n{"a":');
    expect(scan.lines).toMatchObject({ access: 0, unrecognised: 2 });
  });

  test("older default formats of ingress-nginx count as ingress-nginx", () => {
    const twice =
      '10.0.0.9 - [10.0.0.9] - - [20/Nov/2026:14:47:01 +0000] "GET / HTTP/1.1" 502 150 "-" "curl" 80 0.001 [shop-orders-80] [] 10.0.0.1:80 0 0.001 502 abc';
    const before = twice.replace("[] ", "");
    const scan = scanText(`${twice}\n${before}`);
    expect(scan.formats).toEqual({ "ingress-nginx": 2 });
    expect(scan.kept.map((entry) => entry.request.attempts[0]?.address)).toEqual([
      "10.0.0.1:80",
      "10.0.0.1:80",
    ]);
  });
});
