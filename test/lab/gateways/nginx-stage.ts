import { setTimeout as sleep } from "node:timers/promises";
import { ingress, ingressClass, nginx, service } from "./shop.ts";
import { type GatewayStage, type RunningGateway, steadily, waitFor, withGateways } from "./stage.ts";

const pod = "ingress-nginx/ingress-nginx-controller-5d8f-x";
const args = ["--post-shutdown-grace-period=0"];
const host = { host: "shop.example.com" };

/** Access lines of a path, without what differs from run to run. */
const linesOf = (gateway: RunningGateway, path: string): string[] =>
  gateway
    .log()
    .split("\n")
    .filter((line) => line.includes(` ${path} HTTP/1.1"`) && !line.includes(" client: "))
    .map((line) =>
      line
        .replace(/^.*?" (?=\d{3} )/, "")
        .replace(/\d+\.\d{3}/g, "T")
        .replace(/ [0-9a-f]{32}$/, " ID"),
    );

const cart = async (stage: GatewayStage): Promise<void> => {
  stage.put("ingressclasses", ingressClass("nginx", "k8s.io/ingress-nginx"));
  stage.put("services", service("cart", 80, 8080, { clusterIP: "10.96.7.1" }));
  await stage.serve("cart-1", "10.42.1.5", 8080);
  await stage.serve("cart-2", "10.42.1.6", 8080);
  stage.endpoints("cart", 8080, ["10.42.1.5", "10.42.1.6"]);
};

/** All workers of the gateway answer so. */
const answers = (
  gateway: RunningGateway,
  path: string,
  isWanted: (body: string, status: number) => boolean,
  headers: Record<string, string> = host,
): Promise<void> =>
  steadily(
    () =>
      gateway.get(path, headers).then(
        ({ body, status }) => isWanted(body, status),
        () => false,
      ),
    gateway.log,
  );
const isCart = (body: string): boolean => body.startsWith("cart-");

/** Endpoints come and go without a reload; the controller ends in order. */
export const changingEndpoints = (): Promise<Record<string, unknown>> =>
  withGateways("nginx", async (stage) => {
    await cart(stage);
    stage.put("ingresses", ingress("shop", { "/cart": "cart:80" }));
    const gateway = await stage.start(pod, args);
    await answers(gateway, "/cart/x", isCart);
    const from = async (): Promise<string> => (await gateway.get("/cart/x", host)).body;
    const both = new Set([await from(), await from(), await from(), await from()]);
    stage.endpoints("cart", 8080, ["10.42.1.6"]);
    await answers(gateway, "/cart/x", (body) => body === "cart-2");
    const rest = new Set([await from(), await from(), await from(), await from()]);
    stage.endpoints("cart", 8080, []);
    await answers(gateway, "/cart/x", (_, status) => status === 503);
    const none = await gateway.get("/cart/none", host);
    await gateway.line(/GET \/cart\/none/);
    const unknownHost = await gateway.get("/", { host: "other.example.com" });
    const code = await gateway.stop();
    const reloads = gateway.log().match(/Backend successfully reloaded/g)?.length;
    const events = stage.machine.store.list("events").map(({ object }) => `${object["reason"]}`);
    return {
      both: [...both].sort(),
      rest: [...rest],
      none: none.status,
      noneLines: linesOf(gateway, "/cart/none"),
      unknownHost: unknownHost.status,
      code,
      reloads,
      events: events.sort(),
      log: gateway.log(),
    };
  });

/** One path for each annotation that decides what becomes of a request. */
export const annotations = (): Promise<Record<string, unknown>> =>
  withGateways("nginx", async (stage) => {
    await cart(stage);
    const data = { "allow-snippet-annotations": "true" };
    stage.put("configmaps", {
      metadata: { name: "ingress-nginx-controller", namespace: "ingress-nginx" },
      data,
    });
    const route = (name: string, backend: string, values: Record<string, string> = {}): void =>
      stage.put("ingresses", ingress(name, { [`/${name}`]: backend }, nginx(values)));
    for (const name of ["slow", "down", "vanished", "canary", "big", "errors", "gone-dns"])
      stage.put("services", service(name));
    stage.put(
      "services",
      service("outside", 80, 80, { type: "ExternalName", externalName: "cart.shop.svc.cluster.local" }),
    );
    stage.put(
      "services",
      service("gone-dns", 80, 8080, { type: "ExternalName", externalName: "gone.example.com" }),
    );
    await stage.serve("slow-1", "10.42.1.7", 8080, "setTimeout(() => response.end('late'), 3000)");
    await stage.serve("canary-1", "10.42.1.8", 8080);
    await stage.serve(
      "big-1",
      "10.42.1.9",
      8080,
      "response.setHeader('x', 'a'.repeat(9000)); response.end()",
    );
    await stage.serve("errors-1", "10.42.1.10", 8080, "response.statusCode = 503; response.end('own')");
    stage.endpoints("slow", 8080, ["10.42.1.7"]);
    stage.endpoints("down", 8080, ["10.42.1.5"]);
    stage.put("endpointslices", {
      ...stage.machine.store.get("endpointslices", "down-x7k2p", "shop")!.object,
      ports: [{ name: "", port: 9999, protocol: "TCP" }],
    });
    stage.endpoints("vanished", 8080, ["10.42.1.99"]);
    stage.endpoints("canary", 8080, ["10.42.1.8"]);
    stage.endpoints("big", 8080, ["10.42.1.9"]);
    stage.endpoints("errors", 8080, ["10.42.1.10"]);
    route("slow", "slow:80", { "proxy-read-timeout": "1", "proxy-next-upstream-tries": "1" });
    route("down", "down:80");
    // Of three tries the last would end when the kernel gives the address up, after 3 s.
    route("vanished", "vanished:80", { "proxy-connect-timeout": "1", "proxy-next-upstream-tries": "2" });
    route("missing", "missing:80");
    route("wrong-port", "cart:81");
    route("limited", "cart:80", { "limit-rpm": "2", "limit-burst-multiplier": "1" });
    route("snippet", "cart:80", { "configuration-snippet": "return 503;" });
    route("big", "big:80");
    route("errors", "errors:80", { "custom-http-errors": "503" });
    route("outside", "outside:80");
    route("gone-dns", "gone-dns:80");
    route("tls", "cart:80", { "backend-protocol": "HTTPS" });
    stage.put(
      "ingresses",
      ingress("canary", { "/cart": "canary:80" }, nginx({ canary: "true", "canary-weight": "100" })),
    );
    route("cart", "cart:80");
    const gateway = await stage.start(pod, args);
    await answers(gateway, "/cart/first", (body) => body === "canary-1");
    const paths = [
      "/slow",
      "/down",
      "/vanished",
      "/missing",
      "/wrong-port",
      "/snippet",
      "/big",
      "/errors",
      "/outside",
      "/gone-dns",
      "/tls",
      "/cart",
    ];
    await Promise.all(paths.map((path) => gateway.get(path, host)));
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => gateway.get("/limited", host)));
    const all = ["/limited", ...paths];
    await waitFor(
      () =>
        all.every((path) => linesOf(gateway, path).length >= (path === "/limited" ? 6 : 1))
          ? true
          : undefined,
      gateway.log,
    );
    const seen = Object.fromEntries(all.map((path) => [path, linesOf(gateway, path)]));
    await gateway.stop();
    return { seen, log: gateway.log() };
  });

