import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { get, ok, refusing } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";

/** A shop whose Service sends to `targetPort`; the application listens on 8080. */
async function sendingTo(targetPort: number): Promise<Evidence> {
  const c = shop("shop");
  c.service("cart", { targetPort });
  const way = c.way("cart");
  const pods = Object.fromEntries(way.servers.map((s) => [s, targetPort === 8080 ? ok() : refusing]));
  const recording = await record({ ...way, pods, requests: [get("/cart", { times: 12, everyMs: 60 })] });
  c.gatewayLog(recording.atEach("-14m", "-9m", "-4m"));
  for (const pod of c.pods("cart")) c.appLog(pod, ['{"level":"info","msg":"listening on :8080"}']);
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "target-port-nobody-listens-on",
    title: "The Service sends to 8081, the application listens on 8080",
    target: "shop.example.com/cart",
    build: () => sendingTo(8081),
    expect: { status: "explained", causes: ["wrong-target-port-number"], share: 1 },
  }),
  defineCase({
    id: "target-port-somebody-listens-on",
    title: "The Service sends to the port the application listens on, by number",
    target: "shop.example.com/cart",
    twinOf: "target-port-nobody-listens-on",
    differs: "targetPort is 8080 instead of 8081",
    build: () => sendingTo(8080),
    expect: { status: "healthy", causes: [] },
  }),
];
