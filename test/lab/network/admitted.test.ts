import type { NetworkPolicySpec } from "kubernetes-types/networking/v1";
import { describe, expect, it } from "vitest";
import { contains, without } from "../../../lab/network/addresses.ts";
import { admits, admittedBy, type PolicyPod } from "../../../lab/network/policy/admitted.ts";

const cart: PolicyPod = {
  namespace: "shop",
  labels: { app: "cart" },
  address: "10.42.1.1",
  ports: { http: 8080 },
};
const db: PolicyPod = {
  namespace: "data",
  labels: { app: "db" },
  address: "10.42.1.2",
  ports: { sql: 5432 },
};

const filterOf = (pod: PolicyPod, spec: NetworkPolicySpec) =>
  admittedBy(
    {
      policies: [{ metadata: { name: "p", namespace: pod.namespace }, spec }],
      pods: [cart, db],
      namespaceLabels: (name) => ({ team: name }),
    },
    pod,
  );

describe("what NetworkPolicies admit", () => {
  it("leaves pods alone that none selects, and directions that none is about", () => {
    const other = { podSelector: { matchLabels: { app: "other" } }, policyTypes: ["Ingress", "Egress"] };
    expect(filterOf(cart, other)).toEqual({ ingress: "all", egress: "all" });
    expect(filterOf(cart, { podSelector: {} })).toEqual({ ingress: [], egress: "all" });
    expect(filterOf(cart, { podSelector: {}, policyTypes: ["Egress"] })).toEqual({
      ingress: "all",
      egress: [],
    });
    expect(filterOf(cart, { podSelector: {}, egress: [{}] })).toEqual({
      ingress: [],
      egress: [{ range: "0.0.0.0/0", ports: "all" }],
    });
  });

  it("names ports by the container ports of the pod that is reached", () => {
    const selector = {
      podSelector: { matchLabels: { app: "db" } },
      namespaceSelector: { matchLabels: { team: "data" } },
    };
    const { ingress, egress } = filterOf(cart, {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [selector],
          ports: [{ port: "http" }, { port: "nameless" }, { port: 9000, endPort: 9010, protocol: "UDP" }],
        },
      ],
      egress: [{ to: [selector], ports: [{ port: "sql" }] }],
    });
    expect(ingress).toEqual([
      {
        range: "10.42.1.2/32",
        ports: [
          { protocol: "tcp", low: 8080, high: 8080 },
          { protocol: "udp", low: 9000, high: 9010 },
        ],
      },
    ]);
    expect(egress).toEqual([{ range: "10.42.1.2/32", ports: [{ protocol: "tcp", low: 5432, high: 5432 }] }]);
    expect(admits(ingress, "10.42.1.2", "tcp", 8080)).toBe(true);
    expect(admits(ingress, "10.42.1.2", "udp", 8080)).toBe(false);
    expect(admits(ingress, "10.42.1.3", "tcp", 8080)).toBe(false);
  });

  it("takes a pod selector alone for the policy's own namespace", () => {
    const spec = { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] };
    expect(filterOf(cart, spec).ingress).toEqual([{ range: "10.42.1.1/32", ports: "all" }]);
  });

  it("takes the exceptions out of a block", () => {
    const from = [{ ipBlock: { cidr: "10.42.0.0/16", except: ["10.42.1.0/24", "10.42.200.7/32"] } }];
    const { ingress } = filterOf(cart, { podSelector: {}, ingress: [{ from }] });
    for (const [address, isIn] of [
      ["10.42.0.9", true],
      ["10.42.1.0", false],
      ["10.42.1.255", false],
      ["10.42.2.0", true],
      ["10.42.200.7", false],
      ["10.42.200.8", true],
      ["10.43.0.0", false],
    ] as const)
      expect([address, admits(ingress, address, "tcp", 80)]).toEqual([address, isIn]);
  });
});

describe("ranges", () => {
  it("split around what is taken out", () => {
    expect(without("10.0.0.0/30", ["10.0.0.1/32"])).toEqual(["10.0.0.0/32", "10.0.0.2/31"]);
    expect(without("10.0.0.0/30", ["10.0.0.0/8"])).toEqual([]);
    expect(without("0.0.0.0/0", ["128.0.0.0/1"])).toEqual(["0.0.0.0/1"]);
    expect(contains("198.51.100.0/24", "198.51.100.255")).toBe(true);
    expect(contains("198.51.100.0/24", "198.51.101.0")).toBe(false);
  });
});