/** A change of the Ingress reloads; what nginx refuses does not replace what runs. */
export const reloads = (): Promise<Record<string, unknown>> =>
  withGateways("nginx", async (stage) => {
    await cart(stage);
    const data = { "allow-snippet-annotations": "true" };
    stage.put("configmaps", {
      metadata: { name: "ingress-nginx-controller", namespace: "ingress-nginx" },
      data,
    });
    stage.put("ingresses", ingress("shop", { "/cart": "cart:80" }));
    const gateway = await stage.start(pod, args);
    await answers(gateway, "/cart", isCart);
    const before = (await gateway.get("/new", host)).status;
    stage.put("ingresses", ingress("shop", { "/cart": "cart:80", "/new": "cart:80" }));
    await answers(gateway, "/new", isCart);
    const after = (await gateway.get("/new", host)).status;
    stage.put(
      "ingresses",
      ingress("bad", { "/bad": "cart:80" }, nginx({ "configuration-snippet": "no_such_thing;" })),
    );
    const refusal = await gateway.line(/no_such_thing/);
    const still = (await gateway.get("/new", host)).status;
    await gateway.stop();
    const warnings = stage.machine.store
      .list("events")
      .filter(({ object }) => object["type"] === "Warning")
      .map(({ object }) => object["reason"]);
    return { before, after, refusal, still, warnings: [...new Set(warnings)], log: gateway.log() };
  });

