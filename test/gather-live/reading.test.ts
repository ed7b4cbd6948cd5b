import { describe, expect, test } from "vitest";
import { get, nameOf, namespaceOf } from "../../src/evidence/evidence.ts";
import type { Resource } from "../../src/evidence/kinds.ts";
import { newAccounting } from "../../src/gather/cluster/options.ts";
import { evidenceFrom, gatherFrom } from "./gather.ts";
import { accessLine, cartPods, gatewayPod, ingress, pod, service, shopCluster, slice } from "./shop.ts";

const target = "shop.example.com/cart";
const shop = shopCluster();

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const namesIn = (objects: readonly object[] | undefined): string[] =>
  (objects ?? []).map((o) => `${namespaceOf(o)}/${nameOf(o)}`).sort();

describe("one route", () => {
  test("its Service, pods, owners, nodes, gateway, DNS and the Services it calls", async () => {
    const { objects } = await evidenceFrom(shop, target);
    expect(namesIn(objects.pods)).toEqual([
      `ingress-nginx/${gatewayPod}`,
      "kube-system/coredns-1",
      ...cartPods.map((name) => `shop/${name}`),
    ]);
    expect(namesIn(objects.services)).toEqual([
      "data/redis",
      "ingress-nginx/ingress-nginx-controller",
      "kube-system/kube-dns",
      "shop/cart",
      "shop/orders",
    ]);
    expect(namesIn(objects.endpointslices)).toEqual([
      "data/redis-abc12",
      "kube-system/kube-dns-abc12",
      "shop/cart-abc12",
    ]);
    expect(namesIn(objects.deployments)).toEqual(["ingress-nginx/ingress-nginx-controller", "shop/cart"]);
    expect(objects.configmaps?.map((c) => c.data)).toEqual([{ "proxy-read-timeout": "30" }]);
    expect(objects.nodes?.map(nameOf).sort()).toEqual(["worker-1", "worker-2"]);
    expect(namesIn(objects.events)).toEqual(["default/worker-2.1", "shop/cart.1"]);
  });

  test("logs of the gateway, of both pods, and of the run before the restart", async () => {
    const { logs } = await evidenceFrom(shop, target);
    expect(Object.fromEntries(logs.map((l) => [l.name, text(l.bytes)]))).toEqual({
      [`ingress-nginx/${gatewayPod}/controller`]: accessLine,
      "kube-system/coredns-1/coredns": ".:53\n",
      [`shop/${cartPods[0]}/app`]: "listening on :8080\n",
      [`shop/${cartPods[1]}/app`]: "starting\n",
      [`shop/${cartPods[1]}/app (previous)`]: "panic\n",
    });
  });

  test("only GET, never a Secret, at most forty calls, and the sums add up", async () => {
    const accounting = newAccounting();
    const { requests, progress } = await gatherFrom(shop, target, { options: { accounting } });
    expect(requests.every((r) => r.method === "GET" && !r.path.includes("/secrets"))).toBe(true);
    expect(requests.length).toBeLessThanOrEqual(40);
    expect(accounting.calls).toBe(requests.length);
    expect(accounting.wireBytes).toBe(requests.reduce((sum, r) => sum + r.bytes, 0));
    expect(progress).toContain("reading namespace shop");
    expect(progress).toContain("reading the logs of 2 pods");
  });

  test("what does not exist is known to be absent, and what was not looked at is unknown", async () => {
    const evidence = await evidenceFrom(shop, target);
    expect(get(evidence, "services", "chart", "shop").state).toBe("absent");
    expect(get(evidence, "rollouts", "cart", "shop").state).toBe("absent");
    expect(get(evidence, "deployments", "other", "ingress-nginx").state).toBe("unknown");
    expect(get(evidence, "nodes", "worker-3").state).toBe("unknown");
    expect(get(evidence, "pods", "x", "kube-system").state).toBe("unknown");
  });

  test("a Service named by the application that does not exist is asked for and absent", async () => {
    const services = (shop.objects.services ?? []).filter((s) => nameOf(s) !== "redis");
    const evidence = await evidenceFrom(shopCluster({ services }), target);
    expect(get(evidence, "services", "redis", "data").state).toBe("absent");
  });

  test("a route that leads nowhere costs few calls and still brings the Ingresses and the gateway", async () => {
    const { evidence, requests } = await gatherFrom(shop, "no.such.host");
    expect(evidence?.objects.ingresses).toHaveLength(1);
    expect(namesIn(evidence?.objects.pods)).toEqual([`ingress-nginx/${gatewayPod}`]);
    expect(requests.length).toBeLessThan(15);
  });
});

