import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { evidenceOf, frozenCases, targetOf } from "../../corpus/frozen-cases.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { planFixes } from "../../src/fix/plan.ts";
import appliedSchema from "../../src/report/applied-report.schema.json" with { type: "json" };
import fixSchema from "../../src/report/fix-plan.schema.json" with { type: "json" };
import verifySchema from "../../src/report/verify-report.schema.json" with { type: "json" };
import { diagnose } from "../../src/verdict/diagnose.ts";
import { incident } from "./incident.ts";

const ajv = new Ajv2020({ strict: true, allErrors: true });
const errorsOf = (schema: object): ((value: unknown) => string[]) => {
  const isValid = ajv.compile(schema);
  return (value) =>
    isValid(value) ? [] : (isValid.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
};

test("every plan of the recorded cases is as its schema says, and no other object is", async () => {
  const errors = errorsOf(fixSchema);
  for (const frozen of frozenCases()) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    const evidence = await evidenceOf(frozen);
    const plan = planFixes(diagnose(evidence, targetOf(frozen), catalogue), evidence);
    expect(errors(JSON.parse(JSON.stringify(plan)))).toEqual([]);
    expect(errors({ ...plan, more: 1 })).not.toEqual([]);
  }
});

test("what fix --apply, verify and fix --rollback print is as their schemas say", async () => {
  const [applied, verify] = [errorsOf(appliedSchema), errorsOf(verifySchema)];
  const scene = await incident((port) => (port === 8080 ? 200 : 502));
  const common = ["--connect-to", scene.gateway, "--rps", "50", "-o", "json"];
  const seen = await scene.run(["verify", "shop.example.com/cart", ...common]);
  expect(verify(JSON.parse(seen.stdout))).toEqual([]);
  const made = await scene.run(["fix", "shop.example.com/cart", "--apply", "--yes", ...common]);
  expect(applied(JSON.parse(made.stdout))).toEqual([]);
  expect(JSON.parse(made.stdout)).toMatchObject({ act: "applied", verify: { verdict: "fixed" } });
  const back = await scene.run(["fix", "--rollback", "--yes", "-o", "json"]);
  expect(applied(JSON.parse(back.stdout))).toEqual([]);
  expect(applied({ ...(JSON.parse(back.stdout) as object), act: "deleted" })).toEqual([
    "/act must be equal to one of the allowed values",
  ]);
});
