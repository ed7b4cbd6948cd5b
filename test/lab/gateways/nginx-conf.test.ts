import { describe, expect, it } from "vitest";
import type { FedResource } from "../../../lab/gateways/feed/message.ts";
import { mirrorOf } from "../../../lab/gateways/feed/mirror.ts";
import { buildConfiguration } from "../../../lab/gateways/nginx/build.ts";
import type { Configuration } from "../../../lab/gateways/nginx/configuration.ts";
import { globalSettings } from "../../../lab/gateways/nginx/settings.ts";
import { nginxConf } from "../../../lab/gateways/nginx/template.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { ingress, ingressClass, nginx, service } from "./shop.ts";

const flags = {
  controllerClass: "k8s.io/ingress-nginx",
  ingressClass: "nginx",
  configMap: "ingress-nginx/ingress-nginx-controller",
};

function built(objects: Readonly<Partial<Record<FedResource, readonly KubeObject[]>>>): Configuration {
  const withClass = { ingressclasses: [ingressClass("nginx", "k8s.io/ingress-nginx")], ...objects };
  const shelves = Object.entries(withClass).map(([resource, list]) => {
    const keyed = list.map(
      (o) => [[o.metadata?.namespace, o.metadata?.name].filter(Boolean).join("/"), o] as const,
    );
    return [resource as FedResource, new Map(keyed)] as const;
  });
  return buildConfiguration(mirrorOf(new Map(shelves)), flags);
}

const conf = (configuration: Configuration, config: Readonly<Record<string, string>> = {}): string =>
  nginxConf(configuration, globalSettings({ data: { ...config } }), {
    folder: "/tmp/nginx",
    lua: "/etc/nginx/lua",
    accessLog: "/dev/stdout",
    modules: "/usr/lib/nginx/modules",
    nameservers: ["10.96.0.10"],
  });

const locationsOf = (configuration: Configuration): (readonly [string, string, string])[] =>
  configuration.servers
    .find(({ host }) => host === "shop.example.com")!
    .locations.map(({ path, pathType, backend }) => [path, pathType, backend]);

describe("nginx.conf", () => {
  it("has a location for a prefix and one for what is below it, longest first", () => {
    const configuration = built({
      services: [service("cart")],
      ingresses: [ingress("shop", { "/cart": "cart:80", "/cart/list": "cart:80" })],
    });
    expect(locationsOf(configuration)).toEqual([
      ["/cart/list/", "Prefix", "shop-cart-80"],
      ["/cart/list", "Exact", "shop-cart-80"],
      ["/cart/", "Prefix", "shop-cart-80"],
      ["/cart", "Exact", "shop-cart-80"],
      ["/", "Prefix", "upstream-default-backend"],
    ]);
    expect(conf(configuration)).toContain('location = "/cart" {');
  });

  it("has the defaults of ingress-nginx, and what annotations and the ConfigMap make of them", () => {
    const plain = built({ services: [service("cart")], ingresses: [ingress("shop", { "/": "cart:80" })] });
    for (const line of [
      "worker_connections 16384;",
      "keepalive_timeout 75s;",
      "keepalive 320;",
      "keepalive_timeout 60s;",
      "keepalive_requests 10000;",
      "proxy_connect_timeout 5s;",
      "proxy_read_timeout 60s;",
      "proxy_next_upstream error timeout;",
      "proxy_next_upstream_tries 3;",
      "proxy_buffer_size 4k;",
      "proxy_buffering off;",
      "client_max_body_size 1m;",
      "worker_shutdown_timeout 240s;",
      "error_log stderr notice;",
      "resolver 10.96.0.10 valid=30s;",
    ])
      expect(conf(plain)).toContain(line);
    const own = built({
      configmaps: [
        {
          metadata: { name: "ingress-nginx-controller", namespace: "ingress-nginx" },
          data: { "proxy-read-timeout": "9", "proxy-connect-timeout": "8" },
        },
      ],
      services: [service("cart")],
      ingresses: [
        ingress(
          "shop",
          { "/": "cart:80" },
          nginx({ "proxy-read-timeout": "7", "proxy-next-upstream": "error non_idempotent" }),
        ),
      ],
    });
    expect(conf(own, { "upstream-keepalive-connections": "0" })).not.toContain("keepalive 320;");
    expect(conf(own)).toContain("proxy_read_timeout 7s;");
    expect(conf(own)).toContain("proxy_connect_timeout 8s;");
    expect(conf(own)).toContain("proxy_next_upstream error non_idempotent;");
  });

  it("leaves snippets out unless they are allowed", () => {
    const ingresses = [
      ingress("shop", { "/": "cart:80" }, nginx({ "configuration-snippet": "return 503;" })),
    ];
    const allowing = {
      metadata: { name: "ingress-nginx-controller", namespace: "ingress-nginx" },
      data: { "allow-snippet-annotations": "true" },
    };
    const snippet = /set \$proxy_alternative_upstream_name "";[^}]*return 503;/;
    expect(conf(built({ services: [service("cart")], ingresses }))).not.toMatch(snippet);
    expect(conf(built({ services: [service("cart")], ingresses, configmaps: [allowing] }))).toMatch(snippet);
  });

  it("answers with 503 where the secret of basic auth is missing", () => {
    const ingresses = [
      ingress("shop", { "/": "cart:80" }, nginx({ "auth-type": "basic", "auth-secret": "users" })),
    ];
    const configuration = built({ services: [service("cart")], ingresses });
    const root = configuration.servers.find(({ host }) => host === "shop.example.com")!.locations[0]!;
    expect(root.denied).toBe(
      'unexpected error reading secret shop/users: no object matching key "shop/users" in local store',
    );
  });

  it("ignores Ingresses of other classes", () => {
    const other = ingress("shop", { "/": "cart:80" }, {}, "traefik");
    expect(
      built({ services: [service("cart")], ingresses: [other] }).servers.map(({ host }) => host),
    ).toEqual(["_"]);
  });
});

