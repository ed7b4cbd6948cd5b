import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mendJson } from "../../../src/logs/formats/mend-json.ts";
import { nginxLogFormat } from "../../../src/logs/formats/nginx-log-format.ts";
import { fieldsOf, jsonFields } from "./outcome.ts";

/** One request that was tried three times, under the keys in common use. */
const refused =
  '{"ts":"2026-11-20T14:47:01+00:00","method":"GET","host":"shop.example","uri":"/api/orders","status":"502","request_time":"0.003","upstream_addr":"10.42.3.17:8080, 10.42.3.17:8080, 10.42.3.17:8080","upstream_status":"502, 502, 502","upstream_response_time":"0.001, 0.001, 0.000","upstream_connect_time":"-, -, -","upstream_header_time":"-, -, -","namespace":"shop","ingress_name":"shop","service_name":"orders","service_port":"80","req_id":"5e0f3f0c8f5b4a2a9b1d2c3e4f506172"}';

const template =
  '{"ts":"$time_iso8601","method":"$request_method","host":"$host","uri":"$uri","status":"$status","request_time":"$request_time","upstream_addr":"$upstream_addr","upstream_status":"$upstream_status","upstream_response_time":"$upstream_response_time","upstream_connect_time":"$upstream_connect_time","upstream_header_time":"$upstream_header_time","namespace":"$namespace","ingress_name":"$ingress_name","service_name":"$service_name","service_port":"$service_port","req_id":"$req_id"}';

test("by its template and by the names of its keys a line says the same", () => {
  const format = nginxLogFormat(template);
  if (format === undefined) throw new Error("the template is not read");
  const expected = {
    endMs: Date.parse("2026-11-20T14:47:01Z"),
    durationMs: 3,
    method: "GET",
    host: "shop.example",
    path: "/api/orders",
    status: 502,
    upstreamName: "shop-orders-80",
    requestId: "5e0f3f0c8f5b4a2a9b1d2c3e4f506172",
    attempts: [1, 1, 0].map((durationMs) => ({
      address: "10.42.3.17:8080",
      group: 0,
      status: 502,
      durationMs,
      connectMs: null,
      headerMs: null,
    })),
  };
  expect(fieldsOf(format, refused)).toMatchObject(expected);
  expect(jsonFields(refused)).toMatchObject({ ...expected, format: "nginx-json" });
});

describe("the keys in common use", () => {
  const time = "2026-11-20T14:47:01+00:00";
  test.each<[string, Record<string, unknown>]>([
    [
      "@timestamp, client_ip, vhost, path, duration",
      {
        "@timestamp": time,
        client_ip: "203.0.113.9",
        vhost: "shop.example",
        method: "GET",
        path: "/x",
        duration: 0.25,
        status: 200,
        request_id: "7",
      },
    ],
    [
      "time, remote_addr, http_host, request_uri",
      {
        time,
        remote_addr: "203.0.113.9",
        http_host: "shop.example",
        method: "GET",
        request_uri: "/x",
        request_time: "0.250",
        status: "200",
        req_id: "7",
      },
    ],
    [
      "$msec in numbers",
      {
        ts: 1_795_186_021,
        remote_addr: "203.0.113.9",
        host: "shop.example",
        method: "GET",
        uri: "/x",
        request_time: 0.25,
        status: 200,
        req_id: "7",
      },
    ],
    [
      "a request in one piece, nested",
      {
        time,
        nginx: {
          remote_addr: "203.0.113.9",
          host: "shop.example",
          request: "GET /x HTTP/1.1",
          request_time: 0.25,
          status: 200,
          req_id: "7",
        },
      },
    ],
    [
      "X-Forwarded-For for want of better",
      {
        time,
        x_forwarded_for: "198.51.100.7, 203.0.113.9",
        host: "shop.example",
        method: "GET",
        path: "/x",
        request_time: 0.25,
        status: 200,
        req_id: "7",
      },
    ],
  ])("%s", (_, entry) => {
    expect(jsonFields(JSON.stringify(entry))).toMatchObject({
      endMs: 1_795_186_021_000,
      client: "203.0.113.9",
      host: "shop.example",
      method: "GET",
      path: "/x",
      durationMs: 250,
      status: 200,
      requestId: "7",
    });
  });

  test("of several for one variable the likeliest counts, wherever it stands", () => {
    const entry = {
      service: "nginx",
      x_forwarded_for: "198.51.100.7",
      time,
      remote_addr: "203.0.113.9",
      method: "GET",
      path: "/x",
      status: 200,
      namespace: "shop",
      service_name: "web",
      service_port: "80",
      log: { status: 500 },
    };
    expect(jsonFields(JSON.stringify(entry))).toMatchObject({
      client: "203.0.113.9",
      upstreamName: "shop-web-80",
      status: 200,
    });
  });
});

describe("values without quotes", () => {
  test("lists, dashes and nothing are what they would be in quotes", () => {
    const line =
      '{"time":"2026-11-20T14:47:01+00:00","method":"GET","uri":"/x","status": 200,"agent":"a: 1, b","upstream_addr": 10.0.0.1:80, [fd00::1]:80 : 10.0.0.3:80,"upstream_status": 502, - : 200, "upstream_response_time": 0.001, 0.002 : 0.003,"upstream_connect_time":-,"req_id":}';
    expect(jsonFields(line)).toMatchObject({
      status: 200,
      userAgent: "a: 1, b",
      attempts: [
        { address: "10.0.0.1:80", group: 0, status: 502, durationMs: 1 },
        { address: "[fd00::1]:80", group: 0, durationMs: 2 },
        { address: "10.0.0.3:80", group: 1, status: 200, durationMs: 3 },
      ],
    });
  });

  test("in an empty string there is none: no upstream was asked", () => {
    const line = refused
      .replace(/"(upstream_[a-z]+(?:_[a-z]+)?)":"[^"]*"/g, '"$1":""')
      .replace('"502"', '"503"');
    expect(jsonFields(line)).toMatchObject({ status: 503, attempts: [] });
  });

  test("whatever is JSON stays as it is", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (entry) => {
        const line = JSON.stringify(entry);
        expect(JSON.parse(mendJson(line))).toEqual(JSON.parse(line));
      }),
    );
  });
});