/** Where requests go, by the rest of the annotations. */
export const destinations = (): Promise<Record<string, unknown>> =>
  withGateways("nginx", async (stage) => {
    await cart(stage);
    const route = (name: string, path: string, backend: string, values: Record<string, string>): void =>
      stage.put("ingresses", ingress(name, { [path]: backend }, nginx(values)));
    const echo = "response.end(request.headers.host + ' ' + request.url)";
    for (const name of ["echo", "empty", "fallback", "held"]) stage.put("services", service(name));
    await stage.serve("echo-1", "10.42.1.7", 8080, echo);
    await stage.serve("fallback-1", "10.42.1.8", 8080, "response.end('code ' + request.headers['x-code'])");
    stage.endpoints("echo", 8080, ["10.42.1.7"]);
    stage.endpoints("fallback", 8080, ["10.42.1.8"]);
    stage.endpoints("held", 8080, ["10.42.1.5"]);
    route("vhost", "/vhost", "echo:80", { "upstream-vhost": "inner.example.com" });
    route("fallback", "/empty", "empty:80", { "default-backend": "fallback" });
    route("sticky", "/sticky", "cart:80", { affinity: "cookie" });
    route("held", "/held", "held:80", {});
    const rewritten = ingress("rewritten", { "/api/(.*)": "echo:80" }, nginx({ "rewrite-target": "/$1" }));
    const rules = rewritten["spec"] as { rules: { host: string }[] };
    rules.rules[0]!.host = "api.example.com";
    stage.put("ingresses", rewritten);
    const service1 = { host: "shop.example.com" };
    stage.put("services", service("clustered", 80, 8080, { clusterIP: "10.96.7.2" }));
    stage.endpoints("clustered", 8080, ["10.42.1.6"]);
    route("clustered", "/clustered", "clustered:80", { "service-upstream": "true" });
    const gateway = await stage.start(pod, args);
    await answers(gateway, "/held", (body) => body === "cart-1");
    const body = async (path: string, headers: Record<string, string> = service1): Promise<string> =>
      (await gateway.get(path, headers)).body;
    const first = await gateway.get("/sticky", host);
    const cookie = (first.headers["set-cookie"] ?? [""])[0]!.split(";")[0]!;
    const sticky = new Set([first.body]);
    for (let n = 0; n < 6; n += 1) sticky.add(await body("/sticky", { ...host, cookie }));
    const release = stage.feed.hold(["endpointslices"]);
    stage.endpoints("held", 8080, ["10.42.1.6"]);
    await sleep(1300);
    const held = await body("/held");
    release();
    await answers(gateway, "/held", (of) => of === "cart-2");
    const seen = {
      vhost: await body("/vhost"),
      fallback: await body("/empty"),
      sticky: sticky.size,
      held: [held, await body("/held")],
      rewritten: await body("/api/v1/items", { host: "api.example.com" }),
      clustered: await body("/clustered"),
    };
    await gateway.line(/GET \/clustered/);
    const clusteredLine = linesOf(gateway, "/clustered")[0];
    await gateway.stop();
    return { ...seen, clusteredLine, log: gateway.log() };
  });

/** A worker that may have few connections, while slow requests hold them. */
export const fewConnections = (): Promise<Record<string, unknown>> =>
  withGateways("nginx", async (stage) => {
    await cart(stage);
    await stage.serve("slow-1", "10.42.1.7", 8080, "setTimeout(() => response.end('late'), 3000)");
    stage.put("services", service("slow"));
    stage.endpoints("slow", 8080, ["10.42.1.7"]);
    const data = { "max-worker-connections": "20", "worker-processes": "1" };
    const metadata = { name: "ingress-nginx-controller", namespace: "ingress-nginx" };
    stage.put("configmaps", { metadata, data });
    stage.put("ingresses", ingress("shop", { "/slow": "slow:80", "/cart": "cart:80" }));
    const gateway = await stage.start(pod, args);
    await answers(gateway, "/cart", isCart);
    const tried = Array.from({ length: 14 }, () =>
      gateway.get("/slow", host).then(
        ({ status }) => String(status),
        () => "none",
      ),
    );
    const line = await gateway.line(/worker_connections are not enough/);
    const statuses = [...new Set(await Promise.all(tried))].sort();
    await gateway.stop();
    return { line, statuses, log: gateway.log() };
  });
