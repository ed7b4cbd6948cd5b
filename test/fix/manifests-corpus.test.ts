import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { evidenceOf, frozenCases, targetOf } from "../../corpus/frozen-cases.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { findObject } from "../../src/fix/find-object.ts";
import { editManifests } from "../../src/fix/manifests/edit-manifests.ts";
import { writtenPart } from "../../src/fix/object-yaml.ts";
import { patched } from "../../src/fix/patched.ts";
import { planFixes } from "../../src/fix/plan.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";

test("every change of the recorded cases comes out in a file as it would in the cluster, or is not made", async () => {
  const edited: { readonly file: string; readonly wanted: unknown }[] = [];
  const pointed: string[] = [];
  for (const frozen of frozenCases()) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    const evidence = await evidenceOf(frozen);
    const plan = planFixes(diagnose(evidence, targetOf(frozen), catalogue), evidence);
    for (const { patch, title } of plan.targets.flatMap((t) => t.changes)) {
      const before = patch === undefined ? undefined : findObject(evidence, patch.object);
      const after = before?.state === "present" ? patched(before.value, patch!) : undefined;
      if (before?.state !== "present" || after === undefined || patch === undefined) continue;
      const text = `# what people wrote\n${stringify(writtenPart(before.value))}# its end\n`;
      const result = editManifests([{ path: "all.yaml", text }], patch.object, before.value, after);
      const file = result.edited[0]?.after;
      if (file === undefined) pointed.push(`${frozen.id}: ${title}: ${result.problem}`);
      else edited.push({ file, wanted: writtenPart(after) });
    }
  }
  expect(edited.length).toBeGreaterThan(60);
  expect(edited.map(({ file }) => parse(file) as unknown)).toEqual(edited.map(({ wanted }) => wanted));
  expect(edited.filter(({ file }) => !/^# what people wrote\n[^]*# its end\n$/.test(file))).toEqual([]);
  expect(pointed).toEqual([]);
});
