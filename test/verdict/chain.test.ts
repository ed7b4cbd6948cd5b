import { describe, expect, it } from "vitest";
import { chains } from "../../src/verdict/chain.ts";
import { found } from "./fixtures.ts";

const ids = (fs: readonly { cause: { id: string } }[]) => fs.map((f) => f.cause.id);

describe("chains", () => {
  it("ranks the deepest supported cause and shows the way out from it", () => {
    const result = chains([
      found("no-endpoints-pods-not-ready"),
      found("probe-wrong-port", { leadsTo: ["no-endpoints-pods-not-ready"] }),
    ]);
    expect(result).toHaveLength(1);
    expect(result[0]!.root.cause.id).toBe("probe-wrong-port");
    expect(ids(result[0]!.links)).toEqual(["no-endpoints-pods-not-ready", "probe-wrong-port"]);
  });

  it("prefers the longer way when a cause leads to several links", () => {
    const result = chains([found("a"), found("b", { leadsTo: ["a"] }), found("c", { leadsTo: ["a", "b"] })]);
    expect(ids(result[0]!.links)).toEqual(["a", "b", "c"]);
  });

  it("keeps independent causes apart", () => {
    expect(ids(chains([found("a"), found("b")]).map((c) => c.root))).toEqual(["a", "b"]);
  });

  it("does not hang on causes that lead to each other", () => {
    const result = chains([
      found("a", { leadsTo: ["b"], confidence: 0.7 }),
      found("b", { leadsTo: ["a"], confidence: 0.8 }),
    ]);
    expect(ids(result.map((c) => c.root))).toEqual(["b"]);
  });
});
