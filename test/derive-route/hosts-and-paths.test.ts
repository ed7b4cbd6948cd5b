import { describe, expect, it } from "vitest";
import { ingress, ingressClass } from "./objects.ts";
import { lines, resolve } from "./routing.ts";

const nginx = (...rules: string[]): object[] => [
  ingressClass("nginx"),
  ingress({ className: "nginx", rules }),
];
const traefik = (...rules: string[]): object[] => [
  ingressClass("traefik", "traefik.io/ingress-controller"),
  ingress({ className: "traefik", rules }),
];

describe("hosts", () => {
  const rules = ["shop.example.com/ Prefix exact", "*.example.com/ Prefix wildcard", "/ Prefix any"];

  it.each([
    ["shop.example.com", "exact"],
    ["other.example.com", "wildcard"],
    ["a.b.example.com", "any"],
    ["example.com", "any"],
    ["elsewhere.org", "any"],
  ])("%s goes to the %s rule, in ingress-nginx and in Traefik", (host, expected) => {
    expect(resolve(nginx(...rules), host).routes.map((r) => r.backend.service.name)).toEqual([expected]);
    expect(resolve(traefik(...rules), host).routes.map((r) => r.backend.service.name)).toEqual([expected]);
  });

  it("is the same in upper case", () => {
    expect(lines(resolve(nginx("Shop.Example.com/ Prefix cart"), "SHOP.example.com"))).toHaveLength(1);
  });

  it("stays with the best host in ingress-nginx when none of its paths matches, and falls through in Traefik", () => {
    const some = ["shop.example.com/cart Prefix cart", "*.example.com/ Prefix wildcard"];
    const stays = resolve(nginx(...some), "shop.example.com/other");
    expect(stays.routes).toEqual([]);
    expect(stays.problem?.near).toEqual(["shop.example.com/cart"]);
    expect(lines(resolve(traefik(...some), "shop.example.com/other"))).toEqual([
      "web *.example.com/ → wildcard",
    ]);
  });

  it("knows aliases of ingress-nginx, not of others", () => {
    const annotations = { "nginx.ingress.kubernetes.io/server-alias": "www.example.com, m.example.com" };
    const rules = ["shop.example.com/ Prefix cart"];
    const aliased = (className: string): object => ingress({ className, rules, annotations });
    expect(lines(resolve([ingressClass("nginx"), aliased("nginx")], "m.example.com"))).toEqual([
      "web shop.example.com/ → cart",
    ]);
    const other = [ingressClass("traefik", "traefik.io/ingress-controller"), aliased("traefik")];
    expect(resolve(other, "m.example.com").routes).toEqual([]);
  });

  it("offers the nearest host for one that is not known", () => {
    const known = nginx("shop.example.com/ Prefix cart", "blog.example.org/ Prefix blog");
    const { routes, problem } = resolve(known, "shop.exmaple.com/cart");
    expect(routes).toEqual([]);
    expect(problem?.message).toBe("no Ingress serves host shop.exmaple.com.");
    expect(problem?.near).toEqual(["shop.example.com"]);
  });
});

const one = (rule: string, path: string, make = traefik): boolean =>
  resolve(make(`h.example.com${rule}`), `h.example.com${path}`).routes.length > 0;

const alb = (...rules: string[]): object[] => [
  ingressClass("alb", "ingress.k8s.aws/alb"),
  ingress({ className: "alb", rules }),
];

