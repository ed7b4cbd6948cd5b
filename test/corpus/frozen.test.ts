import { statSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseTarget } from "../../src/target/target.ts";
import { loadedCases } from "./loaded.ts";

const statuses = ["explained", "partly-explained", "unexplained", "healthy", "undecided"];
const ids = new Set(loadedCases.map((c) => c.frozen.id));

/** owner/repository#number, a repository or site with a title behind it, or an address. */
const sourceShape = /^[\w.-]+\/[\w./-]+(#\d+|@[0-9a-f]+| \S.*)?$|^\w[\w .-]+[,/ ].+$|^https:\/\//;

/** A case is meant to be read by a person; more than this is a dump. */
const maxBytes = 400_000;

function bytesIn(dir: string): number {
  const files = readdirSync(dir, { recursive: true, encoding: "utf8" }).map((f) => statSync(join(dir, f)));
  return files.filter((s) => s.isFile()).reduce((sum, s) => sum + s.size, 0);
}

it("there are cases with a cause and cases without", () => {
  const innocent = loadedCases.filter((c) => c.frozen.expect.causes.length === 0);
  expect(innocent.length).toBeGreaterThanOrEqual(14);
  expect(loadedCases.length).toBeGreaterThan(innocent.length);
});

const byHand = loadedCases.filter((c) => c.frozen.recordedBy === undefined);

it.each(byHand.map((c) => [c.frozen.id, c] as const))(
  "%s is of the one moment, and small",
  (_id, { frozen, evidence }) => {
    expect(evidence.collectedAt).toMatch(/^2026-11-18T10:30:00/);
    expect(evidence.losses).toEqual([]);
    expect(bytesIn(frozen.bundle)).toBeLessThan(maxBytes);
  },
);

describe.each(loadedCases.map((c) => [c.frozen.id, c] as const))("%s", (id, { frozen, evidence }) => {
  it("loads whole", () => {
    // Of some logs a diagnosis reads the end only, and says so.
    expect(evidence.losses.filter(({ why }) => !/^only the last \d+ lines were read$/.test(why))).toEqual([]);
    expect(
      (evidence.objects.pods ?? []).length + evidence.coverage.filter((c) => c.extent === "failed").length,
    ).toBeGreaterThan(0);
    expect(evidence.logs.length).toBeGreaterThan(0);
  });

  it("has a valid expectation", () => {
    expect(basename(dirname(frozen.bundle))).toBe(id);
    expect(frozen.schema).toBe("why5xx.case/v1");
    expect(frozen.title.length).toBeGreaterThan(10);
    expect(statuses).toContain(frozen.expect.status);
    expect(parseTarget(frozen.target, frozen.namespace).kind).toMatch(/^(url|object|all)$/);
    expect(frozen.expect.causes.filter((c) => frozen.expect.acceptable?.includes(c))).toEqual([]);
    expect(frozen.twinOf === undefined || ids.has(frozen.twinOf)).toBe(true);
    expect(frozen.source ?? "a/b#1").toMatch(sourceShape);
  });

  it("claims a cause when it says explained, and none when it says healthy", () => {
    const { status, causes } = frozen.expect;
    expect(causes.length > 0).toBe(status === "explained" || status === "partly-explained");
  });
});
