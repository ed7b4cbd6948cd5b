import { startLoad } from "../../../lab/load/start-load.ts";
import { tallyOf, tallyTable } from "../../../lab/load/tally.ts";
import type { Traffic } from "../../../lab/load/tried-request.ts";
import { ingress, ingressClass, service } from "../gateways/shop.ts";
import {
  type GatewayStage,
  type RunningGateway,
  steadily,
  waitFor,
  withGateways,
} from "../gateways/stage.ts";

const clients = ["198.51.100.7", "198.51.100.8", "198.51.100.9"];

const script = `
if (request.url === '/cart/slow') setTimeout(() => response.end('late'), 1500);
else if (request.url === '/cart/cut') { response.writeHead(200, { 'content-length': 100 }); response.write('half'); setTimeout(() => response.destroy(), 20); }
else { request.resume(); request.on('end', () => response.end('ok')); }`;

async function shop(stage: GatewayStage): Promise<RunningGateway> {
  stage.put("ingressclasses", ingressClass("nginx", "k8s.io/ingress-nginx"));
  stage.put("services", service("cart"));
  stage.put("ingresses", ingress("shop", { "/cart": "cart:80" }));
  await stage.serve("cart-1", "10.42.1.5", 8080, script);
  stage.endpoints("cart", 8080, ["10.42.1.5"]);
  const gateway = await stage.start("ingress-nginx/ingress-nginx-controller-5d8f-x", [
    "--post-shutdown-grace-period=0",
  ]);
  await steadily(
    async () => (await gateway.get("/cart", { host: traffic.host })).status === 200,
    gateway.log,
  );
  return gateway;
}

const traffic: Traffic = {
  host: "shop.example.com",
  paths: [
    { path: "/cart", method: "GET", weight: 9 },
    { path: "/cart/order", method: "POST", weight: 1, bodyBytes: 2000 },
  ],
  perSecond: 200,
  clients,
};

const of = (path: string, patienceMs: number): Traffic => ({
  ...traffic,
  paths: [{ path, method: "GET", weight: 1 }],
  perSecond: 20,
  arrivals: "constant",
  patienceMs,
});

/** How late requests of 200 a second are. */
export const lateness = () =>
  withGateways("nginx", async (stage) => {
    const gateway = await shop(stage);
    const load = await startLoad(stage.machine, [traffic], {
      seed: 7,
      seconds: 10,
      targets: () => [gateway.address],
    });
    await load.over;
    const tally = tallyOf(load.requests());
    await load.stop();
    await gateway.stop();
    return { tally, table: tallyTable(tally), log: gateway.log().slice(-2000) };
  });

/** What clients see, and that the gateway's log names every one of their requests. */
export const outcomes = () =>
  withGateways("nginx", async (stage) => {
    const gateway = await shop(stage);
    const streams = [
      { ...of("/cart", 5000), idleConnections: 20 },
      of("/cart/slow", 300),
      of("/cart/cut", 5000),
      of("/nowhere", 5000),
    ];
    const load = await startLoad(stage.machine, streams, {
      seed: 7,
      seconds: 2,
      targets: () => [gateway.address],
    });
    await load.over;
    const tried = load.requests();
    // The last lines may still be on their way; what never comes is told by the counts.
    const isLogged = (): boolean => tried.every(({ id }) => gateway.log().includes(`${id}\n`));
    await waitFor(() => (isLogged() ? true : undefined), gateway.log).catch(() => {});
    const log = gateway.log();
    const byPath = Object.fromEntries(
      [...Map.groupBy(tried, (r) => r.path)].map(([path, of]) => [
        path,
        tallyOf(of).outcomes.map((o) => [o.outcome, o.requests]),
      ]),
    );
    const unnamed = tried.filter(({ id }) => !log.includes(id)).length;
    const wrongClient = tried.filter(
      ({ id, client }) => !log.split("\n").some((line) => line.startsWith(client) && line.endsWith(id)),
    ).length;
    await load.stop();
    await gateway.stop();
    return { byPath, unnamed, wrongClient };
  });
