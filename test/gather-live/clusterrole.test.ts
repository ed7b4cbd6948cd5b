import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { DeniedRule } from "../../lab/api-server/access.ts";
import { allResources, resources } from "../../src/evidence/kinds.ts";
import { gatherFrom } from "./gather.ts";
import { shopCluster } from "./shop.ts";

interface ClusterRole {
  readonly rules: readonly {
    readonly apiGroups: string[];
    readonly resources: string[];
    readonly verbs: string[];
  }[];
}

const role = parse(
  readFileSync(join(import.meta.dirname, "../../deploy/clusterrole.yaml"), "utf8"),
) as ClusterRole;

const allows = (group: string, resource: string, verb: string): boolean =>
  role.rules.some(
    (r) => r.apiGroups.includes(group) && r.resources.includes(resource) && r.verbs.includes(verb),
  );

const groupOf = (path: string): string => (path.startsWith("/apis/") ? (path.split("/")[2] ?? "") : "");

test("the ClusterRole lets through every call that is made", async () => {
  const claim = {
    metadata: { namespace: "shop", name: "data" },
    spec: { volumeName: "pv" },
    status: { phase: "Pending" },
  };
  const pods = (shopCluster().objects.pods ?? []).map((p) => {
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
    return { ...p, spec: { ...p.spec, containers: p.spec?.containers ?? [], volumes } };
  });
  const cluster = shopCluster({ pods, persistentvolumeclaims: [claim] });
  for (const target of ["shop.example.com/cart", "service/cart", ""]) {
    // oxlint-disable-next-line no-await-in-loop -- two cores
    const { requests } = await gatherFrom(cluster, target);
    const refused = requests.filter((r) => !allows(groupOf(r.path), r.resource ?? "", r.verb));
    expect(refused.map((r) => `${r.verb} ${r.path}`)).toEqual([]);
  }
});

test("it only reads, no Secret, and nothing that the evidence has no place for", () => {
  const verbs = new Set(role.rules.flatMap((r) => r.verbs));
  expect([...verbs].sort()).toEqual(["get", "list", "watch"]);
  const granted = role.rules.flatMap((r) => r.resources.map((resource) => [r.apiGroups.join(), resource]));
  const known = granted.filter(
    ([group, resource]) =>
      resource === "pods/log" || allResources.some((k) => k === resource && resources[k].group === group),
  );
  expect(granted.filter((each) => !known.includes(each))).toEqual([]);
  expect(granted.map(([, resource]) => resource)).not.toContain("secrets");
});

test("an account with exactly these rights has no failed read", async () => {
  const others: DeniedRule[] = allResources
    .filter((resource) => !allows(resources[resource].group, resource, "list"))
    .map((resource) => ({ resource }));
  const { evidence } = await gatherFrom(shopCluster(), "", {
    serve: { denied: [{ resource: "secrets" }, ...others] },
  });
  expect(evidence?.coverage.filter((c) => c.extent === "failed")).toEqual([]);
});
