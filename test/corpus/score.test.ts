import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { attributedIn } from "../../bench/scoring/attributed.ts";
import { scoreCase } from "../../bench/scoring/score-case.ts";
import { type Baseline, baselineOf, summarise, worseThan } from "../../bench/scoring/summary.ts";
import { corpusDir } from "../../corpus/frozen-cases.ts";
import { loadedCases } from "./loaded.ts";

describe("score of the corpus", () => {
  const scored = loadedCases.map((c) => scoreCase(c.frozen, c.evidence));
  const judged = scored.map((s) => s.judged);
  const attributed = attributedIn(scored.flatMap((s) => s.attribution ?? []));
  const now = baselineOf(summarise(judged), attributed);

  it("is no worse than the baseline", () => {
    const baseline = JSON.parse(readFileSync(join(corpusDir, "baseline.json"), "utf8")) as Baseline;
    expect(worseThan(now, baseline)).toEqual([]);
  });

  it("accuses nobody falsely", () => {
    expect(judged.flatMap((j) => j.falselyAccused.map((f) => `${j.id}: ${f}`))).toEqual([]);
  });

  it("would be worse if any single number were", () => {
    expect(worseThan({ ...now, top1Rate: now.top1Rate - 0.01 }, now)).toHaveLength(1);
    expect(worseThan({ ...now, falseAccusations: now.falseAccusations + 1 }, now)).toHaveLength(1);
    expect(worseThan({ ...now, brier: now.brier + 0.01 }, now)).toHaveLength(1);
    expect(worseThan({ ...now, attributedRate: now.attributedRate - 0.01 }, now)).toHaveLength(1);
    expect(worseThan({ ...now, cases: now.cases - 1 }, now)).toHaveLength(1);
    expect(worseThan(now, now)).toEqual([]);
  });
});
