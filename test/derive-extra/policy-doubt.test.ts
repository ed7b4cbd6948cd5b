import { describe, expect, test } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import type { PolicyView } from "../../src/derive/views.ts";
import { evidenceOf } from "../support/evidence.ts";
import { fromGateway, policy } from "./policy-yaml.ts";
import {
  fact,
  gatewayPodYaml,
  ingressClassYaml,
  namespacesYaml,
  podYaml,
  routeTo,
  serviceYaml,
  shop,
} from "./shop.ts";

const nodeYaml = (range: string): string =>
  `\n---\napiVersion: v1\nkind: Node\nmetadata: {name: n1}\nspec: {podCIDR: ${range}}\n`;

const withoutGateway = (yaml: string) =>
  observe(
    evidenceOf(serviceYaml + podYaml("shop", "web-1", "app: web", { ip: "10.2.0.7" }) + yaml, {
      coverage: (["pods", "services", "networkpolicies"] as const).map((resource) => ({
        resource,
        namespace: "shop",
        extent: "whole",
      })),
    }),
    routeTo(),
  ).policies;

const coverage = (failed: boolean) => [
  { resource: "networkpolicies", namespace: "shop", extent: "whole" } as const,
  {
    resource: "networkpolicies",
    namespace: "ingress-nginx",
    extent: failed ? "failed" : "whole",
  } as const,
  ...(["pods", "services", "ingressclasses", "namespaces"] as const).map(
    (resource) => ({ resource, extent: "whole" }) as const,
  ),
];

const policies = (failed: boolean, yaml = "") =>
  observe(shop(yaml, { coverage: coverage(failed) }), routeTo()).policies;

describe("what cannot be decided", () => {
  const hostGateway = gatewayPodYaml({ spec: "hostNetwork: true, nodeName: n1", ip: "192.168.0.4" });
  const hostShop = (yaml: string, node = "n2"): PolicyView =>
    fact(
      evidenceOf(
        ingressClassYaml +
          serviceYaml +
          namespacesYaml +
          hostGateway +
          podYaml("shop", "web-1", "app: web", { ip: "10.2.0.7", spec: `nodeName: ${node}` }) +
          yaml,
      ),
      "policies",
    );

  test("a host-network gateway that only selectors would let in is doubtful, not blocked", () => {
    const { blocked, doubtful } = hostShop(policy(`ingress: [{from: [${fromGateway}]}]`));
    expect(blocked).toEqual([]);
    expect(doubtful?.[0]?.why).toContain("host-network pod is matched by address only");
  });

  test("its node's address decides: in the block; outside it", () => {
    const inside = hostShop(policy("ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/24}}]}]"));
    expect([inside.blocked, inside.doubtful]).toEqual([[], undefined]);
    expect(hostShop(policy("ingress: [{from: [{ipBlock: {cidr: 192.168.9.0/24}}]}]")).blocked).toHaveLength(
      1,
    );
  });

  test("a block that meets the node's own pod range may match the overlay's address", () => {
    const rule = policy("ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]");
    expect(hostShop(rule + nodeYaml("10.1.4.0/24")).doubtful).toHaveLength(1);
    expect(hostShop(rule + nodeYaml("10.7.4.0/24")).blocked).toHaveLength(1);
  });

  test("a host-network gateway on the backend's own node is always let in", () => {
    expect(hostShop(policy("ingress: []"), "n1").blocked).toEqual([]);
    expect(hostShop(policy("ingress: []"), "n2").blocked).toHaveLength(1);
  });

  test("an exception that cannot be read leaves the block undecided", () => {
    const odd = policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [nonsense]}}]}]");
    expect(observe(shop(odd), routeTo()).policies.state).toBe("unknown");
  });

  test("unread policies are unknown", () => {
    const observed = observe(shop("", { unknown: ["networkpolicies"] }), routeTo()).policies;
    expect(observed).toMatchObject({ state: "unknown", evidence: "networkpolicies" });
  });

  test("unread namespace labels matter only where a label decides", () => {
    const unread = { unknown: ["namespaces"] } as const;
    const byLabel = shop(policy(`ingress: [{from: [${fromGateway}]}]`), unread);
    const byName = shop(
      policy(
        "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]",
      ),
      unread,
    );
    const byPort = shop(policy(`ingress: [{from: [${fromGateway}], ports: [{port: 80}]}]`), unread);
    expect(observe(byLabel, routeTo()).policies).toMatchObject({ state: "unknown", evidence: "namespaces" });
    expect(fact(byName, "policies").blocked).toEqual([]);
    expect(fact(byPort, "policies").blocked).toHaveLength(1);
  });

  test("with an unknown gateway only a policy that lets nobody in is sure", () => {
    expect(withoutGateway(policy("ingress: []"))).toMatchObject({
      state: "present",
      value: { blocked: [{ to: { name: "web-1" } }] },
    });
    expect(withoutGateway(policy("ingress: [{from: [{namespaceSelector: {}}]}]")).state).toBe("unknown");
    expect(withoutGateway("").state).toBe("unknown");
    const anywhere = "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]";
    const almost = "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]";
    expect(withoutGateway(policy(anywhere))).toMatchObject({ evidence: "gateway" });
    expect(withoutGateway(policy(almost))).toMatchObject({ evidence: "namespaces" });
  });

  test("unread policies of the gateway's namespace leave egress open to doubt", () => {
    expect(policies(true).state).toBe("unknown");
    expect(policies(false)).toMatchObject({ state: "present", value: { blocked: [] } });
    expect(policies(true, policy("ingress: []"))).toMatchObject({ state: "present" });
  });

  test("nonsense in a policy neither throws nor lets anyone in", () => {
    const odd = policy("ingress: [null, {from: [{ipBlock: {cidr: nonsense}}], ports: [null]}, {from: [{}]}]");
    const observed = observe(shop(odd), routeTo()).policies;
    expect(observed.state === "present" && observed.value.blocked.length > 0).toBe(false);
  });
});
