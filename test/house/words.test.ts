import { describe, expect, it } from "vitest";
import { filesBelow, type SourceFile, withoutComments } from "./source-files.ts";

const files = [
  ...["src", "lab", "corpus/author", "bench", "test"].flatMap((folder) => filesBelow(folder, [".ts", ".md"])),
  ...["docs", "deploy", "bin", ".ci"].flatMap((folder) =>
    filesBelow(folder, [".ts", ".md", ".yaml", ".sh", ".json"]),
  ),
].filter((f) => f.path !== "test/house/words.test.ts");

/** Words that no file of the project has a use for. */
const banned: Readonly<Record<string, RegExp>> = {
  "left-over mark": /\b(TODO|FIXME|XXX|HACK)\b/,
  "path of one machine": /(^|[\s"'`(])\/(work|root|home|Users)\/[a-z]/,
  "talk of who wrote it": /\b(AI|LLM|Claude|Anthropic|OpenAI|ChatGPT|GPT-\d|Copilot|Codex)\b/,
  "package registry host": /registry\.(npmjs|yarnpkg)\.|artifactory|verdaccio/i,
};

/** Names that say nothing of what a thing is. */
const hollowFile = /(manager|helper|utils?|misc|common)s?\.(test\.)?ts$/;
const hollowName = /\b(?:class|interface|type|function|const)\s+\w*(?:Manager|Helper|Utils?)\b/;
const defaultExport = /^export default\b/m;
const suppressed = /@ts-(ignore|nocheck)|: any\b|\bas any\b/;

const hits = (pattern: RegExp, pick: (f: SourceFile) => string): string[] =>
  files.flatMap((f) => {
    const found = pattern.exec(pick(f));
    return found === null ? [] : [`${f.path}: ${found[0].trim()}`];
  });

const codeOf = (f: SourceFile): string => (f.path.endsWith(".ts") ? withoutComments(f.text) : "");

describe("words", () => {
  it("sees the files it judges", () => {
    expect(files.length).toBeGreaterThan(200);
  });

  for (const [what, pattern] of Object.entries(banned)) {
    it(`has no ${what}`, () => {
      expect(hits(pattern, (f) => f.text)).toEqual([]);
    });
  }

  it("has no hollow names", () => {
    expect(files.filter((f) => hollowFile.test(f.path)).map((f) => f.path)).toEqual([]);
    expect(hits(hollowName, codeOf)).toEqual([]);
  });

  it("has no default exports, no barrels and no silenced types", () => {
    expect(hits(defaultExport, codeOf)).toEqual([]);
    expect(hits(suppressed, codeOf)).toEqual([]);
    const barrels = files.filter((f) => /^(\s*export (\*|\{[^}]*\}) from "[^"]+";\s*)+$/.test(codeOf(f)));
    expect(barrels.map((f) => f.path)).toEqual([]);
  });
});
