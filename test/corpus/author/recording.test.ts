import { describe, expect, it } from "vitest";
import { closes, get, post, refusing, vanished } from "../../../corpus/author/nginx/behaviours.ts";
import { record, Recording } from "../../../corpus/author/nginx/record.ts";
import { lacks } from "../../support/programs.ts";

const startedAtMs = Date.parse("2026-01-31T23:59:58Z");
const access =
  '203.0.113.9 - - [31/Jan/2026:23:59:59 +0000] "GET / HTTP/1.1" 502 150 "-" "curl" 80 0.001 [shop-cart-80] [] 10.42.2.6:8080 0 0.001 502 5e0f3f0c8f5b4a2a9b1d2c3e4f506172';
const error =
  "2026/02/01 00:00:00 [error] 31#31: *12 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9";

describe("a recording", () => {
  it("is moved by its timestamps alone", () => {
    const lines = new Recording(startedAtMs, [access, error]).at("-12m");
    expect(lines.map((l) => l.text)).toEqual([
      access.replace("31/Jan/2026:23:59:59", "18/Nov/2026:10:18:01"),
      error.replace("2026/02/01 00:00:00", "2026/11/18 10:18:02"),
    ]);
    expect(lines.map((l) => new Date(l.atMs).toISOString())).toEqual([
      "2026-11-18T10:18:01.000Z",
      "2026-11-18T10:18:02.000Z",
    ]);
  });

  it("gets fresh request ids and connection numbers when it is placed again", () => {
    const recording = new Recording(startedAtMs, [access, error]);
    const [first, second] = [recording.at("-12m"), recording.at("-9m")];
    expect(second[0]?.text.slice(-32)).not.toBe(first[0]?.text.slice(-32));
    expect(second[1]?.text).toContain("*5012 connect()");
    expect(first[1]?.text).toContain("*12 connect()");
  });
});

const isPoor = lacks("recordings of a real nginx", ["nginx", "-v"], ["ip", "-V"], ["unshare", "-rn", "true"]);

describe.skipIf(isPoor)("a real nginx", () => {
  it("logs what scripted pods do to it", async () => {
    const recording = await record({
      upstreamName: "shop-cart-80",
      servers: ["10.42.2.6:8080"],
      pods: { "10.42.2.6:8080": refusing, "10.42.2.7:8080": vanished, "10.42.2.8:8080": closes() },
      routes: [
        { path: "/gone", upstreamName: "shop-gone-80", servers: ["10.42.2.7:8080"] },
        { path: "/close", upstreamName: "shop-close-80", servers: ["10.42.2.8:8080"] },
        { path: "/empty", upstreamName: "shop-empty-80", servers: [] },
      ],
      settings: { connectTimeoutS: 1, tries: 1 },
      requests: [get("/"), get("/gone"), post("/close"), get("/empty")],
    });
    const answered = recording.raw.flatMap(
      (l) => / "(?:GET|POST) (\S+) HTTP\/1\.1" (\d{3}) /.exec(l)?.slice(1, 3).join(" ") ?? [],
    );
    expect(answered.sort()).toEqual(["/ 502", "/close 502", "/empty 503", "/gone 504"]);
    const errors = recording.raw.join("\n");
    expect(errors).toContain(
      "connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9",
    );
    expect(errors).toContain("upstream timed out (110: Connection timed out) while connecting to upstream");
    expect(errors).toContain(
      "upstream prematurely closed connection while reading response header from upstream",
    );
    expect(errors).toContain('upstream: "http://10.42.2.8:8080/close"');
  });
});
