import { type CorpusCase, defineCase } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { answer, byPath, get, post } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodScript } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";

/** A pod script for every ready pod of the Service. */
const everyPod = (servers: readonly string[], script: PodScript): Record<string, PodScript> =>
  Object.fromEntries(servers.map((s) => [s, script]));

/** Pods that ask a database outside the cluster; `words` is what that says to them, if it refuses. */
async function withDatabase(c: Cluster, app: string, words: readonly string[], rest = answer.ok()) {
  const way = c.way(app);
  const fine = await record({ ...way, requests: everyday("/api") });
  if (words.length === 0) {
    c.gatewayLog(fine.atEach("-50m", "-30m", "-18m", "-6m"));
    return c.evidence();
  }
  const failing = byPath({ "/api": rest }, answer.ok());
  const r = await record({ ...way, pods: everyPod(way.servers, failing), requests: everyday("/api") });
  c.gatewayLog([...fine.atEach("-50m", "-30m"), ...r.atEach("-18m", "-6m")]);
  for (const p of c.pods(app))
    c.appLog(
      p,
      ["10:12:01", "10:24:01"].flatMap((t) => words.map((w) => `2026-11-18 ${t}.310 UTC [31] ERROR ${w}`)),
    );
  return c.evidence();
}

const billing = (): Cluster =>
  shop("finance", {
    app: "ledger",
    host: "ledger.example.com",
    options: {
      replicas: 2,
      port: 8080,
      created: "-40d",
      env: { DATABASE_URL: "postgres://ledger@db.internal.example.com:5432/ledger" },
    },
  });

export const cases: CorpusCase[] = [
  defineCase({
    id: "dependency-password-rotated",
    title: "The database's password was changed and the application still sends the old one",
    target: "ledger.example.com/api",
    build: () =>
      withDatabase(
        billing(),
        "ledger",
        [
          'connection to server at "db.internal.example.com" (10.20.0.14), port 5432 failed: FATAL:  password authentication failed for user "ledger"',
        ],
        answer.status(503, { body: "database unavailable" }),
      ),
    expect: {
      status: "explained",
      causes: ["dependency-rejects-application"],
      acceptable: ["app-emitted-5xx"],
      share: 1,
    },
  }),
  defineCase({
    id: "dependency-too-many-connections",
    title: "The database has no connection left for the application",
    target: "ledger.example.com/api",
    build: () =>
      withDatabase(
        billing(),
        "ledger",
        [
          'connection to server at "db.internal.example.com" (10.20.0.14), port 5432 failed: FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute',
        ],
        answer.status(502, { body: "no connection" }),
      ),
    expect: {
      status: "explained",
      causes: ["dependency-rejects-application"],
      acceptable: ["app-emitted-5xx"],
      share: 1,
    },
  }),
  defineCase({
    id: "dependency-accepts-application",
    title: "The database outside the cluster answers as it should",
    target: "ledger.example.com/api",
    twinOf: "dependency-password-rotated",
    differs: "the password is right",
    build: () => withDatabase(billing(), "ledger", []),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "dependency-refusal-hours-before",
    title: "A refused password in the night; now the application fails for a reason it does not tell",
    target: "ledger.example.com/api",
    twinOf: "dependency-password-rotated",
    differs: "the refusal is six hours older than the failures",
    async build() {
      const c = billing();
      const way = c.way("ledger");
      const state = answer.status(503, { body: "out of order" });
      const r = await record({
        ...way,
        pods: everyPod(way.servers, byPath({ "/api": state })),
        requests: [
          get("/api/entries", { times: 12, everyMs: 80 }),
          post("/api/entries", { times: 4, everyMs: 200 }),
        ],
      });
      c.gatewayLog(r.atEach("-18m", "-6m"));
      for (const p of c.pods("ledger"))
        c.appLog(p, [
          '2026-11-18 04:11:02.310 UTC [31] ERROR FATAL:  password authentication failed for user "ledger"',
        ]);
      return c.evidence();
    },
    expect: { status: "explained", causes: ["app-emitted-5xx"], share: 1 },
  }),
];
