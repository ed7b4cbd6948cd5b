import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newGlance } from "../../../src/logs/formats/access-line.ts";
import { awsAlb } from "../../../src/logs/formats/aws-alb.ts";
import { nlbTlsSignal, readNlbTls } from "../../../src/logs/formats/aws-nlb-tls.ts";
import { alb, albLine, lines } from "../samples/aws-alb.ts";
import { nlb } from "../samples/aws-nlb-tls.ts";
import { fieldsOf, outcomes } from "./outcome.ts";

const read = (line: string) => fieldsOf(awsAlb, line);

describe("the Application Load Balancer", () => {
  test("gives every field; what lies between creation and answer is the duration", () => {
    expect(read(alb.success)).toEqual({
      endMs: Date.parse("2026-11-20T14:47:01.186Z"),
      exact: true,
      durationMs: 19,
      method: "GET",
      path: "/api/orders?page=2",
      request: "GET https://shop.example:443/api/orders?page=2 HTTP/1.1",
      host: "shop.example",
      status: 200,
      bodyBytes: 282,
      requestBytes: 512,
      client: "203.0.113.9",
      userAgent: "okhttp/4.12.0",
      requestId: "Root=1-67405a11-1d84f3d73c47ec4e58577259",
      upstreamName: "k8s-shop-web-7d2e9a51c0",
      attempts: [{ address: "10.0.3.17:8080", group: 0, status: 200, durationMs: 18 }],
      logsUpstream: true,
      hop: "load-balancer",
    });
  });

  test("says who failed and how far that can be told", () => {
    expect(outcomes(alb, read)).toEqual({
      success: "ok",
      of29Fields: "ok",
      of30Fields: "ok",
      of34Fields: "ok",
      ipv6: "ok",
      redirect: "ok",
      target503: "app-status by application",
      refusedOrClosed: "unclassified by load-balancer",
      closedLate: "closed-before-header by load-balancer",
      connectTimeout: "connect-timeout by load-balancer",
      idleTimeout: "response-timeout by load-balancer",
      noTarget: "no-endpoint by load-balancer",
      fixedResponse: "config-answer by load-balancer",
      left: "left",
      protocols: "config-answer by load-balancer",
      goaway: "unclassified by load-balancer",
      waf: "unclassified by load-balancer",
      login: "unclassified by load-balancer",
      quotes: "ok",
    });
  });

  test("has no times where it failed, but an elapsed one", () => {
    expect(read(alb.idleTimeout)).toMatchObject({
      durationMs: 60_016,
      originReason: "target_status_code is -",
      message: "request was sent, ended after 60016 ms",
      attempts: [{ durationMs: 60_016, failure: "response-timeout" }],
    });
  });

  test("names addresses of IPv6, and reasons in words", () => {
    expect(read(alb.ipv6)).toMatchObject({
      client: "2001:db8::9",
      attempts: [{ address: "[fd00::17]:8080" }],
    });
    expect(read(alb.waf).message).toBe("error_reason WAFConnectionTimeout");
  });

  test("logs what was no request as one without a method", () => {
    expect(read(alb.quotes)).toMatchObject({ method: "", status: 200, host: "shop.example" });
  });

  test("a user agent cannot move a field", () => {
    const line = albLine({ agent: String.raw`x\" TLSv1.3 arn:aws:x:targetgroup/evil/1 \"y` });
    expect(read(line)).toMatchObject({ status: 200, upstreamName: "k8s-shop-web-7d2e9a51c0" });
  });

  test("a line cut before its 29th field is not read", () => {
    const whole = albLine({ more: "" });
    const cuts = Array.from({ length: whole.length }, (_, end) => whole.slice(0, end));
    expect(cuts.filter((cut) => awsAlb.read(cut) !== undefined)).toEqual([]);
  });
});

describe("a glance at an Application Load Balancer's line", () => {
  const glance = newGlance();
  const look = (line: string) => awsAlb.glance?.(line, glance);

  test("takes an answer of the target as plain, a failure as one to be read in full", () => {
    const looks = Object.entries(alb).map(([name, line]) => [name, look(line)]);
    const plain = looks.filter(([, what]) => what === "plain").map(([name]) => name);
    expect(plain).toEqual([
      "success",
      "of29Fields",
      "of30Fields",
      "of34Fields",
      "ipv6",
      "redirect",
      "quotes",
    ]);
    expect(looks.filter(([, what]) => what === "other")).toEqual([]);
  });

  test("says of a plain one what reading it says", () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      text: fc.constantFrom("", "-", " ", '"', '" "', "/", ":", "[", "5", "x"),
      drop: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.array(edit, { maxLength: 2 }), (seed, edits) => {
        const line = edits.reduce((text, { at, text: added, drop }) => {
          const from = Math.floor(at * text.length);
          return text.slice(0, from) + added + text.slice(from + drop);
        }, seed);
        const what = look(line);
        const fields = awsAlb.read(line);
        expect(what === "other").toBe(fields === undefined);
        if (what !== "plain" || fields === undefined) return;
        const { endMs, durationMs, status, method, path, client, requestBytes } = fields;
        expect(glance).toMatchObject({
          endMs,
          durationMs: durationMs ?? Number.NaN,
          status,
          method,
          path,
          client,
          requestBytes: requestBytes ?? Number.NaN,
          upstreamName: fields.upstreamName ?? "",
          host: fields.host ?? "",
          address: fields.attempts[0]?.address ?? "",
        });
        expect(fields).not.toHaveProperty("failure");
        expect(fields).not.toHaveProperty("clientLeft");
      }),
      { numRuns: 3000 },
    );
  });
});

describe("a Network Load Balancer's TLS listener", () => {
  test("logs connections", () => {
    expect(readNlbTls(nlb.whole)).toEqual({
      endMs: Date.parse("2026-11-20T14:47:01Z"),
      client: "203.0.113.9:51341",
      target: "10.0.3.17:443",
      connectionMs: 5,
      handshakeMs: 2,
      receivedBytes: 98,
      sentBytes: 246,
      serverName: "shop.example",
    });
    expect(readNlbTls(nlb.older)?.serverName).toBe("shop.example");
  });

  test("tells of handshakes that failed and alerts, and of nothing else", () => {
    const signals = Object.entries(nlb).map(([name, line]) => {
      const connection = readNlbTls(line);
      return [name, connection === undefined ? "not read" : nlbTlsSignal(connection)?.kind];
    });
    expect(signals).toEqual([
      ["whole", undefined],
      ["older", undefined],
      ["failed", "client-tls-failed"],
      ["alerted", "client-tls-failed"],
    ]);
    expect(readNlbTls(nlb.alerted)?.alert).toBe(48);
  });

  test("a cut line is not read, nor is another's", () => {
    expect(readNlbTls(nlb.whole.slice(0, 150))).toBeUndefined();
    expect(readNlbTls("tls handshake error from 10.0.0.1")).toBeUndefined();
    expect(awsAlb.read(nlb.whole)).toBeUndefined();
  });
});