const slice = (ready: boolean): KubeObject => ({
  metadata: { name: "cart-x", namespace: "shop", labels: { "kubernetes.io/service-name": "cart" } },
  ports: [
    { name: "web", port: 8080 },
    { name: "admin", port: 9090 },
  ],
  endpoints: [{ addresses: ["10.42.1.5"], conditions: { ready } }],
});

describe("backends", () => {
  it("are the ready endpoints of the port that the Ingress means, and a word where there is none", () => {
    const named = service("cart", 80, 8080, { ports: [{ name: "web", port: 80, targetPort: "http" }] });
    const of = (ready: boolean): Configuration =>
      built({
        services: [named],
        ingresses: [ingress("shop", { "/": "cart:web" })],
        endpointslices: [slice(ready)],
      });
    const cart = of(true).backends.find(({ name }) => name === "shop-cart-web");
    expect(cart?.endpoints).toEqual([{ address: "10.42.1.5", port: 8080 }]);
    expect(of(true).warnings).toEqual([]);
    expect(of(false).backends.find(({ name }) => name === "shop-cart-web")?.endpoints).toEqual([]);
    expect(of(false).warnings).toEqual([
      {
        severity: "W",
        place: "controller.go:1241",
        text: 'Service "shop/cart" does not have any active Endpoint.',
      },
    ]);
  });

  it("of a canary belong to the primary of the same path; without one they are dropped", () => {
    const canary = ingress("canary", { "/": "new:80" }, nginx({ canary: "true", "canary-weight": "30" }));
    const services = [service("cart"), service("new")];
    const both = built({ services, ingresses: [canary, ingress("shop", { "/": "cart:80" })] });
    expect(both.backends.find(({ name }) => name === "shop-cart-80")?.alternative).toBe("shop-new-80");
    expect(both.backends.find(({ name }) => name === "shop-new-80")?.canary?.weight).toBe(30);
    const alone = built({ services, ingresses: [canary] });
    expect(alone.backends.map(({ name }) => name)).toEqual(["upstream-default-backend"]);
    expect(alone.warnings.at(-1)?.text).toBe(
      "unable to find real backend for alternative backend shop-new-80. Deleting.",
    );
  });
});
