import { expect, test } from "vitest";
import { catalogue } from "../../src/causes/catalogue.ts";
import { explanation } from "../../src/cli/explain.ts";
import { shippedPages } from "../../src/cli/pages.ts";

const pages = shippedPages();
const ids = (text: string): string[] =>
  text
    .split("\n")
    .slice(1)
    .flatMap((line) => /^([a-z0-9-]+) {2}/.exec(line)?.[1] ?? []);

test("an id prints its page as it is", () => {
  expect(pages.read("service-missing")).toMatch(/^# /);
  expect(explanation(["service-missing"], catalogue, pages, "why5xx")).toBe(pages.read("service-missing"));
});

test("a status code finds the causes that can give it", () => {
  const giving = catalogue.filter((cause) => cause.codes.includes(503)).map((cause) => cause.id);
  expect(ids(explanation(["503"], catalogue, pages, "why5xx"))).toEqual(expect.arrayContaining(giving));
});

test("words are searched for in ids, titles and pages; all of them must be there", () => {
  const found = ids(explanation(["selector"], catalogue, pages, "why5xx"));
  expect(found[0]).toBe("no-endpoints-selector-mismatch");
  expect(ids(explanation(["selector", "503"], catalogue, pages, "why5xx"))).toContain(
    "no-endpoints-selector-mismatch",
  );
});

test("a slip of an id is told the nearest", () => {
  expect(() => explanation(["service-mising"], catalogue, pages, "why5xx")).toThrow(
    /Did you mean service-missing/,
  );
});

test("a word of no page says so", () => {
  expect(() => explanation(["zebra"], catalogue, pages, "why5xx")).toThrow('nothing is known of "zebra"');
});

test("a path is no cause: nothing outside the pages is read", () => {
  expect(() => explanation(["../../package"], catalogue, pages, "why5xx")).toThrow("nothing is known of");
});