describe("other targets", () => {
  test("service/NAME without a namespace is found wherever it is", async () => {
    const evidence = await evidenceFrom(shop, "service/cart");
    expect(namesIn(evidence.objects.pods)).toContain(`shop/${cartPods[0]}`);
  });

  test("a Service's name inside the cluster", async () => {
    const evidence = await evidenceFrom(shop, "http://cart.shop.svc.cluster.local/");
    expect(namesIn(evidence.objects.pods)).toContain(`shop/${cartPods[0]}`);
  });

  test("ingress/NAME", async () => {
    const evidence = await evidenceFrom(shop, "ingress/shop", { options: { namespace: "shop" } });
    expect(namesIn(evidence.objects.pods)).toContain(`shop/${cartPods[0]}`);
  });

  test("every route of a namespace: only that namespace, the gateway, and logs of pods that are not ready", async () => {
    const evidence = await evidenceFrom(shop, "", { options: { namespace: "shop" } });
    expect(evidence.coverage).toContainEqual({ resource: "pods", namespace: "shop", extent: "whole" });
    expect(get(evidence, "services", "redis", "data").state).toBe("unknown");
    expect(evidence.logs.map((l) => l.name).filter((n) => n.startsWith("shop/"))).toEqual([
      `shop/${cartPods[1]}/app`,
      `shop/${cartPods[1]}/app (previous)`,
    ]);
  });

  test("every route: everything is whole", async () => {
    const evidence = await evidenceFrom(shop, "", { options: { allNamespaces: true } });
    expect(namesIn(evidence.objects.pods)).toEqual(namesIn(shop.objects.pods));
    expect(get(evidence, "services", "none", "data").state).toBe("absent");
    expect(evidence.objects.nodes).toHaveLength(3);
  });

  test("every route: the context's namespace is the scope when it names one", async () => {
    const evidence = await evidenceFrom(shop, "", { serve: { namespace: "data" } });
    expect(namesIn(evidence.objects.services)).toContain("data/redis");
    expect(namesIn(evidence.objects.services)).not.toContain("shop/cart");
  });
});

const labels = (app: string) => ({ app, "pod-template-hash": "5d9c7b" });

const meta = (name: string) => ({ namespace: "shop", name, labels: { app: name.split("-")[0] ?? "" } });

describe("a large namespace", () => {
  const others = Array.from({ length: 300 }, (_, i) =>
    pod({ namespace: "shop", name: `other-5d9c7b-${i}`, labels: labels("other") }),
  );
  const template = { spec: { containers: [] } };
  const large = shopCluster({
    pods: [...(shop.objects.pods ?? []), ...others],
    endpointslices: [
      ...(shop.objects.endpointslices ?? []),
      ...Array.from({ length: 150 }, (_, i) => slice("shop", `other-${i}`, [])),
    ],
    deployments: [
      ...(shop.objects.deployments ?? []),
      ...Array.from({ length: 150 }, (_, i) => ({
        metadata: meta(`a-${i}`),
        spec: { selector: {}, template },
      })),
    ],
    replicasets: [
      ...(shop.objects.replicasets ?? []),
      { metadata: meta("cart-0ldone"), spec: { selector: {}, template } },
      ...Array.from({ length: 150 }, (_, i) => ({ metadata: meta(`a-${i}`), spec: { selector: {} } })),
    ],
  });

  test("is narrowed to the route, and says so", async () => {
    const { evidence, requests } = await gatherFrom(large, target);
    if (evidence === undefined) throw new Error("no evidence");
    const extent = (resource: Resource) =>
      evidence.coverage.filter((c) => c.resource === resource && c.namespace === "shop").map((c) => c.extent);
    expect(requests.length).toBeLessThanOrEqual(45);
    expect(extent("pods")).toEqual(["selected"]);
    expect(extent("endpointslices")).toEqual(["selected"]);
    expect(namesIn(evidence.objects.pods)).toEqual(
      expect.arrayContaining(cartPods.map((name) => `shop/${name}`)),
    );
    expect(namesIn(evidence.objects.endpointslices)).toContain("shop/cart-abc12");
    expect(get(evidence, "deployments", "cart", "shop").state).toBe("present");
    expect(get(evidence, "replicasets", "cart-0ldone", "shop").state).toBe("present");
    expect(get(evidence, "deployments", "unread", "shop").state).toBe("unknown");
  });

  test("whose Service selects nothing is read on, to see what it should have selected", async () => {
    const services = [service("shop", "cart", { app: "chart" }), ...(shop.objects.services ?? []).slice(1)];
    const evidence = await evidenceFrom({ ...large, objects: { ...large.objects, services } }, target);
    expect(evidence.coverage).toContainEqual({ resource: "pods", namespace: "shop", extent: "whole" });
    expect(evidence.objects.pods?.filter((p) => namespaceOf(p) === "shop")).toHaveLength(302);
  });
});

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => ingress("shop", `i-${i}`, `h${i}.example.com`, "/", "cart"));

const gone = (nth: number) => ({ match: { resource: "ingresses", nth }, answer: 410 as const });

