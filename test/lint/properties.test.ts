import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { caseNames, casesFolder, evidenceOfText, linted, saidOf } from "./cases.ts";

const documentsOf = (name: string, half: string): string[] =>
  readFileSync(join(casesFolder, name, `${half}.yaml`), "utf8").split("---\n");

const everyFile = caseNames.flatMap((name) => ["bad", "good"].map((half) => documentsOf(name, half)));

describe("what lint says depends on the objects alone", () => {
  test("the order of documents does not matter", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .constantFrom(...everyFile)
          .chain((documents) =>
            fc.tuple(fc.constant(documents), fc.shuffledSubarray(documents, { minLength: documents.length })),
          ),
        async ([documents, shuffled]) => {
          const [before, after] = await Promise.all(
            [documents, shuffled].map(async (d) => linted(await evidenceOfText(d.join("---\n")))),
          );
          expect(after?.findings).toEqual(before?.findings);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("objects of another namespace add what they have alone, and change nothing", async () => {
    for (const name of caseNames) {
      const text = documentsOf(name, "bad").join("---\n");
      const elsewhere = text
        .replaceAll("namespace: shop", "namespace: mall")
        .replaceAll("shop.example", "mall.example");
      // oxlint-disable-next-line no-await-in-loop -- one case after the other
      const [one, both] = await Promise.all([
        evidenceOfText(text),
        evidenceOfText(`${text}---\n${elsewhere}`),
      ]);
      const said = saidOf(linted(one)).filter((line) => line.includes("/shop/"));
      expect(saidOf(linted(both)).filter((line) => line.includes("/shop/"))).toEqual(said);
    }
  });
});

describe("hostile manifests", () => {
  const junk = fc.anything({
    maxDepth: 4,
    withNullPrototype: false,
    values: [fc.string(), fc.integer(), fc.constant(null), fc.constant("100%"), fc.boolean()],
  });

  test("no field of the wrong type makes a rule throw", async () => {
    const lines = everyFile.map((documents) => documents.join("---\n").split("\n"));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...lines), fc.nat(), junk, async (file, at, value) => {
        const line = file[at % file.length] ?? "";
        const key = /^(\s*(?:- )?[\w.-]+:)/.exec(line)?.[1] ?? `${line} #`;
        const broken = [...file];
        broken[at % file.length] = `${key} ${JSON.stringify(value) ?? "null"}`;
        const text = `${broken.join("\n")}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: keep}\n`;
        expect(linted(await evidenceOfText(text)).schema).toBe("why5xx.lint/v1");
      }),
      { numRuns: 400 },
    );
  });

  test("any text that holds one object is read or refused, and nothing is thrown but a told problem", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (noise) => {
        const text = `apiVersion: v1\nkind: Namespace\nmetadata: {name: keep}\n---\n${noise}`;
        const outcome = await evidenceOfText(text).then(
          (evidence) => linted(evidence).schema,
          (error: Error) => error.name,
        );
        expect(["why5xx.lint/v1", "SourceProblem"]).toContain(outcome);
      }),
      { numRuns: 200 },
    );
  });
});
