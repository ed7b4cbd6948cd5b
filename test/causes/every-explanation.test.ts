import { expect, it } from "vitest";
import { catalogue } from "../../src/causes/catalogue.ts";
import { observe } from "../../src/derive/observe.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import { isSupported, weighCause } from "../../src/verdict/finding.ts";
import { loadedCases } from "../corpus/loaded.ts";

const supported = loadedCases.flatMap(({ evidence, target }) => {
  const facts = resolveRoutes(evidence, target).routes.map((route) => observe(evidence, route));
  return facts.flatMap((f) => catalogue.map((cause) => weighCause(cause, f)).filter(isSupported));
});

it("a cause that is supported says which requests it explains, or that they leave no line", () => {
  const silent = supported.filter((f) => f.explains === undefined && f.leavesNoLine !== true);
  expect([...new Set(silent.map((f) => f.cause.id))]).toEqual([]);
  expect(new Set(supported.map((f) => f.cause.id)).size).toBeGreaterThan(60);
});
