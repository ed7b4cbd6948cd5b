import { describe, expect, it } from "vitest";
import { shop } from "../../corpus/author/cluster/shop.ts";
import { type Disguised, permuted, renamed, shifted, withStrangers } from "./disguises.ts";
import { gist, type LoadedCase, loadedCases, verdictOf } from "./loaded.ts";

const strangers = (() => {
  const c = shop("strangers", { app: "stock", host: "stock.example.net" });
  c.pod("stock", 0).crashLoop({ exitCode: 1, reason: "Error", at: "-2m", since: "-30m", count: 9 });
  c.pod("stock", 1).restart({ exitCode: 137, reason: "OOMKilled", at: "-9m", count: 3 });
  c.add("networkpolicies", {
    metadata: { name: "deny" },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
  return c.evidence();
})();

/** Ids of the cases whose verdict a disguise changes. */
const changedBy = (disguise: (c: LoadedCase) => Disguised): string[] =>
  loadedCases
    .filter((c) => {
      const other = disguise(c);
      const before = gist(verdictOf(c.evidence, c.target));
      return JSON.stringify(gist(verdictOf(other.evidence, other.target))) !== JSON.stringify(before);
    })
    .map((c) => c.frozen.id);

describe("the same cluster in another dress gets the same verdict", () => {
  it("lists in another order: byte for byte", () => {
    const changed = loadedCases.filter(
      ({ evidence, target }) =>
        JSON.stringify(verdictOf(permuted(evidence), target)) !== JSON.stringify(verdictOf(evidence, target)),
    );
    expect(changed.map((c) => c.frozen.id)).toEqual([]);
  }, 60_000);

  it("namespace and pods renamed", () => {
    expect(changedBy((c) => renamed(c.evidence, c.frozen))).toEqual([]);
  }, 60_000);

  it.each([-21, 40])(
    "every clock moved by %i days",
    (days) => {
      expect(changedBy((c) => ({ evidence: shifted(c.evidence, days), target: c.target }))).toEqual([]);
    },
    60_000,
  );

  it("unrelated objects added", () => {
    expect(changedBy((c) => ({ evidence: withStrangers(c.evidence, strangers), target: c.target }))).toEqual(
      [],
    );
  }, 60_000);
});

describe("the dresses differ from what they hide", () => {
  const sample = loadedCases[0]!;

  it("each changes the evidence", () => {
    const text = JSON.stringify(sample.evidence.objects);
    expect(JSON.stringify(permuted(sample.evidence).objects)).not.toBe(text);
    expect(JSON.stringify(shifted(sample.evidence, 1).objects)).not.toBe(text);
    expect(JSON.stringify(renamed(sample.evidence, sample.frozen).evidence.objects)).not.toBe(text);
    expect(withStrangers(sample.evidence, strangers).objects.pods?.length).toBeGreaterThan(
      sample.evidence.objects.pods?.length ?? 0,
    );
  });
});
