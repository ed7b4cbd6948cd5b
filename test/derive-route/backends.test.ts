import { describe, expect, it } from "vitest";
import { ingress, ingressClass, nginxPod, service } from "./objects.ts";
import { lines, resolve } from "./routing.ts";

const nginx = "nginx.ingress.kubernetes.io/";
const canary = (more: Record<string, string> = {}): Record<string, string> => ({
  [`${nginx}canary`]: "true",
  ...more,
});
const main = ingress({ className: "nginx", rules: ["shop.example.com/ Prefix cart"] });
const classes = ingressClass("nginx");

const beside = (annotations: Record<string, string>, rule = "shop.example.com/ Prefix cart-next"): object =>
  ingress({ name: "next", className: "nginx", annotations, rules: [rule] });

describe("canary Ingresses", () => {
  it("give a route beside the main one, with the weight in percent", () => {
    const weighted = beside(
      canary({ [`${nginx}canary-weight`]: "50", [`${nginx}canary-weight-total`]: "200" }),
    );
    expect(lines(resolve([classes, main, weighted], "shop.example.com"))).toEqual([
      "web shop.example.com/ → cart",
      "next shop.example.com/ → cart-next canary 25",
    ]);
  });

  it("know the backend that takes the other requests", () => {
    const routes = resolve([classes, main, beside(canary())], "ingress/next").routes;
    expect(routes[0]?.primary?.service.name).toBe("cart");
    expect(resolve([classes, main, beside(canary())], "ingress/web").routes[0]?.primary).toBeUndefined();
    const elsewhere = beside(canary(), "shop.example.com/pay Prefix cart-next");
    expect(resolve([classes, main, elsewhere], "ingress/next").routes[0]?.primary).toBeUndefined();
  });

  it("say where in their Ingress the backend is written", () => {
    const two = ingress({
      className: "nginx",
      rules: ["shop.example.com/ Prefix cart", "shop.example.com/pay Prefix pay"],
    });
    expect(resolve([classes, two], "shop.example.com/pay").routes[0]?.rule?.pointer).toMatch(
      /^\/spec\/rules\/\d\/http\/paths\/\d\/backend$/,
    );
  });

  it("have no weight when a header chooses", () => {
    const byHeader = beside(canary({ [`${nginx}canary-by-header`]: "X-Next" }));
    expect(lines(resolve([classes, main, byHeader], "shop.example.com"))[1]).toMatch(/canary by header$/);
  });

  it("are not part of another path, and claim nothing alone", () => {
    const elsewhere = beside(canary(), "shop.example.com/pay Prefix cart-next");
    expect(lines(resolve([classes, main, elsewhere], "shop.example.com/pay"))).toEqual([
      "web shop.example.com/ → cart",
    ]);
    expect(resolve([classes, elsewhere], "shop.example.com/pay").routes).toEqual([]);
  });

  it("are plain Ingresses when the annotation says anything but true", () => {
    const plain = beside({ [`${nginx}canary`]: "false" }, "shop.example.com/pay Prefix pay");
    expect(lines(resolve([classes, main, plain], "shop.example.com/pay"))).toEqual([
      "next shop.example.com/pay → pay",
    ]);
  });
});

describe("default backends", () => {
  const catchAll = ingress({ name: "all", className: "nginx", defaultBackend: "fallback" });

  it("of an Ingress without rules take every host that is not known", () => {
    expect(lines(resolve([classes, main, catchAll], "elsewhere.org/x"))).toEqual([
      "all * → fallback default",
    ]);
    expect(resolve([classes, main, catchAll], "elsewhere.org/x").routes[0]?.target).toBe("elsewhere.org/x");
  });

  it("of an Ingress with rules take the other paths of its hosts, and no other host", () => {
    const own = ingress({
      className: "nginx",
      rules: ["shop.example.com/cart Prefix cart"],
      defaultBackend: "fallback",
    });
    expect(lines(resolve([classes, own], "shop.example.com/other"))).toEqual(["web * → fallback default"]);
    expect(resolve([classes, own], "elsewhere.org").routes).toEqual([]);
  });

  it("go before a rule without a host for the root path in ingress-nginx", () => {
    const anyHost = ingress({ name: "any", className: "nginx", rules: ["/ Prefix any", "/api Prefix api"] });
    expect(lines(resolve([classes, anyHost, catchAll], "elsewhere.org/x"))).toEqual([
      "all * → fallback default",
    ]);
    expect(lines(resolve([classes, anyHost, catchAll], "elsewhere.org/api"))).toEqual(["any */api → api"]);
  });

  it("of the controller are said beside the problem", () => {
    const objects = [
      classes,
      main,
      nginxPod(["--default-backend-service=$(POD_NAMESPACE)/default-http"]),
      service("default-http", undefined, undefined, "ingress-nginx"),
    ];
    const pods = objects.map((o) => structuredClone(o)) as { spec?: { containers?: object[] } }[];
    const [container] = pods[2]?.spec?.containers ?? [];
    Object.assign(container ?? {}, {
      env: [{ name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } }],
    });
    const { routes, problem } = resolve(pods, "elsewhere.org");
    expect(problem?.message).toContain("elsewhere.org");
    expect(routes).toMatchObject([
      { isDefaultBackend: true, backend: { service: { name: "default-http", namespace: "ingress-nginx" } } },
    ]);
    expect(resolve([classes, main], "elsewhere.org").routes).toEqual([]);
  });
});

describe("backends that are no Service", () => {
  const toBucket = {
    ...(ingress({ className: "nginx", rules: ["shop.example.com/ Prefix cart"] }) as object),
    spec: {
      ingressClassName: "nginx",
      rules: [
        {
          host: "shop.example.com",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { resource: { apiGroup: "k8s.example.com", kind: "Bucket", name: "assets" } },
              },
            ],
          },
        },
      ],
    },
  };

  it("are left out by ingress-nginx, and shown for the Ingress", () => {
    expect(resolve([classes, toBucket], "shop.example.com").routes).toEqual([]);
    expect(resolve([classes, toBucket], "ingress/web").routes).toMatchObject([
      { backend: { service: { kind: "Bucket", name: "assets" } } },
    ]);
  });
});

describe("Ingresses of v1beta1", () => {
  it("are read as far as their backends go", () => {
    const old = {
      apiVersion: "networking.k8s.io/v1beta1",
      kind: "Ingress",
      metadata: { name: "old", namespace: "shop", annotations: { "kubernetes.io/ingress.class": "nginx" } },
      spec: {
        rules: [
          {
            host: "old.example.com",
            http: { paths: [{ backend: { serviceName: "cart", servicePort: "http" } }] },
          },
        ],
      },
    };
    expect(resolve([old], "old.example.com/x").routes).toMatchObject([
      { path: "/", backend: { service: { name: "cart" }, port: { name: "http" } } },
    ]);
  });
});
