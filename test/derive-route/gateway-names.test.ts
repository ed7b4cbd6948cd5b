import { expect, it } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import { parseTarget } from "../../src/target/target.ts";
import { evidenceOf } from "../support/evidence.ts";
import { ingress, ingressClass, nginxPod, service } from "./objects.ts";

const objects = [
  ingressClass("nginx"),
  nginxPod(),
  ingress({
    className: "nginx",
    rules: ["shop.example.com/cart Prefix cart:http", "shop.example.com/pay Prefix pay:8080"],
  }),
  service("cart", [{ name: "http", port: 80, targetPort: 8080 }]),
  service("pay", [{ name: "web", port: 8080 }]),
];

/** Failed requests of a route, by path, when its gateway wrote these lines. */
function failedPaths(target: string, lines: readonly string[]): string[] {
  const evidence = evidenceOf(objects, {
    logs: [
      {
        namespace: "ingress-nginx",
        pod: "ingress-nginx-controller-0",
        container: "controller",
        text: `${lines.join("\n")}\n`,
      },
    ],
  });
  const [route] = resolveRoutes(evidence, parseTarget(target)).routes;
  if (route === undefined) throw new Error(`no route for ${target}`);
  const { traffic } = observe(evidence, route);
  if (traffic.state !== "present") throw new Error(`traffic is ${JSON.stringify(traffic)}`);
  return traffic.value.failures.map(({ path }) => path).sort();
}

const haproxy = (backend: string, path: string): string =>
  `10.42.0.1:55268 [01/Jan/2026:11:00:00.788] http-in ${backend}/SRV_1 0/0/1/-1/2 502 209 - - SH-- 13/13/1/1/0 0/0 "GET ${path} HTTP/1.1"`;

it("HAProxy's controllers name a backend by the port's name or target, however the rule has it", () => {
  const lines = [
    haproxy("shop_cart_8080", "/cart/community"),
    haproxy("shop_svc_cart_http", "/cart/vendor"),
    haproxy("shop_svc_pay_web", "/pay/vendor"),
    haproxy("shop_other_8080", "/cart/other"),
  ];
  expect(failedPaths("shop.example.com/cart", lines)).toEqual(["/cart/community", "/cart/vendor"]);
  expect(failedPaths("shop.example.com/pay", lines)).toEqual(["/pay/vendor"]);
});

const traefik = (router: string, path: string): string =>
  `192.0.2.1 - - [01/Jan/2026:11:00:00 +0000] "GET ${path} HTTP/1.1" 502 11 "-" "curl/8" 7 "${router}" "http://10.0.0.7:8080" 3ms`;

it("Traefik's common lines name routers: whose they are is told by the path", () => {
  const lines = [
    traefik("shop-web-shop-example-com-cart@kubernetes", "/cart/1"),
    traefik("shop-web-shop-example-com-pay@kubernetes", "/pay/1"),
  ];
  expect(failedPaths("shop.example.com/cart", lines)).toEqual(["/cart/1"]);
  expect(failedPaths("shop.example.com/pay", lines)).toEqual(["/pay/1"]);
});
