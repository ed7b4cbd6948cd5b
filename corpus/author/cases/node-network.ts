import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { get, vanished } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

/** Pods on one node cannot be reached from the gateway's, which run elsewhere; `isLost`: its kubelet is silent too. */
async function cutOff(isLost: boolean): Promise<Evidence> {
  const c = shop("forum", {
    app: "threads",
    host: "forum.example.org",
    options: { replicas: 4, port: 8088, nodes: ["worker-3", "worker-1"] },
  });
  c.gatewayConfig({ "proxy-connect-timeout": "1", "proxy-next-upstream-tries": "1" });
  const behind = c.pods("threads").filter((p) => p.node === "worker-3");
  const way = c.way("threads");
  const before = await record({ ...way, requests: everyday("/t") });
  const r = await record({
    ...way,
    pods: Object.fromEntries(behind.map((p) => [p.address, vanished])),
    settings: { connectTimeoutS: 1, tries: 1 },
    requests: [get("/t/91", { times: 24, everyMs: 60 })],
  });
  c.gatewayLog([
    ...before.atEach("-50m", "-35m"),
    ...(isLost ? r.at("-12m") : r.atEach("-29m", "-12m", "-3m")),
  ]);
  if (isLost) {
    c.loseNode("worker-3", "-11m");
    for (const p of behind) p.notReady({ since: "-11m" });
  }
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "node-cut-off-while-ready",
    title:
      "Every second request times out: pods of one node are cut off from the gateway's nodes, and the node is ready",
    source: "istio/istio#41197",
    target: "forum.example.org/t",
    build: () => cutOff(false),
    expect: { status: "explained", causes: ["proxy-connect-timeout"], share: 1 },
  }),
  defineCase({
    id: "node-cut-off-and-silent",
    title: "The same timeouts, and a node whose kubelet is silent as well",
    target: "forum.example.org/t",
    twinOf: "node-cut-off-while-ready",
    differs: "the node stopped posting its status",
    build: () => cutOff(true),
    expect: {
      status: "explained",
      causes: ["node-not-ready"],
      acceptable: ["proxy-connect-timeout"],
      share: 1,
    },
  }),
];
