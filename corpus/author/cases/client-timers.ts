import { type CorpusCase, defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { answer, byPath, get } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

/** A search that takes 3.4 s, asked by a service whose HTTP client waits for `patienceMs`. */
async function search(patienceMs: number | undefined) {
  const c = shop("travel", { app: "fares", host: "fares.example.com", options: { replicas: 2 } });
  const way = c.way("fares");
  const pods = Object.fromEntries(
    way.servers.map((s) => [s, byPath({ "/search": answer.ok(3400) }, answer.ok(12))]),
  );
  const asked = get("/search?from=AMS&to=LIS", {
    times: 9,
    everyMs: 210,
    userAgent: "python-httpx/0.28.1",
    client: ["198.51.100.31", "198.51.100.32"],
    ...(patienceMs === undefined ? {} : { abortAfterMs: patienceMs }),
  });
  const r = await record({ ...way, pods, requests: [asked, ...everyday()] });
  c.gatewayLog(r.atEach("-41m", "-23m", "-6m"));
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "clients-wait-shorter-than-a-search-takes",
    title: "Another service asks for a search that takes 3.4 s, with a client that waits for 2 s",
    target: "fares.example.com/",
    build: () => search(2000),
    expect: { status: "explained", causes: ["client-abort-before-response"] },
  }),
  defineCase({
    id: "clients-wait-longer-than-a-search-takes",
    title: "The same search, and the client waits for its answer",
    target: "fares.example.com/",
    twinOf: "clients-wait-shorter-than-a-search-takes",
    differs: "the client has no timeout below the time that the search takes",
    build: () => search(undefined),
    expect: { status: "healthy", causes: [] },
  }),
];