describe("paths", () => {
  // The table of the Ingress documentation, kubernetes.io/docs/concepts/services-networking/ingress.
  it.each([
    ["/ Prefix", "/anything", true],
    ["/foo Exact", "/foo", true],
    ["/foo Exact", "/bar", false],
    ["/foo Exact", "/foo/", false],
    ["/foo/ Exact", "/foo", false],
    ["/foo Prefix", "/foo", true],
    ["/foo Prefix", "/foo/", true],
    ["/foo/ Prefix", "/foo", true],
    ["/foo/ Prefix", "/foo/", true],
    ["/aaa/bb Prefix", "/aaa/bbb", false],
    ["/aaa/bbb Prefix", "/aaa/bbb", true],
    ["/aaa/bbb/ Prefix", "/aaa/bbb", true],
    ["/aaa/bbb Prefix", "/aaa/bbb/", true],
    ["/aaa/bbb Prefix", "/aaa/bbb/ccc", true],
    ["/aaa/bbb Prefix", "/aaa/bbbxyz", false],
    ["/foo ImplementationSpecific", "/foo/bar", true],
    ["/foo ImplementationSpecific", "/foobar", false],
  ])("%s takes %s: %s", (rule, path, expected) => {
    expect(one(rule, path, traefik)).toBe(expected);
    expect(one(rule, path, nginx)).toBe(expected);
  });

  it("reads ImplementationSpecific as exact, with a star at the end, at the AWS and Google load balancers", () => {
    expect(one("/foo ImplementationSpecific", "/foo/bar", alb)).toBe(false);
    expect(one("/foo/* ImplementationSpecific", "/foo/bar", alb)).toBe(true);
  });

  it.each([
    ["/foo/bar/baz", "long"],
    ["/foo/bar", "exact"],
    ["/foo/other", "short"],
    ["/x", "root"],
  ])("the longest path wins, Exact before Prefix: %s → %s", (path, expected) => {
    const rules = [
      "h.example.com/ Prefix root",
      "h.example.com/foo Prefix short",
      "h.example.com/foo/bar Prefix long",
      "h.example.com/foo/bar Exact exact",
    ];
    for (const make of [nginx, traefik]) {
      const found = resolve(make(...rules), `h.example.com${path}`).routes;
      expect(found.map((r) => r.backend.service.name)).toEqual([expected]);
    }
  });

  it("compares paths decoded and with single slashes", () => {
    expect(one("/a b Prefix".replace("a b", "a%20b"), "/a%20b", nginx)).toBe(false);
    expect(one("/caf\u00e9 Prefix", "/caf%C3%A9/menu", nginx)).toBe(true);
    expect(one("/foo/bar Prefix", "/foo//bar", nginx)).toBe(true);
  });
});

const rewriting = (rules: string[], annotations: Record<string, string>): object[] => [
  ingressClass("nginx"),
  ingress({ className: "nginx", rules, annotations }),
];

describe("paths of ingress-nginx as regular expressions", () => {
  const useRegex = { "nginx.ingress.kubernetes.io/use-regex": "true" };
  const rewrite = { "nginx.ingress.kubernetes.io/rewrite-target": "/$2" };

  it.each([
    ["/api", true],
    ["/api/users", true],
    ["/API/users", true],
    ["/apis", false],
  ])("/api(/|$)(.*) with rewrite-target takes %s: %s", (path, expected) => {
    const objects = rewriting(["h.example.com/api(/|$)(.*) ImplementationSpecific"], rewrite);
    expect(resolve(objects, `h.example.com${path}`).routes.length > 0).toBe(expected);
  });

  it("makes every path of the host a prefix of characters, also of other Ingresses", () => {
    const other = ingress({ name: "other", className: "nginx", rules: ["h.example.com/cart Exact cart"] });
    const regex = rewriting(["h.example.com/v[0-9]+ ImplementationSpecific api"], useRegex);
    expect(lines(resolve([...regex, other], "h.example.com/cartoon"))).toEqual([
      "other h.example.com/cart → cart",
    ]);
    expect(resolve([ingressClass("nginx"), other], "h.example.com/cartoon").routes).toEqual([]);
  });

  it("tries the longest pattern first, not the best match", () => {
    const objects = rewriting(
      ["h.example.com/a Prefix short", "h.example.com/[a-z]+ ImplementationSpecific pattern"],
      useRegex,
    );
    expect(lines(resolve(objects, "h.example.com/a"))).toEqual(["web h.example.com/[a-z]+ → pattern"]);
  });

  it.each(["/(a+)+$", "/((a|b)*c)*d", "/a*a*a*a*a*b", `/${"(a".repeat(300)}`, "/[", "/(?<=x)a", "/(?i)abc"])(
    "answers at once for the pattern %s",
    (pattern) => {
      const started = performance.now();
      const objects = rewriting([`h.example.com${pattern} ImplementationSpecific`], useRegex);
      resolve(objects, `h.example.com/${"a".repeat(400)}!`);
      expect(performance.now() - started).toBeLessThan(10_000);
    },
  );
});
