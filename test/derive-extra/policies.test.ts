import { describe, expect, test } from "vitest";
import type { PolicyView } from "../../src/derive/views.ts";
import { fromGateway, policy } from "./policy-yaml.ts";
import { fact, podYaml, shop } from "./shop.ts";

const gatewayPolicy = (spec: string): string =>
  policy(spec, { namespace: "ingress-nginx", name: "gw", selector: "{}" });

const view = (yaml: string): PolicyView => fact(shop(yaml), "policies");
const isBlocked = (yaml: string): boolean => view(yaml).blocked.length > 0;

/** Name, the policy that lets the gateway's 10.1.0.5 reach port 8080 of 10.2.0.7, and its nearest twin that does not. */
const twins: readonly (readonly [string, string, string])[] = [
  ["no policy at all; a policy without rules", "", policy("ingress: []")],
  [
    "the policy selects other pods; it selects these",
    policy("ingress: []", { selector: "{matchLabels: {app: other}}" }),
    policy("ingress: []"),
  ],
  [
    "the policy is of another namespace; of this one",
    policy("ingress: []", { namespace: "other", selector: "{}" }),
    policy("ingress: []", { selector: "{}" }),
  ],
  [
    "policyTypes without Ingress; with it",
    policy("policyTypes: [Egress], egress: []"),
    policy("policyTypes: [Ingress], egress: []"),
  ],
  ["a rule for everyone; no rule", policy("ingress: [{}]"), policy("ingress: []")],
  [
    "from is empty, so everyone; from names another",
    policy("ingress: [{from: []}]"),
    policy("ingress: [{from: [{podSelector: {}}]}]"),
  ],
  [
    "the namespace's label matches; another value",
    policy(`ingress: [{from: [${fromGateway}]}]`),
    policy("ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}]"),
  ],
  [
    "any namespace; a pod selector alone means the policy's own namespace",
    policy("ingress: [{from: [{namespaceSelector: {}}]}]"),
    policy("ingress: [{from: [{podSelector: {}}]}]"),
  ],
  [
    "both selectors of one peer match; the pod selector does not (AND)",
    policy(
      "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app.kubernetes.io/name: ingress-nginx}}}]}]",
    ),
    policy("ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: gateway}}}]}]"),
  ],
  [
    "two peers, one matches (OR); both in one peer",
    policy(`ingress: [{from: [${fromGateway}, {podSelector: {matchLabels: {app: api}}}]}]`),
    policy(
      "ingress: [{from: [{namespaceSelector: {matchLabels: {team: platform}}, podSelector: {matchLabels: {app: api}}}]}]",
    ),
  ],
  [
    "the label every Namespace has; another namespace's",
    policy(
      "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]",
    ),
    policy("ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]}]"),
  ],
  [
    "matchExpressions In; NotIn",
    policy(
      "ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [platform]}]}}]}]",
    ),
    policy(
      "ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [platform]}]}}]}]",
    ),
  ],
  [
    "matchExpressions Exists; DoesNotExist",
    policy("ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: Exists}]}}]}]"),
    policy(
      "ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}]}]",
    ),
  ],
  [
    "NotIn holds without the label; In does not",
    policy(
      "ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [edge]}]}}]}]",
    ),
    policy(
      "ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: tier, operator: In, values: [edge]}]}}]}]",
    ),
  ],
  [
    "the address is in the block; it is not",
    policy("ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]"),
    policy("ingress: [{from: [{ipBlock: {cidr: 10.3.0.0/16}}]}]"),
  ],
  [
    "the exception is elsewhere; the exception holds the address",
    policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.9.0/24]}}]}]"),
    policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/24]}}]}]"),
  ],
  [
    "the port is listed; the Service's port is listed instead",
    policy("ingress: [{ports: [{port: 8080}]}]"),
    policy("ingress: [{ports: [{port: 80}]}]"),
  ],
  [
    "the port by name; another name",
    policy("ingress: [{ports: [{port: http}]}]"),
    policy("ingress: [{ports: [{port: metrics}]}]"),
  ],
  [
    "the range ends beyond; before",
    policy("ingress: [{ports: [{port: 8000, endPort: 8080}]}]"),
    policy("ingress: [{ports: [{port: 8000, endPort: 8079}]}]"),
  ],
  [
    "TCP; UDP on the same port",
    policy("ingress: [{ports: [{protocol: TCP, port: 8080}]}]"),
    policy("ingress: [{ports: [{protocol: UDP, port: 8080}]}]"),
  ],
  [
    "a protocol without a port is every port of it; of the other protocol",
    policy("ingress: [{ports: [{protocol: TCP}]}]"),
    policy("ingress: [{ports: [{protocol: UDP}]}]"),
  ],
  [
    "peer and port in one rule; each in a rule of its own",
    policy(`ingress: [{from: [${fromGateway}], ports: [{port: 8080}]}]`),
    policy(
      `ingress: [{from: [${fromGateway}], ports: [{port: 9090}]}, {from: [{podSelector: {}}], ports: [{port: 8080}]}]`,
    ),
  ],
  [
    "a second policy adds what the first lacks; the second allows another port",
    policy("ingress: []", { name: "deny", selector: "{}" }) + policy("ingress: [{ports: [{port: 8080}]}]"),
    policy("ingress: []", { name: "deny", selector: "{}" }) + policy("ingress: [{ports: [{port: 8081}]}]"),
  ],
  [
    "no egress rules and no policyTypes: egress stays open; policyTypes names Egress",
    gatewayPolicy("ingress: [{}]"),
    gatewayPolicy("policyTypes: [Egress]"),
  ],
  [
    "egress to the backend's namespace; to another",
    gatewayPolicy(
      "policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: shop}}}]}]",
    ),
    gatewayPolicy(
      "policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: none}}}]}]",
    ),
  ],
  [
    "egress rules make the policy isolate egress: with the port; without it",
    gatewayPolicy("ingress: [{}], egress: [{ports: [{port: 8080}]}]"),
    gatewayPolicy("ingress: [{}], egress: [{ports: [{port: 53}]}]"),
  ],
  [
    "egress to a named port of the backend; to a name only the gateway has",
    gatewayPolicy("policyTypes: [Egress], egress: [{ports: [{port: http}]}]"),
    gatewayPolicy("policyTypes: [Egress], egress: [{ports: [{port: https}]}]"),
  ],
  [
    "egress by address of the backend; of the Service network only",
    gatewayPolicy("policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.2.0.0/16}}]}]"),
    gatewayPolicy("policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.0/12}}]}]"),
  ],
];

