import { describe, expect, it } from "vitest";
import { speaksFor } from "../../src/causes/clue.ts";
import type { Cause } from "../../src/causes/define-cause.ts";
import { absent, present } from "../../src/evidence/observed.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { weighCause } from "../../src/verdict/finding.ts";
import { cause, factsWith } from "./fixtures.ts";

const supports =
  (weight: keyof typeof speaksFor): Cause["weigh"] =>
  () => ({
    state: "supported",
    subject: ref("Service", "cart", "shop"),
    clues: [speaksFor[weight]("seen", "there")],
    fixes: [],
  });

describe("weighCause", () => {
  it("is undecided, with the reason, when a needed fact is unknown", () => {
    const weighed = weighCause(cause("x", { needs: ["pods"], weigh: supports("decisive") }), factsWith({}));
    expect(weighed).toMatchObject({
      state: "undecided",
      confidence: 0,
      missing: [{ evidence: "pods", reason: "not in this test" }],
    });
  });

  it("is refuted when a needed fact is absent", () => {
    const weighed = weighCause(
      cause("x", { needs: ["service"], weigh: supports("decisive") }),
      factsWith({ service: absent("no Service shop/cart") }),
    );
    expect(weighed).toMatchObject({ state: "refuted", clues: [{ text: "no Service shop/cart" }] });
  });

  it("hands over only what was declared", () => {
    let seen: string[] = [];
    const weigh = ((facts: object) => {
      seen = Object.keys(facts);
      return { state: "refuted", clues: [] };
    }) as Cause["weigh"];
    weighCause(
      cause("x", { needs: ["pods"], helps: ["traffic"], weigh }),
      factsWith({ pods: present([]), service: absent("none") }),
    );
    expect(seen).toEqual(["pods", "traffic"]);
  });

  it("does not accuse on moderate evidence", () => {
    expect(weighCause(cause("x", { weigh: supports("moderate") }), factsWith({}))).toMatchObject({
      state: "undecided",
    });
    expect(weighCause(cause("x", { prior: 0.05, weigh: supports("strong") }), factsWith({}))).toMatchObject({
      state: "supported",
    });
  });
});
