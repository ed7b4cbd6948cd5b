import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { openStore, type Store } from "../../../lab/api-server/store.ts";
import { serveDns } from "../../../lab/network/dns/serve-dns.ts";
import { storeView } from "../../../lab/network/dns/store-view.ts";
import { answerName } from "../../../lab/network/dns/zone.ts";
import { enforcePolicies } from "../../../lab/network/policy/enforce-policies.ts";
import { relayServices } from "../../../lab/network/services/relay-services.ts";
import { evidenceOf } from "../../support/evidence.ts";
import { connectFrom, eventually, greet, longMs, output, withNetwork } from "./inside.ts";

const emptyStore = (): Store => openStore(evidenceOf([]));

const service: KubeObject = {
  metadata: { name: "cart", namespace: "shop" },
  spec: { clusterIP: "10.96.7.7", ports: [{ name: "http", port: 80, targetPort: 8080 }] },
};

const slice = (endpoints: readonly { address: string; ready: boolean; serving?: boolean }[]): KubeObject => ({
  metadata: { name: "cart-x", namespace: "shop", labels: { "kubernetes.io/service-name": "cart" } },
  ports: [{ name: "http", port: 8080, protocol: "TCP" }],
  endpoints: endpoints.map(({ address, ready, serving = ready }) => ({
    addresses: [address],
    conditions: { ready, serving, terminating: serving && !ready },
  })),
});

export const services = (): Promise<Record<string, unknown>> =>
  withNetwork(async (network) => {
    const store = emptyStore();
    const stop = relayServices({ store, network, delayMs: 10 });
    await network.attach("shop/web", "10.42.1.1");
    await network.attach("shop/cart-1", "10.42.1.2");
    await network.attach("shop/cart-2", "10.42.1.3");
    await greet(network, "shop/cart-1", 8080);
    store.put("services", service);
    const toService = (wanted: string): Promise<string> =>
      eventually(
        () => connectFrom(network, "shop/web", "10.96.7.7", 80, wanted === "hangs" ? 1000 : longMs),
        wanted,
      );
    const refused = "ECONNREFUSED";
    const fromCart = "shop/cart-1 to 10.0.0.1";
    const seen: Record<string, unknown> = { noEndpoint: await toService(refused) };
    store.put("endpointslices", slice([{ address: "10.42.1.2", ready: true }]));
    seen["ready"] = await toService(fromCart);
    const undo = await network.cut("shop/web", "shop/cart-1");
    seen["cut"] = await toService("hangs");
    await undo();
    store.put("endpointslices", slice([{ address: "10.42.1.3", ready: true }]));
    seen["nothingListens"] = await toService("ECONNRESET");
    store.put(
      "endpointslices",
      slice([
        { address: "10.42.1.2", ready: false },
        { address: "10.42.1.3", ready: false },
      ]),
    );
    seen["unready"] = await toService(refused);
    store.put("endpointslices", slice([{ address: "10.42.1.2", ready: false, serving: true }]));
    seen["terminating"] = await toService(fromCart);
    store.remove("services", "cart", "shop");
    seen["noService"] = await toService("hangs");
    await stop();
    return seen;
  });

const lookup = `require("node:dns").lookup(process.argv[1], { family: 4 }, (e, a) => console.log(e ? e.code : a))`;
const resolveAll = `
const dns = require("node:dns").promises, name = process.argv[1];
const r = new dns.Resolver({ timeout: Number(process.argv[2]), tries: 1 });
Promise.allSettled([r.resolve4(name), r.resolveSrv("_http._tcp." + name), r.resolve6(name)]).then((all) =>
  console.log(JSON.stringify(all.map((p) => p.value ?? p.reason.code))));`;

/** RFC 1035 4.2.2: a question over TCP, and what came back, in short. */
const askOverTcp = `
const name = process.argv[1];
const labels = name.split(".").flatMap((l) => [l.length, ...Buffer.from(l)]);
const message = Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
const socket = require("node:net").connect(53, "10.96.0.10");
socket.write(Buffer.concat([Buffer.from([0, message.length]), message]));
socket.once("data", (d) => {
  console.log(["NOERROR"][d[5] & 15] + " " + [...d.subarray(-4)].join("."));
  process.exit();
});`;

