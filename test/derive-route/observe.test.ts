import { describe, expect, it } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import type { Observations } from "../../src/derive/observations.ts";
import type { FactName } from "../../src/derive/views.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { parseTarget } from "../../src/target/target.ts";
import { evidenceOf } from "../support/evidence.ts";
import { shop } from "./shop.ts";

const factNames: readonly FactName[] = [
  "route",
  "gateway",
  "settings",
  "service",
  "servicePort",
  "endpoints",
  "pods",
  "neighbours",
  "departed",
  "workloads",
  "events",
  "traffic",
  "patterns",
  "gatewayTraffic",
  "metrics",
  "gatewayLog",
  "appLog",
  "attemptStates",
  "policies",
  "nodes",
  "autoscalers",
  "budgets",
  "quotas",
  "claims",
  "dns",
  "dependencies",
  "services",
];

function observeTarget(evidence: Evidence, target: string): Observations {
  const [route] = resolveRoutes(evidence, parseTarget(target)).routes;
  if (route === undefined) throw new Error(`no route for ${target}`);
  return observe(evidence, route);
}

describe("observe", () => {
  it("has every fact, in one of three states", () => {
    const facts = observeTarget(evidenceOf(shop), "shop.example.com/cart");
    expect(Object.keys(facts).sort()).toEqual([...factNames].sort());
    const states: readonly string[] = ["present", "absent", "unknown"];
    expect(factNames.filter((name) => !states.includes(facts[name].state))).toEqual([]);
  });

  it("derives a fact once", () => {
    const facts = observeTarget(evidenceOf(shop), "shop.example.com/cart");
    const first = new Map(factNames.map((name) => [name, facts[name]]));
    expect(factNames.filter((name) => facts[name] !== first.get(name))).toEqual([]);
  });

  it("follows the route to the pods and their owner", () => {
    const facts = observeTarget(evidenceOf(shop), "shop.example.com/cart");
    expect(facts.servicePort).toMatchObject({ state: "present", value: { port: 80 } });
    expect(facts.endpoints).toMatchObject({
      state: "present",
      value: { from: "EndpointSlice", ready: [{ ip: "10.0.0.7", port: 8080 }] },
    });
    expect(facts.pods).toMatchObject({
      state: "present",
      value: [
        {
          ref: { name: "cart-6d4cf56db6-x7k2p" },
          targetPort: 8080,
          targetContainer: "app",
          owner: { kind: "Deployment", name: "cart" },
          controller: { kind: "ReplicaSet" },
        },
      ],
    });
    expect(facts.workloads).toMatchObject({
      state: "present",
      value: [
        { ref: { kind: "Deployment", name: "cart" }, relation: "selected", revisions: [{ number: 3 }] },
      ],
    });
  });
});
