import type { PodNetwork } from "../../../lab/network/pod-network.ts";
import { connectFrom, greet, longMs, output, withNetwork } from "./inside.ts";

const server = `
require("node:http").createServer((q, r) => {
  if (q.url === "/big") return r.end(Buffer.alloc(3e6, 97));
  q.resume().on("end", () => r.end("ok"));
}).listen(8080, process.argv[1], () => console.log("up"));`;

/** Two requests on one kept connection, with a pause between them, in which no keep-alive of TCP is sent. */
const client = `
const http = require("node:http"), [path, pauseMs, patienceMs] = process.argv.slice(1);
const agent = new http.Agent({ keepAlive: true, keepAliveMsecs: 60000, maxSockets: 1 });
const get = () => new Promise((resolve) => {
  const startMs = performance.now();
  const q = http.get({ host: "10.42.1.5", port: 8080, path, agent, timeout: Number(patienceMs) }, (r) => {
    let bytes = 0;
    r.on("data", (d) => (bytes += d.length));
    r.on("close", () => resolve({ bytes, isWhole: r.complete, ms: performance.now() - startMs }));
    r.on("error", () => {});
  });
  q.on("timeout", () => { q.destroy(); resolve({ error: "timeout" }); });
  q.on("error", (e) => resolve({ error: e.code }));
});
(async () => {
  const first = await get();
  await new Promise((r) => setTimeout(r, Number(pauseMs)));
  console.log(JSON.stringify([first, await get()]));
  process.exit();
})();`;

const ask = async (network: PodNetwork, path = "/", pauseMs = 0, patienceMs = longMs): Promise<unknown> =>
  JSON.parse(
    await output(
      network.spawn(
        "ingress/nginx",
        process.execPath,
        ["-e", client, path, String(pauseMs), String(patienceMs)],
        {
          stdio: ["ignore", "pipe", "pipe"],
        },
      ),
    ),
  );

export const disturbances = (): Promise<Record<string, unknown>> =>
  withNetwork(async (network) => {
    const between = ["ingress/nginx", "shop/cart"] as const;
    const undoEarly = await network.disturb(...between, { delayMs: 50 });
    await network.attach("ingress/nginx", "10.42.250.7");
    await network.attach("shop/cart", "10.42.1.5");
    const app = network.spawn("shop/cart", process.execPath, ["-e", server, "10.42.1.5"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => app.stdout!.once("data", resolve));
    const seen: Record<string, unknown> = { delayed: await ask(network) };
    await undoEarly();
    seen["mended"] = await ask(network, "/big");
    const with1 = async (
      name: string,
      disturbance: object,
      ...how: [string?, number?, number?]
    ): Promise<void> => {
      const undo = await network.disturb(...between, disturbance);
      seen[name] = await ask(network, ...how);
      await undo();
    };
    await with1("bigThrough", { delayMs: 1 }, "/big");
    await with1("refusedByFirewall", { resetAfterBytes: 0 });
    await with1("cutShort", { resetAfterBytes: 500_000 }, "/big");
    await with1("forgottenSilently", { idle: { ms: 1000, answer: "silence" } }, "/", 2500, 4000);
    await with1("forgottenLoudly", { idle: { ms: 1000, answer: "reset" } }, "/", 2500);
    await with1("allLost", { lossRatio: 1 }, "/", 0, 1500);
    const undo = await network.disturb(...between, { delayMs: 30 });
    app.kill();
    await network.detach("shop/cart");
    await network.attach("shop/cart", "10.42.1.6");
    await greet(network, "shop/cart", 8080);
    const startMs = performance.now();
    seen["again"] = await connectFrom(network, "ingress/nginx", "10.42.1.6", 8080);
    seen["againMs"] = performance.now() - startMs;
    await undo();
    return seen;
  });
