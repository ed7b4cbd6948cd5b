import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { evidenceOf, frozenCases, targetOf } from "../../corpus/frozen-cases.ts";
import { schemaOf } from "../../lab/api-server/openapi/schema.ts";
import { strategicPatch as serversPatch } from "../../lab/api-server/writes/patch/strategic-patch.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { chosenChange } from "../../src/cli/fix/chosen-change.ts";
import { findObject } from "../../src/fix/find-object.ts";
import type { JsonObject } from "../../src/base/json-value.ts";
import { resourceOfKind, resources } from "../../src/evidence/kinds.ts";
import { patched } from "../../src/fix/patched.ts";
import { planFixes } from "../../src/fix/plan.ts";
import type { ChangeReport, FixPlan } from "../../src/report/fix-plan.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";

interface Planned {
  readonly id: string;
  readonly change: ChangeReport & { readonly patch: NonNullable<ChangeReport["patch"]> };
  readonly before: JsonObject;
}

const plans: { readonly id: string; readonly plan: FixPlan }[] = [];
const planned: Planned[] = [];
for (const frozen of frozenCases()) {
  // oxlint-disable-next-line no-await-in-loop -- in order
  const evidence = await evidenceOf(frozen);
  const plan = planFixes(diagnose(evidence, targetOf(frozen), catalogue), evidence);
  plans.push({ id: frozen.id, plan });
  for (const change of plan.targets.flatMap((t) => t.changes)) {
    if (change.patch === undefined) continue;
    const before = findObject(evidence, change.patch.object);
    if (before.state === "present")
      planned.push({ id: frozen.id, change: { ...change, patch: change.patch }, before: before.value });
  }
}

describe("changes proposed for the recorded cases", () => {
  test("are many, of every kind", () => {
    expect(planned.length).toBeGreaterThan(60);
    expect(new Set(planned.map((p) => p.change.patch.type))).toEqual(new Set(["merge", "json", "strategic"]));
  });

  test("fit the objects that were read, and change them", () => {
    const idle = planned.filter(({ change }) => change.diff.length === 0);
    expect(idle.map(({ id, change }) => `${id}: ${change.title}: ${change.noDiff}`)).toEqual([]);
  });

  test("hold no value that a person would have to fill in", () => {
    const open = planned.filter(({ change }) =>
      /\b(?:NAME|HOST|PORT|IMAGE|TAG|LIMIT|VALUE)\b/.test(JSON.stringify(change.patch.body)),
    );
    expect(open.map(({ id, change }) => `${id}: ${change.title}`)).toEqual([]);
  });

  test("are numbered without a gap, and the first of a target is one that a program can make", () => {
    for (const { plan } of plans) {
      const changes = plan.targets.flatMap((t) => t.changes);
      expect(changes.map((c) => c.number)).toEqual(changes.map((_, i) => i + 1));
      const firsts = plan.targets.flatMap((t) => t.changes.filter((c) => c.number === t.first));
      expect(firsts.filter((c) => c.patch === undefined || c.applicability === "display-only")).toEqual([]);
    }
  });

  test("need no right that the role for them does not give", () => {
    const role = parse(
      readFileSync(new URL("../../deploy/clusterrole-fix.yaml", import.meta.url), "utf8"),
    ) as {
      rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
    };
    const given = role.rules.flatMap(({ apiGroups: [group], resources: names, verbs }) =>
      names.flatMap((name) => verbs.map((verb) => `${verb} ${group}/${name}`)),
    );
    const patches = plans.flatMap(({ plan }) =>
      plan.targets.flatMap((t) => t.changes.flatMap((c) => c.patch ?? [])),
    );
    expect(patches.map(({ type }) => type)).toContain("create");
    const wanted = patches.flatMap(({ object, type }) => {
      const resource = resourceOfKind(object.kind) ?? "pods";
      const verbs = type === "create" ? ["get", "create", "delete"] : ["get", "patch"];
      return verbs.map((verb) => `${verb} ${resources[resource].group}/${resource}`);
    });
    expect(wanted.filter((right) => !given.includes(right))).toEqual([]);
  });

  test("are not chosen from where a cause has two of them", () => {
    const { plan } = plans.find(({ id }) => id === "service-selects-another-application")!;
    expect(plan.targets[0]).not.toHaveProperty("first");
    expect(() => chosenChange(plan, undefined)).toThrow(
      /more than one change would mend wrong-target-port-number, .*\nChoose with --change N:\n {2}1\. If Service .*\n {2}2\. Set targetPort/,
    );
    expect(chosenChange(plan, "2").title).toContain("Set targetPort");
    expect(() => chosenChange(plan, "9")).toThrow(/there is no change 9\./);
  });

  test("come out as the API server's strategic merge makes them", () => {
    const strategic = planned.filter((p) => p.change.patch.type === "strategic");
    expect(strategic.length).toBeGreaterThan(20);
    for (const { change, before } of strategic) {
      const body = change.patch.body as JsonObject;
      expect(patched(before, change.patch)).toEqual(
        serversPatch(before, body, schemaOf(resourceOfKind(change.patch.object.kind) ?? "pods") ?? {}),
      );
    }
  });
});

test("an object that a program keeps says so beside its change, and no other does", async () => {
  const frozen = frozenCases().find((c) => c.id === "target-port-nobody-listens-on")!;
  const evidence = await evidenceOf(frozen);
  const managed = (given: typeof evidence): string | undefined =>
    planFixes(diagnose(given, targetOf(frozen), catalogue), given).targets[0]?.changes[0]?.managed;
  expect(managed(evidence)).toBeUndefined();
  const kept = structuredClone(evidence);
  const services = (kept.objects.services ?? []) as unknown as { metadata: { labels?: object } }[];
  for (const { metadata } of services) metadata.labels = { "app.kubernetes.io/managed-by": "Helm" };
  expect(managed(kept)).toMatch(/^managed by a Helm release: its next upgrade takes this change back\./);
});
