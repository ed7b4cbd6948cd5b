import { type CorpusCase, defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { get, ok, refusing, vanished } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

/** Nodes that go silent or run short. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "node-silent-connects-time-out",
    title: "A node goes silent; for most of a minute half of the pods do not answer",
    source: "dfds/postmortems PM2022-009",
    target: "tickets.example.org/",
    async build() {
      const c = shop("tickets", {
        app: "booking",
        host: "tickets.example.org",
        options: { replicas: 4, nodes: ["worker-1", "worker-2"] },
      });
      const lost = c.pods("booking").filter((p) => p.node === "worker-2");
      const pods = Object.fromEntries(lost.map((p) => [p.address, vanished]));
      const r = await record({
        ...c.way("booking"),
        pods,
        settings: { connectTimeoutS: 1, tries: 1 },
        requests: [get("/seats", { times: 30, everyMs: 60 })],
      });
      c.gatewayConfig({ "proxy-connect-timeout": "1", "proxy-next-upstream-tries": "1" });
      c.gatewayLog(r.at("-12m"));
      c.loseNode("worker-2", "-11m");
      for (const p of lost) p.notReady({ since: "-11m" });
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["node-not-ready"],
      acceptable: ["proxy-connect-timeout"],
      share: 1,
    },
  }),
  defineCase({
    id: "node-fine-connects-time-out-everywhere",
    title: "All nodes are ready and all pods time out: not a node",
    target: "tickets.example.org/",
    twinOf: "node-silent-connects-time-out",
    differs: "the node is ready, and pods of every node do not answer",
    async build() {
      const c = shop("tickets", {
        app: "booking",
        host: "tickets.example.org",
        options: { replicas: 4, nodes: ["worker-1", "worker-2"] },
      });
      const pods = Object.fromEntries(c.pods("booking").map((p) => [p.address, vanished]));
      const r = await record({
        ...c.way("booking"),
        pods,
        settings: { connectTimeoutS: 1, tries: 1 },
        requests: [get("/seats", { times: 20, everyMs: 60 })],
      });
      c.gatewayConfig({ "proxy-connect-timeout": "1", "proxy-next-upstream-tries": "1" });
      c.gatewayLog(r.at("-12m"));
      return c.evidence();
    },
    expect: { status: "explained", causes: ["proxy-connect-timeout"], share: 1 },
  }),
  defineCase({
    id: "evicted-for-memory-only-replica",
    title: "The only pod is evicted for memory; requests fail until its successor is ready",
    source: "2i2c-org/infrastructure#2322",
    target: "hub.example.edu/",
    async build() {
      const c = shop("hub", {
        app: "proxy",
        host: "hub.example.edu",
        options: { replicas: 1, readyAfter: "70s" },
      });
      const old = c.pod("proxy");
      const way = c.way("proxy");
      const up = await record({ ...way, requests: everyday() });
      const cut = await record({
        ...way,
        pods: {
          [old.address]: [
            [0, ok(600)],
            [700, refusing],
          ],
        },
        requests: [get("/user", { times: 18, everyMs: 70 })],
      });
      c.gatewayLog([...up.at("-20m"), ...cut.at("-8m")]);
      old.evicted(
        "-8m",
        "The node was low on resource: memory. Threshold quantity: 100Mi, available: 61Mi. Container app was using 812Mi, request is 64Mi, has larger consumption of memory. ",
      );
      c.edit("nodes", old.node, (node) => {
        const pressure = node.status?.conditions?.find((x) => x.type === "MemoryPressure");
        if (pressure !== undefined)
          Object.assign(pressure, { status: "True", reason: "KubeletHasInsufficientMemory" });
      });
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["node-pressure-eviction"],
      acceptable: ["no-endpoints-pods-not-ready"],
      share: 0.9,
    },
  }),
  defineCase({
    id: "evicted-for-memory-others-served",
    title: "One of three pods is evicted for memory and the others serve everything",
    target: "hub.example.edu/",
    twinOf: "evicted-for-memory-only-replica",
    differs: "three replicas, so no request fails",
    async build() {
      const c = shop("hub", { app: "proxy", host: "hub.example.edu", options: { replicas: 3 } });
      const up = await record({ ...c.way("proxy"), requests: everyday() });
      c.gatewayLog(up.atEach("-20m", "-8m", "-4m"));
      c.pod("proxy").evicted(
        "-8m",
        "The node was low on resource: memory. Threshold quantity: 100Mi, available: 61Mi. ",
      );
      return c.evidence();
    },
    expect: { status: "healthy", causes: [] },
  }),
];
