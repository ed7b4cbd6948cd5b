import { describe, expect, test } from "vitest";
import { scanText } from "./log-text.ts";

const backend = "shop_orders_8080";
const said = (time: string, text: string): string =>
  `I1120 14:48:${time}.000000       7 dynupdate.go:478] ${text}`;
const got = (time: string, verb: string, server: string, ip: string): string =>
  said(time, `${verb} endpoint '${ip}:8080' weight '1' on backend/server '${backend}/${server}'`);
const request = (time: string, server: string, tail: string): string =>
  `10.42.0.1:55262 [20/Nov/2026:14:48:${time}.500] http-in ${backend}/${server} ${tail} 14/14/2/0/0 0/0 "GET /orders HTTP/1.1"`;
const served = (time: string, server: string): string =>
  request(time, server, "0/0/1/18/19 200 1893 - - ----");
const refused = (time: string, server: string): string =>
  request(time, server, "0/0/-1/-1/0 503 217 - - SC--");
const cut = (time: string, server: string, ms: number): string =>
  request(time, server, `0/0/1/-1/${ms} 502 209 - - SH--`);

function scanned(...lines: readonly string[]) {
  const scan = scanText(lines.join("\n"));
  const stats = scan.buckets.flatMap((bucket) => [...bucket.addresses]);
  return {
    failed: scan.kept.flatMap((entry) => entry.request.attempts.map(({ address }) => address)),
    attempts: Object.fromEntries(stats.map(([address, { attempts }]) => [address, attempts])),
  };
}

describe("the address of a server of haproxy-ingress", () => {
  test("is the one that its controller said last before the attempt", () => {
    const { failed, attempts } = scanned(
      got("01", "enabled", "srv001", "10.42.1.5"),
      served("02", "srv001"),
      refused("03", "srv001"),
      got("04", "updated", "srv001", "10.42.1.9"),
      served("05", "srv001"),
      served("06", "srv001"),
      cut("07", "srv001", 3),
    );
    expect(failed).toEqual(["10.42.1.5:8080", "10.42.1.9:8080"]);
    expect(attempts).toEqual({ "10.42.1.5:8080": 2, "10.42.1.9:8080": 3 });
  });

  test("is that of the attempt's begin, though the line is written at its end", () => {
    const { failed } = scanned(
      got("01", "enabled", "srv001", "10.42.1.5"),
      got("04", "updated", "srv001", "10.42.1.9"),
      cut("02", "srv001", 5000),
    );
    expect(failed).toEqual(["10.42.1.5:8080"]);
  });

  test.each([
    ["nobody has said it", []],
    [
      "it was taken away",
      [got("01", "enabled", "srv001", "10.42.1.5"), got("02", "disabled", "srv001", "10.42.1.5")],
    ],
    [
      "servers were numbered anew",
      [got("01", "enabled", "srv001", "10.42.1.5"), said("02", `added endpoints on backend '${backend}'`)],
    ],
    [
      "the controller began anew",
      [got("01", "enabled", "srv001", "10.42.1.5"), said("02", "version info: controller-version=v0.15.0")],
    ],
    [
      "it was said of another backend's server",
      [got("01", "enabled", "srv001", "10.42.1.5").replace(backend, "shop_cart_8080")],
    ],
  ])("is not known when %s", (_, before) => {
    expect(scanned(...before, refused("03", "srv001")).failed).toEqual([`${backend}/srv001`]);
  });

  test("stays known when another backend's servers were numbered anew", () => {
    const { failed } = scanned(
      got("01", "enabled", "srv001", "10.42.1.5"),
      said("02", "added endpoints on backend 'shop_orders_80'"),
      refused("03", "srv001"),
    );
    expect(failed).toEqual(["10.42.1.5:8080"]);
  });
});
