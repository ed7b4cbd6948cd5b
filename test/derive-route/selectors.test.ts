import type { Service } from "kubernetes-types/core/v1";
import type { LabelSelector } from "kubernetes-types/meta/v1";
import { describe, expect, it } from "vitest";
import { readForLabels } from "../../src/derive/coverage.ts";
import { matchesSelector, serviceSelects } from "../../src/derive/selectors.ts";
import type { Coverage } from "../../src/evidence/evidence.ts";
import { evidenceOf } from "../support/evidence.ts";
import { service } from "./objects.ts";

const labels = { app: "cart", tier: "web" };

const expression = (key: string, operator: string, ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, values }],
});

const selects = (selector: object | null): boolean =>
  serviceSelects(service("cart", [], { selector }) as Service, labels);

describe("a label selector", () => {
  it.each([
    [{ matchLabels: { app: "cart" } }, true],
    [{ matchLabels: { app: "card" } }, false],
    [{ matchLabels: { app: "cart", zone: "a" } }, false],
    [{}, true],
    [undefined, false],
    [null, false],
    [expression("app", "In", "cart", "card"), true],
    [expression("app", "In"), false],
    [expression("zone", "In", "a"), false],
    [expression("app", "NotIn", "cart"), false],
    [expression("zone", "NotIn", "a"), true],
    [expression("app", "Exists"), true],
    [expression("zone", "Exists"), false],
    [expression("app", "DoesNotExist"), false],
    [expression("zone", "DoesNotExist"), true],
    [expression("app", "Gt", "1"), false],
    [{ matchLabels: { app: "cart" }, ...expression("tier", "In", "db") }, false],
    [{ matchLabels: { toString: "x" } }, false],
  ])("%j → %s", (selector, expected) => {
    expect(matchesSelector(labels, selector as LabelSelector | null | undefined)).toBe(expected);
  });

  it("of a Service selects nothing when it is empty", () => {
    expect(selects({ app: "cart" })).toBe(true);
    expect(selects({})).toBe(false);
    expect(selects(null)).toBe(false);
  });
});

const read = (entry: Partial<Coverage>): boolean => {
  const coverage: Coverage[] = [{ resource: "pods", namespace: "shop", extent: "selected", ...entry }];
  return readForLabels(evidenceOf([], { coverage }), "pods", "shop", { app: "cart", tier: "web" });
};

describe("a list read by selector", () => {
  it("covers objects whose labels the selector asks for, and no others", () => {
    expect(read({ selectors: ["app=cart,tier=web"] })).toBe(true);
    expect(read({ selectors: ["app=pay", "app=cart"] })).toBe(true);
    expect(read({ selectors: ["app=cart,zone=a"] })).toBe(false);
    expect(read({ selectors: ["app=pay"] })).toBe(false);
    expect(read({ names: ["cart-0"] })).toBe(false);
    expect(read({})).toBe(true);
    expect(read({ extent: "whole" })).toBe(true);
    expect(read({ extent: "failed" })).toBe(false);
    expect(read({ extent: "whole", namespace: "blog" })).toBe(false);
  });
});
