import { describe, expect, it } from "vitest";
import { filesBelow, linesOf } from "./source-files.ts";

/** Files that may be longer than 300 lines, each with its reason. */
const mayBeLong: Readonly<Record<string, string>> = {
  "test/report/schema-matches-type.test.ts": "one table of the report's every type beside its schema",
  "src/derive/views.ts": "the types of every fact, read side by side",
};

const files = ["src", "lab", "corpus", "bench", "test"].flatMap((folder) => filesBelow(folder));

describe("sizes", () => {
  it("no file has more than 300 lines, but those listed with a reason", () => {
    expect(files.length).toBeGreaterThan(200);
    const long = files.filter((f) => linesOf(f) > 300 && mayBeLong[f.path] === undefined);
    expect(long.map((f) => `${f.path}: ${linesOf(f)}`)).toEqual([]);
  });

  it("the list of long files holds none that has become short", () => {
    const stale = Object.keys(mayBeLong).filter(
      (path) => linesOf(files.find((f) => f.path === path) ?? { path, text: "" }) <= 300,
    );
    expect(stale).toEqual([]);
  });

  it("half of the source files have fewer than 80 lines", () => {
    const lengths = files
      .filter((f) => f.path.startsWith("src/"))
      .map(linesOf)
      .sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(80);
  });
});
