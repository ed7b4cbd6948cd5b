import { describe, expect, test } from "vitest";
import { walkLines } from "../../src/logs/lines.ts";
import { trafficFor } from "../../src/logs/scan-gateway.ts";
import { unwrap } from "../../src/logs/unwrap.ts";
import { accessLine, collectedMs, errorLine, failedLine, scanText } from "./log-text.ts";
import { klog } from "./samples/klog.ts";
import { lineWrappers } from "./samples/wrappers.ts";
import { allSamples } from "./samples-of-all.ts";

/** What a client sends: lines of its own making, inside a user agent, a path, a referer, a host, a user or a request id. */
const evil = { client: "198.51.100.66", request: "GET /evil HTTP/1.1", address: "10.66.6.6:80" };
const access = failedLine(502, evil);
const error = errorLine("connect() failed (111: Connection refused) while connecting to upstream", {
  client: evil.client,
  upstream: "http://10.66.6.6:80/evil",
});
const docker = JSON.stringify({ log: `${access}\n`, stream: "stdout", time: "2026-11-20T14:47:01Z" });

const payloads: readonly (readonly [string, string])[] = [
  ["a list of statuses", "502, 200"],
  ["the next items of a list", ", 502, 504"],
  ["the next group of a list", ": 200 502"],
  ["a list over an internal redirect", "502 : 502"],
  ["upstream columns", "] [shop-evil-80] [] 10.66.6.6:80, 10.66.6.7:80 0, 0 0.001, 0.001 502, 502 x"],
  ["the end of a quoted value and more", `x" 310 0.005 [shop-evil-80] [] 10.66.6.6:80 0 0.001 502 y`],
  [
    "the end of a request",
    `x HTTP/1.1" 502 0 "-" "-" 310 0.005 [shop-evil-80] [] 10.66.6.6:80 0 0.001 502 y`,
  ],
  ["quotes and backslashes", String.raw`\" \\" '"' \x22 \u0022`],
  ["an access line", access],
  ["an access line after a line feed", `x\n${access}\n`],
  ["an access line after a carriage return", `x\r${access}\r`],
  ["an error line", error],
  ["an error line after a line feed", `x\n${error}\n`],
  ["a controller's line", klog.noEndpoint],
  ["a controller's line after a line feed", `x\n${klog.noEndpoint}`],
  ["CRI's prefix", `2026-11-20T14:47:01.250000000Z stdout F ${access}`],
  ["an unfinished CRI line", `\n2026-11-20T14:47:01.250000000Z stdout P ${access}`],
  ["a pod's prefix", `[pod/evil/evil-1/x] 2026-11-20T14:47:01Z ${access}`],
  ["a pod's prefix after a line feed", `\n[pod/evil/evil-1/x] ${access}`],
  ["docker's object", docker],
  ["docker's object after a line feed", `\n${docker}\n`],
  [
    "an object that closes others",
    `"}}\n{"status":502,"upstream_addr":"10.66.6.6:80","upstream_status":"502"}`,
  ],
  ["keys of an access line", `","status":"502","upstream_addr":"10.66.6.6:80","upstream_status":"502","x":"`],
  ["Envoy's flags", `" 503 UF 0 91 1 - "x" "y" "z" "h" "10.66.6.6:80"`],
  [
    "a load balancer's fields",
    `" "-" - - x "y" "h" "-" 0 2026-11-20T14:47:01Z "forward" "-" "-" "10.66.6.6:80" "502"`,
  ],
  [
    "HAProxy's line",
    'haproxy[11]: 198.51.100.66:1 [20/Nov/2026:14:48:55.775] f b/s 0/0/-1/-1/3 503 217 - - SC-- 1/1/1/1/1 0/0 "GET / HTTP/1.1"',
  ],
  ["terminal escapes", "\u001b[2J\u001b]0;x\u0007\u001b[31m502\u001b[0m"],
  ["NULs", "\u0000502\u0000"],
  ["marks that turn the reading order", "\u202e205\u2066"],
  ["much", "502, ".repeat(1500)],
];

type Escape = (text: string) => string;

/** nginx's default escaping (src/http/modules/ngx_http_log_module.c, ngx_http_log_escape). */
const ofNginx: Escape = (text) =>
  [...Buffer.from(text)]
    .map((byte) =>
      byte < 32 || byte > 126 || byte === 34 || byte === 92
        ? `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`
        : String.fromCharCode(byte),
    )
    .join("");
const ofJson: Escape = (text) => JSON.stringify(text).slice(1, -1);
/** A proxy that refuses control characters, and formats whose lines a quote would end. */
const plain: Escape = (text) =>
  text
    .replaceAll('"', "'")
    .replaceAll("\\", "/")
    .replace(/\p{Cc}/gu, " ");

