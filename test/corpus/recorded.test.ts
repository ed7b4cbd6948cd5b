import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { frozenCases } from "../../corpus/frozen-cases.ts";
import { caseProblems, sizeProblem } from "../../src/cli/lab/recorded-case.ts";
import { loadedCases } from "./loaded.ts";

const recorded = loadedCases.filter((c) => c.frozen.recordedBy !== undefined);

describe("cases that were recorded in the lab", () => {
  it("are there, and of more than one gateway", () => {
    expect(recorded.length).toBeGreaterThan(2);
    const gateways = recorded.map((c) => / --gateway (\w+) /.exec(c.frozen.recordedBy ?? "")?.[1]);
    expect(new Set(gateways)).toEqual(new Set(["haproxy", "nginx"]));
  });

  it.each(recorded.map((c) => [c.frozen.id, c] as const))("%s is what its fault makes", async (_id, c) => {
    expect(await caseProblems(dirname(c.frozen.bundle))).toEqual([]);
  });

  it("are told from those that were written by what lies beside the bundle", () => {
    const wrong = frozenCases().filter(({ id, bundle, recordedBy }) => {
      const isRecorded = recordedBy !== undefined;
      return (
        existsSync(join(dirname(bundle), "run.json")) !== isRecorded || id.startsWith("lab-") !== isRecorded
      );
    });
    expect(wrong.map((c) => c.id)).toEqual([]);
  });
});

/** What is wrong once a file of the case is changed. */
function edited(folder: string, file: string, change: (text: string) => string): Promise<string[]> {
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, "utf8")));
  return caseProblems(folder);
}

describe("a recorded case that is not in order", () => {
  const sample = recorded[0]!;
  const scratch = mkdtempSync(join(tmpdir(), "why5xx-recorded-"));
  afterAll(() => rmSync(scratch, { recursive: true }));

  function copy(name: string, id = sample.frozen.id): string {
    const folder = join(scratch, name, id);
    cpSync(dirname(sample.frozen.bundle), folder, { recursive: true });
    return folder;
  }

  it("is one whose folder or command is another's", async () => {
    expect(await caseProblems(copy("renamed", "lab-other"))).toEqual(
      expect.arrayContaining([`its folder is to be named ${sample.frozen.id}.`]),
    );
    expect(
      await edited(copy("command"), "expect.json", (t) => t.replace("lab record", "lab run")),
    ).toHaveLength(1);
  });

  it("is one that expects another cause than the fault makes", async () => {
    const [cause = ""] = sample.frozen.expect.causes;
    const problems = await edited(copy("truth"), "expect.json", (t) =>
      t.replace(`"${cause}"\n`, '"hpa-lag"\n'),
    );
    expect(problems.join("\n")).toContain("is not what the fault declares");
  });

  it("is one in which nothing failed for the fault's sake", async () => {
    const problems = await edited(copy("unshown"), "run.json", (t) =>
      t.replaceAll('"isOwn":true', '"isOwn":false'),
    );
    expect(problems).toEqual(["no request failed for the fault's sake."]);
  });

  it("is one that names a path of one machine", async () => {
    const path = ["", "home", "somebody", "lab.sock"].join("/");
    const problems = await edited(copy("path"), "bundle/objects/events.json", (t) =>
      t.replace('"message": "', `"message": "${path} `),
    );
    expect(problems.join("\n")).toContain(`names a path of one machine: ${path.slice(0, 14)}`);
  });

  it("is one that is too large, compressed", async () => {
    expect(await sizeProblem(sample.evidence, 1024)).toContain("more than the 1 KB of a case");
    expect(await sizeProblem(sample.evidence)).toBeUndefined();
  });
});
