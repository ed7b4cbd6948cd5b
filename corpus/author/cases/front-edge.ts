import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { cloudflareLog } from "../front/cloudflare.ts";
import { at, every, ordinary, type Seen, withFrontLog } from "../front/front-log.ts";

const unexplained: Expectation = { status: "unexplained", causes: [] };
const host = "www.example.com";

/** A site behind a CDN; only the CDN's log was collected. */
function edge(namespace: string, seen: readonly Seen[]) {
  const c = shop(namespace, { app: "site", host });
  c.unknown("gateway-log", "not collected");
  return withFrontLog(c.evidence(), "logpush/http_requests.json", cloudflareLog(host, seen));
}

const origin = (answered: number): Partial<Seen> => ({ answered });
const page = { method: "GET", path: "/prices", connectMs: 0 };
const hits = ordinary(["198.51.100.10"], "-58m", 8);

const connects: CorpusCase[] = [
  defineCase({
    id: "edge-meets-a-closed-firewall",
    title: "The origin's firewall no longer lets the CDN's addresses in",
    target: "www.example.com/",
    build: () => edge("site", at(every("-25m", 12, 110), { ...page, status: 522, elapsedMs: 19_200 })),
    expect: { status: "explained", causes: ["cdn-origin-connect-failure"], share: 1 },
  }),
  defineCase({
    id: "edge-passes-on-a-502",
    title: "The origin answers 502 by itself and the CDN shows a page of its own",
    target: "www.example.com/",
    twinOf: "edge-meets-a-closed-firewall",
    differs: "the CDN reaches the origin, which answers 502",
    build: () =>
      edge("site", at(every("-25m", 12, 110), { ...page, ...origin(502), status: 502, elapsedMs: 8 })),
    expect: { status: "explained", causes: ["cdn-masks-origin-5xx"], share: 1 },
  }),
];

const long = { method: "GET", path: "/reports/2025", connectMs: 3 };
const asked = ["-55m", "-41m", "-33m", "-20m", "-9m"];

const timers: CorpusCase[] = [
  defineCase({
    id: "edge-gives-up-on-a-report",
    title: "A report takes three minutes, the gateway would wait for it and the CDN does not",
    source: "kubernetes/ingress-nginx#10093",
    target: "www.example.com/",
    build: () => edge("office", [...hits, ...at(asked, { ...long, status: 524, elapsedMs: 120_004 })]),
    expect: { status: "explained", causes: ["cdn-origin-timeout"], share: 1 },
  }),
  defineCase({
    id: "edge-passes-on-a-504",
    title: "The same report, and the gateway gives up before the CDN does",
    target: "www.example.com/",
    twinOf: "edge-gives-up-on-a-report",
    differs: "the origin answers 504 after a minute, before the CDN's timer",
    build: () =>
      edge("office", [...hits, ...at(asked, { ...long, ...origin(504), status: 504, elapsedMs: 60_010 })]),
    expect: { status: "explained", causes: ["cdn-masks-origin-5xx"], share: 1 },
  }),
];

const certificates: CorpusCase[] = [
  defineCase({
    id: "edge-distrusts-the-origins-certificate",
    title: "The certificate of the origin has run out and the CDN is set to verify it",
    target: "www.example.com/",
    build: () =>
      edge("press", [
        ...hits.filter((s) => s.atMs < Date.parse("2026-11-18T10:00:00Z")),
        ...at(every("-30m", 10, 170), { ...page, status: 526, elapsedMs: 41 }),
      ]),
    expect: { status: "explained", causes: ["cdn-origin-tls-failure"], share: 1 },
  }),
  defineCase({
    id: "edge-trusts-the-origins-certificate",
    title: "The same site with a certificate that was renewed in time",
    target: "www.example.com/",
    twinOf: "edge-distrusts-the-origins-certificate",
    differs: "the certificate is valid",
    build: () =>
      edge("press", [
        ...hits.filter((s) => s.atMs < Date.parse("2026-11-18T10:00:00Z")),
        ...at(every("-30m", 10, 170), { ...page, ...origin(200), status: 200, elapsedMs: 41 }),
      ]),
    expect: { status: "healthy", causes: [] },
  }),
];

const rare = ["-50m41s", "-39m5s", "-17m2s", "-6m47s"];

const reuse: CorpusCase[] = [
  defineCase({
    id: "edge-reuses-what-the-origin-closes",
    title: "The origin closes idle connections after 75 s, the CDN reuses them for a quarter of an hour",
    target: "www.example.com/",
    build: () =>
      edge("forum", [
        ...hits,
        ...at(rare, { method: "POST", path: "/posts", status: 520, elapsedMs: 6, connectMs: 0 }),
      ]),
    expect: { status: "explained", causes: ["cdn-origin-keepalive-race"], share: 1 },
  }),
  defineCase({
    id: "edge-is-closed-on-new-connections",
    title: "The same empty answers on connections that had just been opened",
    target: "www.example.com/",
    twinOf: "edge-reuses-what-the-origin-closes",
    differs: "each connection was new: its handshake took some milliseconds",
    build: () =>
      edge("forum", [
        ...hits,
        ...at(rare, { method: "POST", path: "/posts", status: 520, elapsedMs: 6, connectMs: 3 }),
      ]),
    expect: unexplained,
  }),
];

export const cases: CorpusCase[] = [...connects, ...timers, ...certificates, ...reuse];
