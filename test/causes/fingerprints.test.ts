import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/causes/catalogue.ts";
import { speaksFor } from "../../src/causes/clue.ts";
import type { Judgement, Supported } from "../../src/causes/define-cause.ts";
import { fingerprints, withFingerprint } from "../../src/causes/fingerprints/fingerprint.ts";
import { ofClass } from "../../src/causes/requests.ts";
import { present, unknown } from "../../src/evidence/observed.ts";
import type { Pattern } from "../../src/logs/patterns/pattern.ts";
import type { Traffic } from "../../src/logs/traffic.ts";
import { confidence } from "../../src/verdict/confidence.ts";
import { request, traffic } from "./traffic.ts";

const closed = (address: string, endMs: number) =>
  request({ endMs, durationMs: 2, status: 502, attempts: [{ address, failure: "closed-before-header" }] });
const refused = (address: string, endMs: number) =>
  request({ endMs, durationMs: 1, status: 502, attempts: [{ address, failure: "connect-refused" }] });

const a = "10.42.1.5:8080";
const b = "10.42.2.6:8080";
const seen: Traffic = traffic({ failures: [closed(a, 1000), closed(b, 61_000), refused(a, 70_000)] });

const accusing = (over: Partial<Supported> = {}): Supported => ({
  state: "supported",
  subject: { kind: "Pod", name: "web-1" },
  clues: [speaksFor.strong("closed at once", "gateway log", { group: "closes" })],
  explains: ofClass("closed-before-header"),
  fixes: [],
  ...over,
});

const memoryless: Pattern = {
  kind: "memoryless",
  text: "3 failures in 6 hours, 12 in a million (4 to 30)",
  failures: 3,
  of: 3,
  class: "closed-before-header",
  perMillion: 12,
  perMillionLow: 4,
  perMillionHigh: 30,
};
const aligned: Pattern = {
  kind: "end-alignment",
  text: `6 attempts at ${a} that began within 9 s ended within 40 ms`,
  failures: 6,
  of: 6,
  class: "closed-before-header",
  address: a,
  groups: [{ atMs: 1000, attempts: 6, startSpreadMs: 9000 }],
};

const clues = (id: string, judged: Judgement, patterns: readonly Pattern[], log = seen) =>
  withFingerprint(id, judged, present(patterns), present(log)).clues.slice(judged.clues.length);

describe("what patterns say of a cause", () => {
  it("carries the pattern's numbers and what they mean", () => {
    expect(clues("keepalive-idle-race", accusing(), [memoryless])).toMatchObject([
      {
        for: true,
        weight: "moderate",
        group: "scatter",
        text: `${memoryless.text}: a race of two timers knows no moment`,
      },
    ]);
  });

  it("speaks against as well", () => {
    const judged = withFingerprint("keepalive-idle-race", accusing(), present([aligned]), present(seen));
    expect(judged.clues.at(-1)).toMatchObject({ for: false, group: "alignment" });
    expect(confidence(0.04, judged.clues)).toBeLessThan(confidence(0.04, accusing().clues));
  });

  it("is not said again where the cause says the same observation, with as much weight", () => {
    const own = speaksFor.moderate("scattered over the window", "gateway log", { group: "scatter" });
    const judged = accusing({ clues: [...accusing().clues, own] });
    expect(clues("keepalive-idle-race", judged, [memoryless])).toEqual([]);
  });

  it("is said and counts once where the cause's own clue weighs less", () => {
    const own = speaksFor.weak("scattered over the window", "gateway log", { group: "scatter" });
    const judged = accusing({ clues: [...accusing().clues, own] });
    const held = withFingerprint("keepalive-idle-race", judged, present([memoryless]), present(seen));
    expect(held.clues).toHaveLength(3);
    const alone = withFingerprint("keepalive-idle-race", accusing(), present([memoryless]), present(seen));
    expect(confidence(0.04, held.clues)).toBe(confidence(0.04, alone.clues));
  });

  it("is nothing where the pattern is of failures of another class", () => {
    expect(clues("keepalive-idle-race", accusing(), [{ ...memoryless, class: "connect-refused" }])).toEqual(
      [],
    );
  });

  it("is nothing where failures are mixed and the cause explains part of them", () => {
    const { class: _, ...mixed } = memoryless;
    expect(clues("keepalive-idle-race", accusing(), [mixed])).toEqual([]);
    const all = ofClass("closed-before-header", "connect-refused");
    expect(clues("keepalive-idle-race", accusing({ explains: all }), [mixed])).toHaveLength(1);
  });

  it("is nothing where it names an address that the cause does not accuse", () => {
    const atB = accusing({ explains: (_, attempt) => attempt?.address === b });
    expect(clues("oom-killed", atB, [aligned])).toEqual([]);
    const atA = accusing({ explains: (_, attempt) => attempt?.address === a });
    expect(clues("oom-killed", atA, [aligned])).toMatchObject([{ weight: "strong", group: "cut" }]);
  });

  it("is nothing for a cause that explains no failure, accuses nobody or has no log", () => {
    expect(
      clues("keepalive-idle-race", accusing({ explains: ofClass("no-endpoint") }), [memoryless]),
    ).toEqual([]);
    const undecided: Judgement = { state: "undecided", clues: [], why: "too few" };
    expect(clues("keepalive-idle-race", undecided, [memoryless])).toEqual([]);
    const judged = accusing();
    const blind = withFingerprint(
      "keepalive-idle-race",
      judged,
      unknown("gateway-log", "not read"),
      unknown("gateway-log", "not read"),
    );
    expect(blind).toBe(judged);
  });
});

describe("fingerprints and causes belong together", () => {
  it("every cause with a fingerprint asks for the patterns and the traffic, and only those do", () => {
    const asking = catalogue.filter((c) => c.helps.includes("patterns"));
    expect(asking.map((c) => c.id).sort()).toEqual(Object.keys(fingerprints).sort());
    expect(
      asking.filter((c) => !c.helps.includes("traffic") && !c.needs.includes("traffic")).map((c) => c.id),
    ).toEqual([]);
  });

  it("no pattern alone decides", () => {
    const weights = Object.values(fingerprints).flatMap((traits) => traits.map((t) => t.weight));
    expect(weights.length).toBeGreaterThan(50);
    expect(weights).not.toContain("decisive");
  });
});
