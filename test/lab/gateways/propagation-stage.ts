import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayName } from "../../../lab/faults/fault.ts";
import type { Pace } from "../../../lab/gateways/feed/message.ts";
import { propagationMs } from "../../../lab/gateways/propagation.ts";
import { ingress, ingressClass, service } from "./shop.ts";
import { type GatewayStage, waitFor, withGateways } from "./stage.ts";

const controllers = { nginx: "k8s.io/ingress-nginx", haproxy: "haproxy-ingress.github.io/controller" };
const pods = { nginx: "ingress-nginx/controller-x", haproxy: "ingress-haproxy/controller-x" };
const ready = ["10.42.1.5", "10.42.1.6"];

/** Takes one of two endpoints out, over and over; milliseconds until it got no request any more. */
async function measure(
  gateway: GatewayName,
  stage: GatewayStage,
  times: number,
  pace?: Pace,
): Promise<number[]> {
  stage.put("ingressclasses", ingressClass(gateway, controllers[gateway]));
  stage.put("services", service("cart"));
  stage.put("ingresses", ingress("shop", { "/cart": "cart:80" }, {}, gateway));
  await stage.serve("cart-1", ready[0]!, 8080);
  await stage.serve("cart-2", ready[1]!, 8080);
  stage.endpoints("cart", 8080, ready);
  const running = await stage.start(pods[gateway], ["--post-shutdown-grace-period=0"]);
  const ask = (): Promise<string | undefined> =>
    running.get("/cart", { host: "shop.example.com" }).then(
      ({ body }) => body,
      () => undefined,
    );
  if (pace !== undefined) stage.feed.setPace(pace);
  const seen: number[] = [];
  for (let n = 0; n < times; n += 1) {
    await waitFor(async () => ((await ask()) === "cart-1" ? true : undefined), running.log);
    await sleep(137 * n);
    const change = (): void => stage.endpoints("cart", 8080, ["10.42.1.6"]);
    seen.push(Math.round(await propagationMs(ask, change, "cart-1", pace === undefined ? 1800 : 6000)));
    stage.endpoints("cart", 8080, ready);
  }
  await running.stop();
  return seen;
}

/** Their own pace. */
export const nginx = () =>
  withGateways("nginx", (stage) => measure("nginx", stage, 6, { syncsPerSecond: 0.3, endpointsDelayMs: 0 }));
export const haproxy = () =>
  withGateways("haproxy", (stage) =>
    measure("haproxy", stage, 6, { syncsPerSecond: 0.5, endpointsDelayMs: 200 }),
  );
/** Two seconds more. */
export const slowed = () =>
  withGateways("nginx", (stage) =>
    measure("nginx", stage, 2, { syncsPerSecond: 20, endpointsDelayMs: 2000 }),
  );
