import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shellLines } from "./readme-lines.ts";
import { root } from "./run-program.ts";

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const page = readFileSync(join(root, "docs/development.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** What stands between backticks in the first cells of the tables below a heading. */
function firstCells(heading: string): string[] {
  const part = page.slice(page.indexOf(heading)).split(/\n## /)[0] ?? "";
  const rows = part.split("\n").filter((line) => line.startsWith("| `"));
  return rows.flatMap((row) =>
    [...(row.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""),
  );
}

test("every dependency is named with its reason, and none that is gone", () => {
  const used = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
  expect(firstCells("## Dependencies").toSorted()).toEqual(used.toSorted());
});

test("every folder of the sources is on the map, and none that is gone", () => {
  const folders = readdirSync(join(root, "src")).map((name) => `src/${name}`);
  const named = firstCells("## The way through the code");
  expect(named.filter((name) => name.startsWith("src/")).toSorted()).toEqual(folders.toSorted());
  expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
});

test("every script it names exists", () => {
  const lines = [...firstCells("## Start"), ...shellLines(page).map(({ line }) => line)];
  const scripts = lines
    .flatMap((line) => /^npm (?:run )?([\w:]+)/.exec(line)?.[1] ?? [])
    .filter((name) => name !== "ci");
  expect(scripts.length).toBeGreaterThan(6);
  expect(scripts.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
});

test("the README leads here", () => {
  expect(readFileSync(join(root, "README.md"), "utf8")).toContain("(docs/development.md)");
});
