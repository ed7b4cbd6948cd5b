import fc from "fast-check";
import { expect, test } from "vitest";
import { contains, overlaps } from "../../src/derive/address-range.ts";
import { fact, namespacesYaml, podYaml, serviceYaml, gatewayPodYaml, ingressClassYaml } from "./shop.ts";
import { evidenceOf } from "../support/evidence.ts";
import { parseAllDocuments } from "yaml";

const base = parseAllDocuments(
  ingressClassYaml +
    serviceYaml +
    namespacesYaml +
    gatewayPodYaml() +
    podYaml("shop", "web-1", "app: web", { ip: "10.2.0.7" }),
).flatMap((d) => ("toJS" in d ? [d.toJS() as object] : []));

interface Rule {
  readonly from?: readonly object[];
  readonly ports?: readonly object[];
}

const selector = fc.record({
  matchLabels: fc.dictionary(fc.constantFrom("app", "team"), fc.constantFrom("web", "shop", "platform"), {
    maxKeys: 1,
  }),
});
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ namespaceSelector: selector, podSelector: selector }),
  fc.record({ ipBlock: fc.record({ cidr: fc.constantFrom("10.0.0.0/8", "10.1.0.0/24", "172.16.0.0/12") }) }),
);
const port = fc.oneof(
  fc.record({ port: fc.constantFrom(80, 8080) }),
  fc.record({ port: fc.constantFrom("http", "https") }),
  fc.record({ port: fc.constant(8000), endPort: fc.integer({ min: 8000, max: 8200 }) }),
);
const rule: fc.Arbitrary<Rule> = fc.record(
  { from: fc.array(peer, { maxLength: 3 }), ports: fc.array(port, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const rules = fc.array(rule, { maxLength: 3 });
const policies = fc.array(fc.record({ pods: selector, rules }), { maxLength: 3 });

type Plan = readonly { readonly pods: object; readonly rules: readonly Rule[] }[];

const blocked = (plan: Plan): number => {
  const objects = plan.map(({ pods, rules: ingress }, i) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { namespace: "shop", name: `p${i}` },
    spec: { podSelector: pods, policyTypes: ["Ingress"], ingress },
  }));
  return fact(evidenceOf([...base, ...objects]), "policies").blocked.length;
};

const everyPod = { matchLabels: {} };

test("the order of policies, rules and peers does not matter", () => {
  fc.assert(
    fc.property(policies, (plan) => {
      const reversed = plan.toReversed().map(({ pods, rules: written }) => ({
        pods,
        rules: written
          .toReversed()
          .map((r) => (r.from === undefined ? r : { ...r, from: r.from.toReversed() })),
      }));
      expect(blocked(reversed)).toBe(blocked(plan));
    }),
  );
});

test("a rule for everyone opens whatever the others close", () => {
  fc.assert(
    fc.property(policies, (plan) => {
      expect(blocked([...plan, { pods: everyPod, rules: [{}] }])).toBe(0);
    }),
  );
});

test("one more rule never blocks what was allowed", () => {
  fc.assert(
    fc.property(policies, rules, (plan, more) => {
      const before = blocked([...plan, { pods: everyPod, rules: [] }]);
      expect(blocked([...plan, { pods: everyPod, rules: more }])).toBeLessThanOrEqual(before);
    }),
  );
});

test("a policy that selects nothing here changes nothing", () => {
  fc.assert(
    fc.property(policies, rules, (plan, more) => {
      const elsewhere = { pods: { matchLabels: { app: "elsewhere" } }, rules: more };
      expect(blocked([...plan, elsewhere])).toBe(blocked(plan));
    }),
  );
});

const numberOf = (ip: string): number => ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join("."));

test("ranges agree with arithmetic on the address", () => {
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 32 }), (range, ip, bits) => {
      const size = 2 ** (32 - bits);
      const expected = Math.floor(numberOf(range) / size) === Math.floor(numberOf(ip) / size);
      expect(contains(`${range}/${bits}`, ip)).toBe(expected);
      expect(overlaps(`${range}/${bits}`, `${ip}/32`)).toBe(expected);
    }),
  );
});

test("what is no range or address is undecided, and families never mix", () => {
  expect(contains("10.0.0.0", "10.0.0.1")).toBeUndefined();
  expect(contains("10.0.0.0/33", "10.0.0.1")).toBeUndefined();
  expect(contains("10.0.0.0/8", "nobody")).toBeUndefined();
  expect(contains("::/0", "10.0.0.1")).toBe(false);
  expect(contains("fd00::/8", "fd00::1")).toBe(true);
});
