import { describe, expect, test } from "vitest";
import { accessLine, errorLine, failedLine, onlyRequest, scanText } from "./log-text.ts";

const refused = "connect() failed (111: Connection refused) while connecting to upstream";
const closed = "upstream prematurely closed connection while reading response header from upstream";
const none = { address: "-", length: "-", times: "-", statuses: "-", duration: "0.000" };

describe("classes", () => {
  test("the error log decides between refused and closed", () => {
    expect(onlyRequest(scanText(`${errorLine(refused)}\n${failedLine(502)}`))).toMatchObject({
      failure: "connect-refused",
      origin: "gateway",
      attempts: [{ failure: "connect-refused", message: refused }],
    });
    expect(onlyRequest(scanText(`${failedLine(502)}\n${errorLine(closed)}`)).failure).toBe(
      "closed-before-header",
    );
  });

  test("without it a bare 502 stays unclassified", () => {
    const scan = scanText(failedLine(502));
    expect(onlyRequest(scan)).toMatchObject({ failure: "unclassified", origin: "gateway" });
    expect(scan.hasErrorLog).toBe(false);
  });

  test.each([
    ["5.001", "connect-timeout"],
    ["60.002", "response-timeout"],
    ["30.000", "unclassified"],
  ])("a 504 after %s s is %s by the timers alone", (duration, failure) => {
    expect(onlyRequest(scanText(failedLine(504, { duration, times: duration }))).failure).toBe(failure);
  });

  test.each([
    ["an own body", { length: "31", body: 31 }],
    ["an empty body", { length: "0", body: 0 }],
  ])("a 502 with %s is the application's", (_, parts) => {
    expect(onlyRequest(scanText(failedLine(502, parts)))).toMatchObject({
      failure: "app-status",
      origin: "application",
    });
  });

  test("a 503 of an attempt is the application's", () => {
    const line = accessLine({ status: 503, statuses: "503", body: 20, length: "20" });
    expect(onlyRequest(scanText(line))).toMatchObject({ failure: "app-status", origin: "application" });
  });

  test.each([
    ["built-in page", 190, "no-endpoint"],
    ["built-in page for Chrome", 592, "no-endpoint"],
    ["page of its own", 1234, "config-answer"],
  ])("a 503 without an attempt and a %s", (_, body, failure) => {
    expect(onlyRequest(scanText(accessLine({ ...none, status: 503, body })))).toMatchObject({
      failure,
      origin: "gateway",
      attempts: [],
    });
  });

  test("a 503 of the rate limit is told by its error line", () => {
    const limiting = errorLine('limiting requests, excess: 5.620 by zone "z"', { upstream: "" });
    expect(
      onlyRequest(scanText(`${limiting}\n${accessLine({ ...none, status: 503, body: 190 })}`)),
    ).toMatchObject({
      failure: "config-answer",
      message: 'limiting requests, excess: 5.620 by zone "z"',
    });
  });

  test("a 502 without an attempt is a name that did not resolve", () => {
    const unresolved = errorLine("orders.example could not be resolved (3: Host not found)", {
      upstream: "",
    });
    expect(
      onlyRequest(scanText(`${unresolved}\n${accessLine({ ...none, status: 502, body: 150 })}`)),
    ).toMatchObject({
      failure: "no-endpoint",
      message: "orders.example could not be resolved (3: Host not found)",
    });
  });

  test("a named upstream instead of an address is one without live peers", () => {
    expect(onlyRequest(scanText(failedLine(502, { address: "shop-web", times: "0.000" }))).failure).toBe(
      "no-endpoint",
    );
  });

  test("status 009 is a peer that does not speak HTTP/1", () => {
    expect(
      onlyRequest(scanText(accessLine({ status: "009", statuses: "200", length: "9", body: 9 }))),
    ).toMatchObject({ status: 9, failure: "bad-response" });
  });

  test("a 500 counts only when no peer sent it", () => {
    const alert = errorLine("512 worker_connections are not enough while connecting to upstream", {
      level: "alert",
    });
    const own = accessLine({
      status: 500,
      body: 170,
      address: "",
      length: "0",
      times: "0.000",
      statuses: "-",
    });
    expect(onlyRequest(scanText(`${alert}\n${own}`))).toMatchObject({
      failure: "local-resource",
      origin: "gateway",
    });
    expect(scanText(accessLine({ status: 500, statuses: "500" })).kept).toEqual([]);
  });

  test("a refused auth request is the gateway's answer", () => {
    const line = errorLine("auth request unexpected status: 502", { upstream: "" });
    expect(
      onlyRequest(scanText(`${line}\n${accessLine({ ...none, status: 500, body: 170 })}`)),
    ).toMatchObject({ failure: "config-answer", message: "auth request unexpected status: 502" });
  });
});
