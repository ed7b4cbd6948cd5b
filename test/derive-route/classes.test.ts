import { describe, expect, it } from "vitest";
import { ingress, ingressClass, nginxPod } from "./objects.ts";
import { lines, resolve } from "./routing.ts";

const rules = ["shop.example.com/ Prefix cart"];
const isDefault = { "ingressclass.kubernetes.io/is-default-class": "true" };
const legacy = (name: string): Record<string, string> => ({ "kubernetes.io/ingress.class": name });

const only = (objects: readonly object[]) => {
  const { routes } = resolve(objects, "shop.example.com");
  expect(routes).toHaveLength(1);
  return routes[0];
};

describe("the class of an Ingress", () => {
  it("comes from the spec before the annotation", () => {
    const objects = [
      ingressClass("nginx"),
      ingressClass("edge", "traefik.io/ingress-controller"),
      ingress({ className: "edge", annotations: legacy("nginx"), rules }),
    ];
    expect(only(objects)).toMatchObject({
      className: { name: "edge", from: "spec" },
      gatewayKind: "traefik",
    });
  });

  it("comes from the annotation when the spec has none", () => {
    const objects = [ingressClass("nginx"), ingress({ annotations: legacy("nginx"), rules })];
    expect(only(objects)).toMatchObject({
      className: { name: "nginx", from: "annotation" },
      gatewayKind: "ingress-nginx",
    });
  });

  it("is the default class when neither says one", () => {
    const objects = [ingressClass("nginx", "k8s.io/ingress-nginx", isDefault), ingress({ rules })];
    expect(only(objects)).toMatchObject({ className: { name: "nginx", from: "default-class" } });
    const without = only([ingressClass("nginx"), ingress({ rules })]);
    expect(without).not.toHaveProperty("className");
  });

  it("is none when the controller takes Ingresses without a class", () => {
    const taking = [nginxPod(["--watch-ingress-without-class=true"]), ingress({ rules })];
    const served = ingress({ name: "served", className: "nginx", rules: ["shop.example.com/a Prefix a"] });
    const route = only([ingressClass("nginx"), ...taking]);
    expect(route).toMatchObject({ gatewayKind: "ingress-nginx" });
    expect(route).not.toHaveProperty("className");
    expect(lines(resolve([ingressClass("nginx"), served, ...taking], "shop.example.com/b"))).toEqual([
      "web shop.example.com/ → cart",
    ]);
  });

  it("tells the kind of controller by its name when no class object is there", () => {
    expect(only([ingress({ className: "traefik-internal", rules })])?.gatewayKind).toBe("traefik");
    expect(only([ingress({ className: "public", rules })])?.gatewayKind).toBe("unknown");
  });

  it("answers to the annotation value that the controller was started with", () => {
    const served = ingress({ name: "served", annotations: legacy("edge"), rules });
    const ignored = ingress({
      name: "ignored",
      annotations: legacy("nginx"),
      created: "2025-01-01T00:00:00Z",
      rules,
    });
    const both = [nginxPod(["--ingress-class=edge"]), served, ignored];
    expect(lines(resolve(both, "shop.example.com"))).toEqual(["served shop.example.com/ → cart"]);
  });
});

describe("several controllers", () => {
  it("each gives its own route for a host that both claim", () => {
    const objects = [
      ingressClass("nginx"),
      ingressClass("edge", "traefik.io/ingress-controller"),
      ingress({ name: "inner", className: "nginx", rules: ["shop.example.com/ Prefix cart"] }),
      ingress({ name: "outer", className: "edge", rules: ["shop.example.com/ Prefix front"] }),
    ];
    expect(lines(resolve(objects, "shop.example.com"))).toEqual([
      "inner shop.example.com/ → cart",
      "outer shop.example.com/ → front",
    ]);
  });

  it("share hosts when their classes name one controller", () => {
    const objects = [
      ingressClass("a"),
      ingressClass("b"),
      ingress({ name: "old", className: "a", rules: ["shop.example.com/ Prefix old"] }),
      ingress({
        name: "new",
        className: "b",
        created: "2025-12-02T00:00:00Z",
        rules: ["shop.example.com/ Prefix new"],
      }),
    ];
    expect(lines(resolve(objects, "shop.example.com"))).toEqual(["old shop.example.com/ → old"]);
  });

  it("an Ingress that nobody takes does not stand before one that is served", () => {
    const served = ingress({ name: "served", className: "nginx", rules });
    const ignored = ingress({ name: "ignored", created: "2025-01-01T00:00:00Z", rules });
    const objects = [ingressClass("nginx"), nginxPod(), served, ignored];
    expect(lines(resolve(objects, "shop.example.com"))).toEqual(["served shop.example.com/ → cart"]);
  });

  it("an Ingress that nobody takes is shown beside what serves when it is more specific", () => {
    const served = ingress({ name: "served", className: "nginx", rules });
    const ignored = ingress({
      name: "ignored",
      className: "ngnix",
      rules: ["shop.example.com/pay Prefix pay"],
    });
    const objects = [ingressClass("nginx"), served, ignored];
    expect(lines(resolve(objects, "shop.example.com/pay"))).toEqual([
      "served shop.example.com/ → cart",
      "ignored shop.example.com/pay → pay",
    ]);
  });

  it("a class is taken on trust when classes could not be read", () => {
    const objects = [ingress({ className: "anything", rules })];
    const { routes } = resolve(objects, "shop.example.com", undefined, { unknown: ["ingressclasses"] });
    expect(routes).toHaveLength(1);
  });
});

const claim = (name: string, created: string, className = "nginx"): object =>
  ingress({ name, created, className, rules: [`shop.example.com/ Prefix ${name}`] });

describe("two Ingresses that claim one host and path", () => {
  it("the oldest wins", () => {
    const objects = [
      ingressClass("nginx"),
      claim("young", "2025-12-03T00:00:00Z"),
      claim("old", "2025-12-01T00:00:00Z"),
    ];
    expect(lines(resolve(objects, "shop.example.com"))).toEqual(["old shop.example.com/ → old"]);
  });

  it("of one age, the one whose name sorts last wins", () => {
    const objects = [
      ingressClass("nginx"),
      claim("a", "2025-12-01T00:00:00Z"),
      claim("b", "2025-12-01T00:00:00Z"),
    ];
    expect(lines(resolve(objects, "shop.example.com"))).toEqual(["b shop.example.com/ → b"]);
  });
});
