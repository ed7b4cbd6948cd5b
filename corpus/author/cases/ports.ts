import { defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { get, refusing } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";

export const cases = [
  defineCase({
    id: "target-port-nobody-listens-on",
    title: "The Service sends to 8081, the application listens on 8080",
    target: "shop.example.com/cart",
    async build() {
      const c = shop("shop");
      c.service("cart", { targetPort: 8081 });
      const way = c.way("cart");
      const pods = Object.fromEntries(way.servers.map((s) => [s, refusing]));
      const recording = await record({ ...way, pods, requests: [get("/cart", { times: 12, everyMs: 60 })] });
      c.gatewayLog(recording.atEach("-14m", "-9m", "-4m"));
      for (const pod of c.pods("cart")) c.appLog(pod, ['{"level":"info","msg":"listening on :8080"}']);
      return c.evidence();
    },
    expect: { status: "explained", causes: ["wrong-target-port-number"], share: 1 },
  }),
];