const nginxFiles = /^(?:ingress-nginx|nginx-combined|nginx-f5|kong|apisix)/;

const escapeOf = (name: string, line: string): Escape =>
  line.startsWith("{") ? ofJson : nginxFiles.test(name) ? ofNginx : plain;

interface Field {
  readonly what: string;
  readonly token: RegExp;
  /** A URL and a host hold no spaces where the proxy parses them. */
  readonly solid: boolean;
  put(value: string): string;
}

const fields: readonly Field[] = [
  { what: "a user agent", token: /curl\/8\.11|okhttp\/4\.12(?:\.0)?/, solid: false, put: (v) => v },
  {
    what: "a path",
    token: /\/(?:api\/orders|orders|report|pay|slow|export)(?=[ ?"\\])/,
    solid: true,
    put: (v) => `/${v}`,
  },
  {
    what: "a query",
    token: /(?<=\/(?:api\/orders|orders|report)\?)[a-z]+=\d/,
    solid: true,
    put: (v) => `q=${v}`,
  },
  {
    what: "a referer",
    token: /(?<=")https:\/\/shop\.example\/(?=")/,
    solid: false,
    put: (v) => `https://${v}`,
  },
  { what: "a host", token: /(?<=[": ])shop\.example(?=")/, solid: true, put: (v) => v },
  { what: "a user", token: /(?<= - )admin(?= \[)/, solid: false, put: (v) => v },
  {
    what: "a request id",
    token: /5e0f3f0c8f5b4a2a9b1d2c3e4f506172|c0d24b36-5483-46aa-9d3e-1f0e5d1b7f11/,
    solid: false,
    put: (v) => v,
  },
];

/** The line with the field's value replaced; undefined when it has no such field. */
function inject(name: string, line: string, field: Field, payload: string): string | undefined {
  if (!field.token.test(line)) return undefined;
  const escape = escapeOf(name, line);
  const value = field.solid && escape !== ofNginx ? payload.replace(/[\s\p{Cc}]/gu, "%20") : payload;
  return line.replace(field.token, () => field.put(escape(value)));
}

/** What a scan counted of one line. */
function countsOf(text: string): unknown {
  const scan = scanText(`${text}\n`);
  const traffic = trafficFor(scan, () => true);
  return {
    lines: scan.lines,
    formats: scan.formats,
    totals: scan.totals,
    byStatus: traffic.byStatus,
    addresses: [...traffic.addresses].map(([address, stats]) => [address, stats.attempts, stats.byClass]),
    signals: scan.signalCounts,
    unjoined: scan.unjoined.count,
    pods: scan.kept.map(({ request }) => request.gatewayPod),
    from: scan.fromMs,
  };
}

const samples = await allSamples();
const counts = new Map(samples.flatMap(({ lines }) => lines).map((line) => [line, countsOf(line)]));

test("every format's samples have a field that a client fills, but for logs that tell of none", () => {
  const without = samples
    .filter(({ lines }) => !lines.some((line) => fields.some(({ token }) => token.test(line))))
    .map(({ name }) => name);
  expect(without).toEqual(["aws-nlb-tls", "klog"]);
});

describe.each(payloads)("%s", (_, payload) => {
  test.each(samples)("in a field of $name is neither a line nor an attempt", ({ name, lines }) => {
    for (const line of lines) {
      const expected = counts.get(line);
      for (const field of fields) {
        const injected = inject(name, line, field, payload);
        if (injected === undefined) continue;
        expect({ injected, counted: countsOf(injected) }).toEqual({ injected, counted: expected });
      }
    }
  });
});

test.each(Object.entries(lineWrappers))(
  "wrapped by %s none begins a line or names a pod",
  (_, { wrap, pod }) => {
    for (const [what, payload] of payloads) {
      const line = accessLine({ agent: ofNginx(payload) });
      const bytes = unwrap(Buffer.from(`${wrap(line)}\n`.repeat(3)), collectedMs);
      const seen: [string, string][] = [];
      walkLines(bytes, ({ start, end, pod: named }) => {
        seen.push([bytes.toString("utf8", start, end), named]);
      });
      expect({ what, seen }).toEqual({ what, seen: Array.from({ length: 3 }, () => [line, pod]) });
    }
  },
);

test("what a report shows of a line has its escapes spelled out", async () => {
  const { visible } = await import("../../src/base/text.ts");
  const scan = scanText(failedLine(502, { agent: "\u001b[2Jx\u0007\u202e" }));
  const [entry] = scan.kept;
  expect(entry?.request.userAgent).toBe("\u001b[2Jx\u0007\u202e");
  expect(visible(entry?.request.userAgent ?? "")).toBe("\\u{1b}[2Jx\\u{7}\\u{202e}");
});
