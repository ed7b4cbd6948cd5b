import { describe, expect, it } from "vitest";
import { filesBelow, importsOf, roomOf, type SourceFile, withoutComments } from "./source-files.ts";

/** What each room may import beside itself. Data flows down this list; nothing flows back. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  target: ["base"],
  evidence: ["base"],
  report: ["base"],
  logs: ["base", "evidence"],
  derive: ["base", "target", "evidence", "logs"],
  causes: ["base", "target", "evidence", "logs", "derive"],
  verdict: ["base", "target", "evidence", "logs", "derive", "causes", "report"],
  probe: ["base", "target", "evidence", "logs", "derive", "report"],
  watch: ["base", "target", "evidence", "logs", "derive", "report"],
  lint: ["base", "target", "evidence", "logs", "derive", "report"],
  rules: ["base", "target", "evidence", "derive"],
  fix: ["base", "target", "evidence", "logs", "derive", "causes", "verdict", "report"],
  render: ["base", "report"],
  gather: ["base", "target", "evidence", "logs", "derive"],
  act: ["base", "target", "evidence", "logs", "derive", "report", "fix", "gather"],
  lab: ["base", "evidence", "target", "logs", "report", "gather"],
  corpus: ["base", "evidence", "target", "report", "gather"],
};

/** Shells over the whole pipeline. */
const shells = new Set(["cli", "mcp", "bench", "test"]);

/** Rooms that are functions of evidence: no clock, no chance, no world. */
const pure = new Set([
  "base",
  "target",
  "evidence",
  "report",
  "logs",
  "derive",
  "causes",
  "verdict",
  "watch",
  "probe",
  "lint",
  "rules",
  "fix",
  "render",
]);

const files = ["src", "lab", "corpus"].flatMap((folder) => filesBelow(folder));

function wallBreaks(file: SourceFile): string[] {
  const room = roomOf(file.path);
  if (shells.has(room)) return [];
  const allowed = mayImport[room];
  if (allowed === undefined) return [`${file.path}: no rule for room "${room}"`];
  return importsOf(file)
    .filter(
      (target) => target.startsWith("src/") || ["lab", "corpus", "bench", "test"].includes(roomOf(target)),
    )
    .filter((target) => roomOf(target) !== room && !allowed.includes(roomOf(target)))
    .map((target) => `${file.path} imports ${target}`);
}

const derived = (text: string): SourceFile => ({ path: "src/derive/x.ts", text });

const impure =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.now\b|\bprocess\.(?!exitCode)\w|\bfetch\(|\bsetTimeout\b|\bsetInterval\b/;
const worldly =
  /^(node:)?(fs|net|http|https|http2|tls|dgram|dns|child_process|os|crypto|worker_threads|timers|cluster|readline|tty)(\/|$)/;

/** Parsing an address is pure, wherever Node keeps the function. */
const pureImport =
  /import \{ (?:(?:isIP|isIPv4|isIPv6|BlockList|SocketAddress)(?:, )?)+ \} from "node:net";/g;

function impurities(file: SourceFile): string[] {
  const found = importsOf({ ...file, text: file.text.replace(pureImport, "") })
    .filter((name) => worldly.test(name))
    .map((name) => `${file.path} imports ${name}`);
  const call = impure.exec(withoutComments(file.text));
  return call === null ? found : [...found, `${file.path} uses ${call[0]}`];
}

describe("walls between the rooms", () => {
  it("sees the files it judges", () => {
    expect(files.length).toBeGreaterThan(150);
    expect(files.flatMap(importsOf).length).toBeGreaterThan(400);
    const rooms = new Set(files.map((f) => roomOf(f.path)));
    const unseen = Object.keys(mayImport).filter((room) => !rooms.has(room));
    expect(unseen).toEqual([]);
  });

  it("are not crossed by any import", () => {
    expect(files.flatMap(wallBreaks)).toEqual([]);
  });

  it("would be seen if crossed, in every form of import", () => {
    const gather = {
      path: "src/gather/x.ts",
      text: 'import { c } from "../causes/catalogue.ts";\nawait import("../verdict/diagnose.ts");',
    };
    expect(wallBreaks(gather)).toEqual([
      "src/gather/x.ts imports src/causes/catalogue.ts",
      "src/gather/x.ts imports src/verdict/diagnose.ts",
    ]);
    const render = { path: "src/render/x.ts", text: 'export type { E } from "../evidence/evidence.ts";' };
    expect(wallBreaks(render)).toEqual(["src/render/x.ts imports src/evidence/evidence.ts"]);
    const lab = { path: "lab/faults/x.ts", text: 'import type { C } from "../../src/causes/clue.ts";' };
    expect(wallBreaks(lab)).toEqual(["lab/faults/x.ts imports src/causes/clue.ts"]);
  });
});

/** Files of pure rooms that touch the world, each with its reason. */
const worldlyFiles: Readonly<Record<string, string>> = {
  "src/evidence/write-bundle.ts": "saves evidence; nothing that diagnoses imports it",
};

describe("purity after gathering", () => {
  const judged = files.filter(
    (f) => f.path.startsWith("src/") && pure.has(roomOf(f.path)) && worldlyFiles[f.path] === undefined,
  );

  it("lets no pure file reach one that is not", () => {
    const reaching = judged.filter((f) => importsOf(f).some((target) => worldlyFiles[target] !== undefined));
    expect(reaching.map((f) => f.path)).toEqual([]);
  });

  it("sees the files it judges", () => {
    expect(judged.length).toBeGreaterThan(100);
  });

  it("has no clock, no chance and no I/O", () => {
    expect(judged.flatMap(impurities)).toEqual([]);
  });

  it("would notice each of them", () => {
    expect(impurities(derived('import { readFileSync } from "node:fs";'))).toEqual([
      "src/derive/x.ts imports node:fs",
    ]);
    expect(impurities(derived("const t = Date.now();"))).toEqual(["src/derive/x.ts uses Date.now"]);
    expect(impurities(derived("const t = new Date();"))).toEqual(["src/derive/x.ts uses new Date()"]);
    expect(impurities(derived("const t = Math.random();"))).toEqual(["src/derive/x.ts uses Math.random"]);
    expect(impurities(derived("const t = new Date(ms); // not Date.now()"))).toEqual([]);
  });
});
