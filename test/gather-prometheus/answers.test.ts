import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { makeCertificates } from "../../lab/api-server/certificates.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { withMetrics } from "../../src/gather/prometheus/gather-metrics.ts";
import { parseTarget } from "../../src/target/target.ts";
import { answering, type FakeServer, json, serverThat } from "./server.ts";
import { noonMs, shop } from "./shop.ts";

const target = parseTarget("shop.example.com/cart", undefined);
const running: FakeServer[] = [];
const folders: string[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(running.splice(0).map((server) => server.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const server = async (...args: Parameters<typeof serverThat>): Promise<FakeServer> => {
  const started = await serverThat(...args);
  running.push(started);
  return started;
};

const fileWith = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-token-"));
  folders.push(folder);
  writeFileSync(join(folder, "file"), text);
  return join(folder, "file");
};

type Options = Partial<Parameters<typeof withMetrics>[2]>;

const ask = (url: string, options: Options = {}, evidence = shop()): Promise<Evidence> =>
  withMetrics(evidence, target, { url, sinceMs: 3_600_000, ...options }, () => {});

/** The one reason for which nothing is known. */
async function reasonFrom(url: string, options: Options = {}): Promise<string> {
  const { metrics } = await ask(url, options);
  const reasons = new Set(metrics!.queries.map(({ reason }) => reason));
  expect(metrics!.queries.flatMap(({ series }) => series)).toEqual([]);
  return [...reasons].join(" | ");
}

describe("what is no answer is a reason", () => {
  it.each([
    [401, "no", "it wants to know who asks (401): --prometheus-token-file FILE, or https://USER:PASSWORD@…"],
    [403, "no", "it does not allow this account to ask (403)"],
    [502, "bad gateway", "what is in front of it answers 502: is it running?"],
    [
      200,
      "<html>Sign in</html>",
      "what answers there (200) is no Prometheus: /api/v1 is not under this address. Is a path prefix missing?",
    ],
    [
      200,
      '{"status":"success"',
      "what answers there (200) is no Prometheus: /api/v1 is not under this address. Is a path prefix missing?",
    ],
  ])("%i %s", async (status, body, reason) => {
    const { url } = await server((_, response) => void response.writeHead(status).end(body));
    expect(await reasonFrom(url)).toBe(reason);
  });

  it("a redirect to a login, whose address is told without its parameters", async () => {
    const { url } = await server(
      (_, response) =>
        void response.writeHead(302, { location: "https://login.example.com/?state=s3cret" }).end(),
    );
    expect(await reasonFrom(url)).toBe(
      "it answers with a redirect (302 to https://login.example.com/): a login in front of it, or another address or path prefix is meant",
    );
  });

  it("no answer within the deadline", async () => {
    const { url } = await server(() => {});
    expect(await reasonFrom(url, { deadlineMs: 200 })).toMatch(/^no answer from 127\.0\.0\.1:\d+ in 0\.2 s$/);
  });

  it("an answer that does not end", async () => {
    const { url } = await server((_, response) => void response.writeHead(200).write('{"status":'));
    expect(await reasonFrom(url, { deadlineMs: 500 })).toMatch(/ in 0\.5 s$/);
  });

  it("nothing that listens", async () => {
    const { url, stop } = await serverThat(() => {});
    await stop();
    expect(await reasonFrom(url)).toMatch(/^nothing listens at .+: is the port-forward running\?$/);
  });

  it("a query that is refused keeps the other answers", async () => {
    const { url } = await server((asked, response) => {
      if (asked.query.get("query")?.includes("_bucket") === true)
        json(response, 422, {
          status: "error",
          errorType: "execution",
          error: "too many samples \u001b]0;",
        });
      else answering({ resultType: "matrix", result: [] })(asked, response);
    });
    const { metrics } = await ask(url);
    const byName = new Map(metrics!.queries.map(({ name, reason }) => [name, reason]));
    expect(byName.get("latency")).toBe(String.raw`it refuses the query (422): too many samples \u{1b}]0;`);
    expect(byName.get("oom-kills")).toBeUndefined();
    expect(byName.get("restarts")).toBe("it has no such series of these objects in this window");
  });

  it("a proxy that lets through queries only: what may be missing is not taken for zero", async () => {
    const { url } = await server((asked, response) => {
      if (asked.path.endsWith("/values")) response.writeHead(404).end("not found");
      else answering({ resultType: "matrix", result: [] })(asked, response);
    });
    expect(await reasonFrom(url)).toBe("it has no such series of these objects in this window");
  });

  it("a vector where a matrix was asked for", async () => {
    const { url } = await server(answering({ resultType: "vector", result: [] }));
    const { metrics } = await ask(url);
    expect(metrics!.queries.find(({ name }) => name === "requests")?.reason).toBe("its answer is no matrix");
  });
});

const seriesFrom = async (result: unknown): Promise<Evidence["metrics"]> => {
  const { url } = await server(answering({ resultType: "matrix", result }));
  return (await ask(url)).metrics;
};
const requestsIn = (metrics: Evidence["metrics"]) =>
  metrics!.queries.find(({ name }) => name === "requests")!;

describe("what an answer holds", () => {
  const atNoon = noonMs / 1000;
  it("values that are no finite number are no points, and what is no value harms nothing", async () => {
    const values = [
      [atNoon - 60, "NaN"],
      [atNoon - 30, "+Inf"],
      [atNoon, "7"],
      [atNoon, 8],
      ["then", "9"],
      "nonsense",
      [1e300, "1"],
    ];
    const metrics = await seriesFrom([
      { metric: { ingress: "cart", __proto__: 1 }, values },
      { metric: 5 },
      null,
    ]);
    expect(requestsIn(metrics).series).toEqual([{ labels: { ingress: "cart" }, points: [[noonMs, 7]] }]);
  });

  it("more series than a route has are cut, and said", async () => {
    const many = Array.from({ length: 1500 }, (_, i) => ({
      metric: { ingress: "cart", status: String(i) },
      values: [[atNoon, "1"]],
    }));
    const query = requestsIn(await seriesFrom(many));
    expect([query.series.length, query.reason]).toEqual([1000, "of 1500 series 1000 are kept"]);
  });

  it("a label that a scrape renamed has its own name again", async () => {
    const metric = { namespace: "ingress-nginx", exported_namespace: "shop", exported_service: "cart" };
    const [series] = requestsIn(await seriesFrom([{ metric, values: [[atNoon, "1"]] }])).series;
    expect(series?.labels).toEqual({ namespace: "shop", service: "cart" });
  });
});

const authorizations = ({ asked }: FakeServer): string[] => [
  ...new Set(asked.map(({ authorization }) => authorization ?? "none")),
];

describe("who asks", () => {
  const empty = answering({ resultType: "matrix", result: [] });
  it("nobody, unless told", async () => {
    const fake = await server(empty);
    await ask(fake.url);
    expect(authorizations(fake)).toEqual(["none"]);
  });

  it("the bearer of a token in a file, which is kept nowhere", async () => {
    const fake = await server((_, response) => void response.writeHead(403).end("no"));
    const evidence = await ask(fake.url, { tokenFile: fileWith("sha256~abcdefgh12345678\n") });
    expect(authorizations(fake)).toEqual(["Bearer sha256~abcdefgh12345678"]);
    expect(JSON.stringify(evidence)).not.toContain("abcdefgh12345678");
  });

  it("user and password of the URL, which are kept nowhere", async () => {
    const fake = await server(empty);
    const evidence = await ask(fake.url.replace("://", "://reader:p%40ss%25word@"));
    expect(authorizations(fake)).toEqual([`Basic ${Buffer.from("reader:p@ss%word").toString("base64")}`]);
    expect(JSON.stringify(evidence)).not.toMatch(/p@ss|p%40ss/);
    expect(evidence.metrics!.server).toBe(fake.url);
  });

  it.each(["/prom", "/prom/graph", "/prom/api/v1/query", "/prom/"])(
    "under the path prefix of %s, with the parameters of the URL",
    async (path) => {
      const fake = await server(empty);
      const evidence = await ask(`${fake.url}${path}?namespace=shop`);
      expect(fake.asked.every((asked) => asked.path.startsWith("/prom/api/v1/"))).toBe(true);
      expect(new Set(fake.asked.map(({ query }) => query.get("namespace")))).toEqual(new Set(["shop"]));
      expect(evidence.metrics!.server).toBe(`${fake.url}/prom`);
    },
  );

  it("through the proxy of the environment, and with the token of the environment", async () => {
    const proxy = await server(empty);
    vi.stubEnv("HTTP_PROXY", proxy.url);
    vi.stubEnv("NO_PROXY", "");
    vi.stubEnv("WHY5XX_PROMETHEUS_TOKEN", "from-the-environment");
    const { metrics } = await ask("http://prometheus.example.com:9090");
    expect(proxy.asked.length).toBe(10);
    expect(new Set(proxy.asked.map(({ host }) => host))).toEqual(new Set(["prometheus.example.com:9090"]));
    expect(authorizations(proxy)).toEqual(["Bearer from-the-environment"]);
    expect(metrics!.server).toBe("http://prometheus.example.com:9090");
  });

  it("a server whose certificate is signed by nobody known, once the file says so", async () => {
    const { authority, certificate: cert, key } = makeCertificates("reader");
    const fake = await server(empty, { cert, key });
    expect(await reasonFrom(fake.url)).toMatch(
      /^the certificate of .+ does not hold \(.+\): --prometheus-ca FILE/,
    );
    await ask(fake.url, { caFile: fileWith(authority) });
    expect(fake.asked.length).toBeGreaterThan(1);
  });

  it.each<[string, string, Options, RegExp]>([
    ["no URL", "http://[", {}, /^--prometheus: not a URL; give one, for example/],
    ["another scheme", "ftp://prometheus/", {}, /^--prometheus: ftp: is neither http nor https/],
    [
      "no token file",
      "http://p",
      { tokenFile: "/nowhere/token" },
      /\/nowhere\/token: there is no such file\.$/,
    ],
    ["a folder as token", "http://p", { tokenFile: "/tmp" }, /\/tmp: this is a folder\.$/],
    ["both", "http://a:b@p", { tokenFile: "/nowhere/token" }, /give one of them|no such file/],
    ["certificates for http", "http://p", { caFile: "/nowhere/ca" }, /^--prometheus-ca is for an https URL/],
  ])("is refused before anything is asked: %s", async (_, url, options, message) => {
    await expect(ask(url, options)).rejects.toThrow(message);
  });

  it("is refused when a token or a certificate is none", async () => {
    await expect(ask("http://p", { tokenFile: fileWith(" \n") })).rejects.toThrow(/it is empty\.$/);
    await expect(ask("http://p", { tokenFile: fileWith("two words") })).rejects.toThrow(/no bearer token/);
    await expect(ask("https://p", { caFile: fileWith("text") })).rejects.toThrow(
      /no PEM certificate is in it/,
    );
  });
});

describe("what is asked", () => {
  it("is about the route's objects only, in few requests, over the window before the collection", async () => {
    const fake = await server(answering({ resultType: "matrix", result: [] }));
    await ask(fake.url);
    const ranges = fake.asked.filter(({ path }) => path.endsWith("/query_range"));
    expect([fake.asked.length, ranges.length]).toEqual([10, 9]);
    for (const { query } of ranges) {
      expect(Number(query.get("end"))).toBe(noonMs / 1000);
      expect(Number(query.get("end")) - Number(query.get("start"))).toBe(3600);
      expect(query.get("query")).toMatch(/cart|ingress-nginx-1/);
    }
  });

  it("is nothing when it would be the whole cluster's", async () => {
    const fake = await server(answering({ resultType: "matrix", result: [] }));
    const wide = shop();
    const [ingress] = wide.objects.ingresses!;
    const [path] = ingress!.spec!.rules![0]!.http!.paths;
    ingress!.spec!.rules![0]!.http!.paths = Array.from({ length: 21 }, (_, i) => ({
      ...path!,
      path: `/${i}`,
      backend: { service: { name: `cart-${i}`, port: { number: 80 } } },
    }));
    const all = parseTarget(undefined, undefined);
    const evidence = await withMetrics(wide, all, { url: fake.url, sinceMs: 3_600_000 }, () => {});
    expect(fake.asked).toEqual([]);
    expect(evidence.losses).toEqual([
      {
        what: `Prometheus at ${fake.url}`,
        why: "22 Services are looked at, and metrics are read for at most 20: name a route",
      },
    ]);
  });

  it("quotes whatever a name holds", async () => {
    const fake = await server(answering({ resultType: "matrix", result: [] }));
    const hostile = shop();
    const service = hostile.objects.services![0]!;
    const name = 'ca"} or vector(1) # \\';
    service.metadata!.name = name;
    hostile.objects.ingresses![0]!.spec!.rules![0]!.http!.paths[0]!.backend.service!.name = name;
    await ask(fake.url, {}, hostile);
    const endpoints = fake.asked.find(
      ({ query }) => query.get("query")?.includes("kube_endpoint_address") === true,
    );
    expect(endpoints?.query.get("query")).toContain(String.raw`endpoint="ca\"} or vector(1) # \\"`);
  });
});
