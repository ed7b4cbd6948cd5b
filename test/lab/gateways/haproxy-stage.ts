import { ingress, ingressClass, service } from "./shop.ts";
import { type RunningGateway, waitFor, withGateways } from "./stage.ts";

const host = { host: "shop.example.com" };

/** Access lines of a path from the backend on, without the times. */
const linesOf = (gateway: RunningGateway, path: string): string[] =>
  gateway
    .log()
    .split("\n")
    .filter((line) => line.includes(` ${path} HTTP/1.1"`))
    .map((line) => line.replace(/^.*?\] /, "").replace(/ [-\d]+\/[-\d]+\/[-\d]+\/[-\d]+\/\+?\d+ /, " T "));

/** What becomes of requests, and endpoints that change by the runtime API alone. */
export const routes = (): Promise<Record<string, unknown>> =>
  withGateways("haproxy", async (stage) => {
    stage.put("ingressclasses", ingressClass("haproxy", "haproxy-ingress.github.io/controller"));
    const annotations = { "haproxy-ingress.github.io/timeout-server": "1s" };
    for (const name of ["cart", "slow", "down", "empty"]) stage.put("services", service(name));
    await stage.serve("cart-1", "10.42.1.5", 8080);
    await stage.serve("cart-2", "10.42.1.6", 8080);
    await stage.serve("slow-1", "10.42.1.7", 8080, "setTimeout(() => response.end('late'), 3000)");
    stage.endpoints("cart", 8080, ["10.42.1.5"]);
    stage.endpoints("slow", 8080, ["10.42.1.7"]);
    stage.endpoints("down", 9999, ["10.42.1.5"]);
    const paths = { "/cart": "cart:80", "/down": "down:80", "/empty": "empty:80", "/missing": "missing:80" };
    stage.put("ingresses", ingress("shop", paths, {}, "haproxy"));
    stage.put("ingresses", ingress("slow", { "/slow": "slow:80" }, annotations, "haproxy"));
    const gateway = await stage.start("ingress-haproxy/haproxy-ingress-7c9-x");
    await waitFor(
      async () =>
        (await gateway.get("/cart", host).catch(() => undefined))?.status === 200 ? true : undefined,
      gateway.log,
    );
    const all = ["/slow", "/down", "/empty", "/missing", "/cart/x"];
    await Promise.all(all.map((path) => gateway.get(path, host)));
    stage.endpoints("cart", 8080, ["10.42.1.6"]);
    const moved = await waitFor(async () => {
      const { body } = await gateway.get("/cart/y", host);
      return body === "cart-1" ? undefined : body;
    }, gateway.log);
    await waitFor(
      () => (all.every((path) => linesOf(gateway, path).length > 0) ? true : undefined),
      gateway.log,
    );
    const seen = Object.fromEntries(all.map((path) => [path, linesOf(gateway, path)]));
    const code = await gateway.stop();
    return { seen, moved, code, log: gateway.log() };
  });