describe("NetworkPolicy rules, with the nearest twin", () => {
  test.each(twins)("%s", (_name, open, closed) => {
    expect(isBlocked(open)).toBe(false);
    expect(isBlocked(closed)).toBe(true);
  });

  test("a blocked pair names both ends, the port, the direction and the policies", () => {
    const { blocked, pairs, selecting } = view(
      policy("ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]"),
    );
    expect(pairs).toBe(1);
    expect(selecting.map((p) => p.metadata?.name)).toEqual(["p"]);
    expect(blocked).toEqual([
      {
        from: { kind: "Pod", namespace: "ingress-nginx", name: "controller-1" },
        to: { kind: "Pod", namespace: "shop", name: "web-1" },
        port: 8080,
        direction: "ingress",
        policies: [{ kind: "NetworkPolicy", namespace: "shop", name: "p" }],
        why: "NetworkPolicy shop/p allows into Pod shop/web-1 only every port from pods app=api of namespace shop",
      },
    ]);
  });

  test("a named port is looked up in each destination pod", () => {
    const other = podYaml("shop", "web-2", "app: web", {
      ip: "10.2.0.8",
      container: "{name: app, image: app:2, ports: [{name: http, containerPort: 9090}]}",
    });
    const numbered = view(other + policy("ingress: [{ports: [{port: 8080}]}]"));
    expect(numbered.blocked.map((b) => [b.to.name, b.port])).toEqual([["web-2", 9090]]);
    expect(isBlocked(other + policy("ingress: [{ports: [{port: http}]}]"))).toBe(false);
  });

  test("finished pods of either end are no pair", () => {
    const finished = podYaml("shop", "web-job", "app: web").replace("phase: Running", "phase: Succeeded");
    expect(view(finished + policy("ingress: []")).pairs).toBe(1);
  });
});
