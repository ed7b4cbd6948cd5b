import { describe, expect, it } from "vitest";
import type { Coverage } from "../../src/evidence/evidence.ts";
import { ingress, ingressClass, nginxPod, service } from "./objects.ts";
import { lines, resolve } from "./routing.ts";

const classes = ingressClass("nginx");
const web = ingress({
  className: "nginx",
  rules: ["shop.example.com/cart Prefix cart", "shop.example.com/pay Prefix pay"],
});

describe("ingress/NAME", () => {
  it("gives every route of it", () => {
    expect(lines(resolve([classes, web], "ingress/web"))).toEqual([
      "web shop.example.com/cart → cart",
      "web shop.example.com/pay → pay",
    ]);
  });

  it("uses the only namespace that has one, and asks when there are two", () => {
    const other = ingress({
      namespace: "blog",
      className: "nginx",
      rules: ["blog.example.com/ Prefix blog"],
    });
    expect(resolve([classes, other], "ingress/web").routes[0]?.namespace).toBe("blog");
    const { routes, problem } = resolve([classes, web, other], "ingress/web");
    expect(routes).toEqual([]);
    expect(problem).toMatchObject({ near: ["blog", "shop"] });
    expect(lines(resolve([classes, web, other], "ingress/web", "blog"))).toEqual([
      "web blog.example.com/ → blog",
    ]);
  });

  it("offers near names, and the namespace of one that is elsewhere", () => {
    expect(resolve([classes, web], "ingress/wbe")).toMatchObject({ routes: [], problem: { near: ["web"] } });
    expect(resolve([classes, web], "ingress/web", "other")).toMatchObject({
      routes: [],
      problem: { near: ["shop"] },
    });
  });
});

describe("service/NAME", () => {
  it("gives every rule that leads to it", () => {
    const more = ingress({ name: "more", className: "nginx", rules: ["m.example.com/ Prefix cart"] });
    expect(lines(resolve([classes, web, more, service("cart")], "service/cart"))).toEqual([
      "web shop.example.com/cart → cart",
      "more m.example.com/ → cart",
    ]);
  });

  it("gives the Service alone when no rule leads to it", () => {
    const { routes, problem } = resolve([classes, web, service("redis")], "service/redis");
    expect(problem).toBeUndefined();
    expect(routes).toEqual([
      {
        target: "service/redis",
        namespace: "shop",
        gatewayKind: "unknown",
        backend: { service: { kind: "Service", namespace: "shop", name: "redis" } },
        role: "primary",
        isDefaultBackend: false,
      },
    ]);
  });

  it("gives the rules that name a Service that does not exist", () => {
    expect(lines(resolve([classes, web], "service/cart"))).toEqual(["web shop.example.com/cart → cart"]);
    expect(resolve([classes, web, service("card")], "service/crad")).toMatchObject({
      routes: [],
      problem: { near: ["card"] },
    });
  });

  it("gives the Service and says so when Ingresses were not read", () => {
    const { routes, problem } = resolve([service("cart")], "service/cart", undefined, {
      unknown: ["ingresses"],
    });
    expect(routes).toHaveLength(1);
    expect(problem?.message).toContain("forbidden");
  });
});

describe("httproute/NAME", () => {
  it("says that the Gateway API is not read, and what to ask instead", () => {
    expect(resolve([], "httproute/x").problem?.message).toContain("service/NAME");
  });
});

describe("a URL", () => {
  it("keeps what was asked as the route's target and the rule's path as its path", () => {
    expect(resolve([classes, web], "https://shop.example.com/cart/items?id=1").routes).toMatchObject([
      { target: "shop.example.com/cart/items", host: "shop.example.com", path: "/cart", pathType: "Prefix" },
    ]);
  });

  it("says why when Ingresses were not read, and where some were not", () => {
    const unread = resolve([], "shop.example.com", undefined, {
      unknown: { ingresses: "cannot list ingresses" },
    });
    expect(unread).toMatchObject({ routes: [] });
    expect(unread.problem?.message).toContain("cannot list ingresses");
    const coverage: Coverage[] = [
      { resource: "ingresses", namespace: "shop", extent: "whole" },
      { resource: "ingresses", namespace: "pay", extent: "failed", reason: "forbidden" },
    ];
    const partly = resolve([], "shop.example.com", undefined, { coverage });
    expect(partly.problem?.message).toContain("pay (forbidden)");
  });

  it("may be the name of a Service inside the cluster", () => {
    const objects = [classes, web, service("cart")];
    expect(lines(resolve(objects, "http://cart.shop.svc.cluster.local/x"))).toEqual(["- * → cart"]);
    expect(resolve(objects, "http://card.shop.svc").routes).toEqual([]);
  });
});

const claim = (name: string, created: string, className: string): object =>
  ingress({ name, created, className, rules: [`shop.example.com/ Prefix ${name}`] });

describe("no target", () => {
  const system = service("kube-dns", undefined, { selector: { app: "dns" } }, "kube-system");
  const controller = service(
    "front",
    undefined,
    { selector: { "app.kubernetes.io/name": "ingress-nginx" } },
    "ingress-nginx",
  );

  it("gives every rule once and every Service with a selector that no rule names", () => {
    const twice = ingress({
      className: "nginx",
      name: "twice",
      rules: ["shop.example.com/cart Prefix cart"],
    });
    const objects = [
      classes,
      web,
      twice,
      service("cart"),
      service("redis"),
      service("manual", undefined, {}),
      service("external", undefined, {
        type: "ExternalName",
        externalName: "x.example.org",
        selector: { a: "b" },
      }),
      system,
      controller,
      nginxPod(),
    ];
    const { routes, problem } = resolve(objects);
    expect(problem).toBeUndefined();
    expect(routes.map((r) => r.target)).toEqual([
      "shop.example.com/cart",
      "shop.example.com/pay",
      "service/redis",
    ]);
  });

  it("leaves out a rule that an older Ingress of the same controller has taken", () => {
    const objects = [
      classes,
      ingressClass("edge", "traefik.io/ingress-controller"),
      claim("young", "2025-12-03T00:00:00Z", "nginx"),
      claim("old", "2025-12-01T00:00:00Z", "nginx"),
      claim("edge", "2025-12-05T00:00:00Z", "edge"),
    ];
    expect(resolve(objects).routes.map((r) => r.backend.service.name)).toEqual(["edge", "old"]);
  });

  it("looks into a system namespace that is asked for", () => {
    expect(resolve([system], undefined, "kube-system").routes.map((r) => r.target)).toEqual([
      "service/kube-dns",
    ]);
    expect(resolve([system]).routes).toEqual([]);
  });

  it("stays in the namespace given", () => {
    const elsewhere = ingress({
      namespace: "blog",
      className: "nginx",
      rules: ["blog.example.com/ Prefix blog"],
    });
    const found = resolve([classes, web, elsewhere, service("redis")], undefined, "blog");
    expect(lines(found)).toEqual(["web blog.example.com/ → blog"]);
  });

  it("goes on with Services when Ingresses were not read, and says so", () => {
    const { routes, problem } = resolve([service("cart")], undefined, undefined, { unknown: ["ingresses"] });
    expect(routes.map((r) => r.target)).toEqual(["service/cart"]);
    expect(problem?.message).toContain("Ingresses were not read");
  });

  it("says that there is nothing", () => {
    expect(resolve([])).toMatchObject({ routes: [], problem: { near: [] } });
    expect(
      resolve([], undefined, undefined, { unknown: ["ingresses", "services"] }).problem?.message,
    ).toContain("forbidden");
  });
});
