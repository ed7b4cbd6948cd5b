import { describe, expect, it } from "vitest";
import { allCases } from "../../corpus/author/build.ts";
import { frozenCases } from "../../corpus/frozen-cases.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { filesBelow } from "./source-files.ts";

const ids = catalogue.map((c) => c.id);
const frozen = frozenCases();
const pages = filesBelow("docs/causes", [".md"]).map((f) => f.path.replace(/^.*\/|\.md$/g, ""));

describe("cause, page and case belong together", () => {
  it("no id is used twice", () => {
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(ids.length).toBeGreaterThan(50);
  });

  it("every cause has its file, named as its id", () => {
    const files = new Set(filesBelow("src/causes").map((f) => f.path.replace(/^.*\/|\.ts$/g, "")));
    expect(ids.filter((id) => !files.has(id))).toEqual([]);
  });

  it("every cause file is in the catalogue", () => {
    const declaring = filesBelow("src/causes").filter(
      (f) => /\bdefineCause\(\{/.test(f.text) && !f.path.endsWith("define-cause.ts"),
    );
    const declared = declaring.flatMap((f) =>
      [...f.text.matchAll(/^\s+id: "([a-z0-9-]+)"/gm)].map((m) => m[1] ?? ""),
    );
    expect(declared.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("every cause has a page and every page a cause", () => {
    expect(ids.filter((id) => !pages.includes(id))).toEqual([]);
    expect(pages.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("every cause is true in some case", () => {
    const proved = new Set(frozen.flatMap((c) => c.expect.causes));
    expect(ids.filter((id) => !proved.has(id))).toEqual([]);
  });

  it("every cause has a twin: a case one fact away in which it is not true", () => {
    const byId = new Map(frozen.map((c) => [c.id, c]));
    const apart = new Set<string>();
    for (const twin of frozen) {
      const other = twin.twinOf === undefined ? undefined : byId.get(twin.twinOf);
      if (other === undefined) continue;
      const known = (c: typeof twin): string[] => [...c.expect.causes, ...(c.expect.acceptable ?? [])];
      for (const id of other.expect.causes) if (!known(twin).includes(id)) apart.add(id);
      for (const id of twin.expect.causes) if (!known(other).includes(id)) apart.add(id);
    }
    expect(ids.filter((id) => !apart.has(id))).toEqual([]);
  });

  it("no case expects a cause that does not exist", () => {
    const named = frozen.flatMap((c) =>
      [...c.expect.causes, ...(c.expect.acceptable ?? [])].map((id) => `${c.id}: ${id}`),
    );
    expect(named.filter((line) => !ids.includes(line.split(": ")[1] ?? ""))).toEqual([]);
  });

  it("leadsTo names causes only", () => {
    const wrong = catalogue.flatMap((c) =>
      c.leadsTo.filter((id) => !ids.includes(id)).map((id) => `${c.id} → ${id}`),
    );
    expect(wrong).toEqual([]);
  });

  it("what is written is what is frozen", async () => {
    const written = await allCases();
    const byHand = frozen.filter((c) => c.recordedBy === undefined);
    expect(written.map((c) => c.id).sort()).toEqual(byHand.map((c) => c.id).sort());
    for (const { build: _build, ...rest } of written) {
      const {
        bundle: _bundle,
        schema: _schema,
        ...kept
      } = frozen.find((f) => f.id === rest.id) ?? { bundle: "", schema: "" };
      expect(kept).toEqual(JSON.parse(JSON.stringify(rest)));
    }
  });
});
