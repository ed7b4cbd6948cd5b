import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lintRules } from "../../src/lint/rules.ts";
import { section, withSection } from "../cli/readme-lines.ts";
import { root } from "../cli/run-program.ts";

const path = join(root, "docs/lint.md");

const table = [
  "| rule | severity | what is wrong | why, and what to do |",
  "| --- | --- | --- | --- |",
  ...lintRules.map(({ id, severity, title, why }) => `| \`${id}\` | ${severity} | ${title} | ${why} |`),
].join("\n");

test("the page of rules is the rules; UPDATE_GOLDEN=1 writes it", () => {
  if (process.env["UPDATE_GOLDEN"] === "1")
    writeFileSync(path, withSection(readFileSync(path, "utf8"), "rules", table));
  expect(section(readFileSync(path, "utf8"), "rules")).toBe(table);
});