describe("lists", () => {
  test("come in pages", async () => {
    const { evidence, requests } = await gatherFrom(
      shopCluster({ ingresses: many(1201) }),
      "h1200.example.com",
    );
    expect(requests.filter((r) => r.resource === "ingresses")).toHaveLength(3);
    expect(evidence?.objects.ingresses).toHaveLength(1201);
    expect(namesIn(evidence?.objects.pods)).toContain(`shop/${cartPods[0]}`);
  });

  test("whose continue token expires are begun again, once", async () => {
    const once = await gatherFrom(shopCluster({ ingresses: many(1201) }), "h1200.example.com", {
      serve: { faults: [gone(2)] },
    });
    expect(once.requests.filter((r) => r.resource === "ingresses").map((r) => r.code)).toEqual([
      200, 410, 200, 200, 200,
    ]);
    expect(once.evidence?.objects.ingresses).toHaveLength(1201);
    const twice = await gatherFrom(shopCluster({ ingresses: many(1201) }), "h0.example.com", {
      serve: { faults: [gone(2), gone(4)] },
    });
    expect(twice.evidence?.coverage.find((c) => c.resource === "ingresses")?.extent).toBe("failed");
    expect(twice.evidence?.losses.map((l) => l.what)).toContain("ingresses after the first 500");
  });

  test("do not keep managedFields or what kubectl apply left behind", async () => {
    const [cart, ...others] = shop.objects.services ?? [];
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}", kept: "yes" };
    const metadata = {
      ...cart?.metadata,
      annotations,
      managedFields: [{ manager: "kubectl", fieldsV1: { "f:spec": {} } }],
    };
    const evidence = await evidenceFrom(
      shopCluster({ services: [{ ...cart, metadata }, ...others] }),
      target,
    );
    const read = evidence.objects.services?.find((s) => nameOf(s) === "cart");
    expect(read).toMatchObject({ apiVersion: "v1", kind: "Service" });
    expect(read?.metadata?.annotations).toEqual({ kept: "yes" });
    expect(read?.metadata?.managedFields ?? []).toEqual([]);
  });
});

describe("logs", () => {
  const bytes = new TextEncoder().encode(accessLine.repeat(1000));
  const busy = { ...shop, logs: shop.logs.map((l) => (l.container === "controller" ? { ...l, bytes } : l)) };

  test("of a busy gateway are its newest lines, and the rest is a loss", async () => {
    const limit = 40_000;
    const evidence = await evidenceFrom(busy, target, { options: { gatewayLogBytes: limit } });
    const log = evidence.logs.find((l) => l.container === "controller");
    expect(text(log?.bytes)).toBe(accessLine.repeat(limit / 400));
    expect(evidence.losses).toEqual([
      { what: `log of ingress-nginx/${gatewayPod}/controller`, why: "only the last 100 lines were read" },
    ]);
  });
});

describe("the gateway", () => {
  const unlabelled = (shop.objects.pods ?? []).map((p) =>
    nameOf(p) === gatewayPod ? { ...p, metadata: { ...p.metadata, labels: { app: "edge" } } } : p,
  );

  test("without its usual labels is found among the pods of the cluster", async () => {
    const evidence = await evidenceFrom(shopCluster({ pods: unlabelled }), target);
    expect(evidence.logs.map((l) => l.container)).toContain("controller");
    expect(evidence.coverage).toContainEqual({ resource: "pods", extent: "whole" });
  });

  test("may not be looked for everywhere: the usual namespaces are tried", async () => {
    const { evidence } = await gatherFrom(shop, target, {
      serve: { denied: [{ resource: "pods", exceptNamespaces: ["shop", "ingress-nginx", "kube-system"] }] },
    });
    expect(evidence?.logs.map((l) => l.container)).toContain("controller");
  });

  test("of a second kind, with rarer labels, is found without looking through all pods", async () => {
    const traefik = pod({
      namespace: "edge",
      name: "traefik-1",
      labels: { "k8s-app": "traefik-ingress-lb" },
      image: "traefik:v3.1",
      args: ["--providers.kubernetesingress"],
    });
    const [own] = shop.objects.ingresses ?? [];
    const evidence = await evidenceFrom(
      shopCluster({
        pods: [...(shop.objects.pods ?? []), traefik],
        ingresses: [{ ...own, spec: { ...own?.spec, ingressClassName: "traefik" } }],
        ingressclasses: [
          ...(shop.objects.ingressclasses ?? []),
          { metadata: { name: "traefik" }, spec: { controller: "traefik.io/ingress-controller" } },
        ],
      }),
      target,
    );
    expect(evidence.logs.map((l) => l.pod)).toContain("traefik-1");
    expect(evidence.coverage).not.toContainEqual({ resource: "pods", extent: "whole" });
  });
});

describe("a Service that may be read by name only", () => {
  test("is read by name", async () => {
    const evidence = await evidenceFrom(shop, target, {
      serve: { denied: [{ resource: "services", verbs: ["list"] }] },
    });
    expect(get(evidence, "services", "cart", "shop").state).toBe("present");
  });
});