export const names = (): Promise<Record<string, unknown>> =>
  withNetwork(async (network) => {
    const store = emptyStore();
    store.put("namespaces", { metadata: { name: "shop" } });
    store.put("services", service);
    await network.addRootAddress("10.96.0.10");
    const lines: string[] = [];
    const view = storeView(store, new Map([["db.example.com", ["203.0.113.20"]]]));
    const dns = await serveDns({
      address: "10.96.0.10",
      answer: (name, type) => answerName(view, name, type),
      onLine: (line) => lines.push(line),
    });
    await network.attach("shop/web", "10.42.1.1");
    const node = (script: string, name: string, patienceMs = longMs): Promise<string> =>
      output(
        network.spawn("shop/web", process.execPath, ["-e", script, name, String(patienceMs)], {
          stdio: ["ignore", "pipe", "pipe"],
        }),
      );
    const seen: Record<string, unknown> = { short: await node(lookup, "cart") };
    const firstLines = lines.splice(0);
    seen["outside"] = await node(lookup, "db.example.com");
    seen["searched"] = lines.splice(0).map((line) => line.split(" ")[6]);
    seen["missing"] = await node(lookup, "card.shop");
    seen["all"] = JSON.parse(await node(resolveAll, "cart.shop.svc.cluster.local"));
    seen["overTcp"] = await node(askOverTcp, "cart.shop.svc.cluster.local");
    dns.conduct({ instead: "SERVFAIL" });
    seen["servfail"] = await node(lookup, "cart");
    dns.conduct({ instead: "silent" });
    seen["silent"] = JSON.parse(await node(resolveAll, "cart.shop.svc.cluster.local", 400))[0];
    dns.conduct({ delayMs: 300, names: "example.com" });
    const startMs = performance.now();
    await node(`require("node:dns").promises.resolve4(process.argv[1])`, "db.example.com.");
    seen["slowMs"] = performance.now() - startMs;
    await dns.down();
    seen["down"] = JSON.parse(await node(resolveAll, "cart.shop.svc.cluster.local"))[0];
    await dns.up();
    dns.conduct({});
    seen["up"] = await node(lookup, "cart");
    await dns.close();
    return { ...seen, firstLines };
  });

const pod = (namespace: string, name: string, labels: Record<string, string>): KubeObject => ({
  metadata: { name, namespace, labels },
  spec: { containers: [{ name: "app", ports: [{ name: "http", containerPort: 8080 }] }] },
});

const policy = (name: string, spec: object): KubeObject => ({ metadata: { name, namespace: "shop" }, spec });

export const policies = (): Promise<Record<string, unknown>> =>
  withNetwork(async (network) => {
    const store = emptyStore();
    store.put("namespaces", { metadata: { name: "ingress", labels: { role: "edge" } } });
    store.put("pods", pod("shop", "cart", { app: "cart" }));
    store.put("pods", pod("shop", "web", { app: "web" }));
    store.put("pods", pod("ingress", "nginx", { app: "nginx" }));
    const enforcement = enforcePolicies(store, network, 10);
    await network.attach("shop/cart", "10.42.1.1");
    await network.attach("shop/web", "10.42.1.2");
    await network.attach("ingress/nginx", "10.42.250.7");
    await greet(network, "shop/cart", 8080);
    await greet(network, "shop/cart", 9090, "metrics");
    await greet(network, "shop/web", 8080);
    const ways = [
      ["shop/web", "10.42.1.1", 8080, "shop/cart to 10.42.1.2"],
      ["ingress/nginx", "10.42.1.1", 8080, "shop/cart to 10.42.250.7"],
      ["ingress/nginx", "10.42.1.1", 9090, "metrics to 10.42.250.7"],
      ["shop/cart", "10.42.1.2", 8080, "shop/web to 10.42.1.1"],
    ] as const;
    /** @param open which of the four ways are to be so in the end */
    const look = (...open: readonly number[]): Promise<string[]> =>
      eventually(
        () =>
          Promise.all(
            ways.map(([from, to, port], n) =>
              connectFrom(network, from, to, port, open.includes(n) ? 5000 : 700),
            ),
          ),
        ways.map(([, , , answer], n) => (open.includes(n) ? answer : "hangs")),
      );
    const seen: Record<string, unknown> = { none: await look(0, 1, 2, 3) };
    store.put("networkpolicies", policy("deny", { podSelector: {}, policyTypes: ["Ingress"] }));
    seen["denied"] = await look();
    store.put(
      "networkpolicies",
      policy("allow", {
        podSelector: { matchLabels: { app: "cart" } },
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { role: "edge" } } }],
            ports: [{ port: "http" }],
          },
        ],
      }),
    );
    seen["edgeAllowed"] = await look(1);
    store.remove("networkpolicies", "deny", "shop");
    store.put(
      "networkpolicies",
      policy("out", {
        podSelector: { matchLabels: { app: "cart" } },
        policyTypes: ["Egress"],
        egress: [{ to: [{ podSelector: { matchLabels: { app: "db" } } }] }],
      }),
    );
    seen["egress"] = await look(1);
    seen["dns"] = enforcement.permits("10.42.1.1", "10.96.0.10", "udp", 53);
    store.put("pods", pod("shop", "web", { app: "db" }));
    seen["relabelled"] = await look(1, 3);
    store.remove("networkpolicies", "out", "shop");
    store.remove("networkpolicies", "allow", "shop");
    seen["lifted"] = await look(0, 1, 2, 3);
    await enforcement.stop();
    return seen;
  });
