import { expect, test } from "vitest";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { allResources } from "../../src/evidence/kinds.ts";
import { gatherFrom } from "../gather-live/gather.ts";
import type { LintReport } from "../../src/report/lint-report.ts";
import { lintRules } from "../../src/lint/rules.ts";
import { caseNames, evidenceOfCase, evidenceOfText, linted, saidOf } from "./cases.ts";

/** What every cluster has that the manifests of one application do not hold. */
const platform = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: v1
kind: Pod
metadata:
  name: ingress-nginx-controller-0
  namespace: ingress-nginx
  labels: {app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller}
spec:
  containers:
    - name: controller
      image: registry.k8s.io/ingress-nginx/controller:v1.12.1
      args: [/nginx-ingress-controller, --controller-class=k8s.io/ingress-nginx, --configmap=ingress-nginx/ingress-nginx-controller]
status: {phase: Running}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
data: {upstream-keepalive-timeout: "60"}
`;

const together = (a: Evidence, b: Evidence): Evidence => ({
  ...a,
  objects: Object.fromEntries(
    allResources.flatMap((resource) => {
      const known = new Map(
        [...(a.objects[resource] ?? []), ...(b.objects[resource] ?? [])].map((object) => [
          `${object.metadata?.namespace}/${object.metadata?.name}`,
          object,
        ]),
      );
      return known.size === 0 ? [] : [[resource, [...known.values()]]];
    }),
  ),
});

const ofManifests = new Set(lintRules.filter((r) => r.isOfManifests === true).map((r) => r.id));

/** Where a name leads out of the manifests, only a cluster can know that nothing is behind it. */
const leadsOut = new Set([
  "ingress-class-unclaimed",
  "route-service-missing",
  "selector-matches-nothing",
  "autoscaler-target-missing",
]);

test.each(caseNames.flatMap((name) => [`${name} bad`, `${name} good`]))(
  "manifests and the cluster they were applied to have the same findings: %s",
  async (label) => {
    const [name = "", half] = label.split(" ");
    const evidence = together(
      await evidenceOfCase(name, half === "bad" ? "bad" : "good"),
      await evidenceOfText(platform),
    );
    const gathered = await gatherFrom({ ...evidence, coverage: [] }, "", {
      options: { allNamespaces: true, withoutLogs: true },
    });
    const live = gathered.evidence;
    expect(live?.source.kind).toBe("cluster");
    const inCluster = live === undefined ? [] : linted(live).findings;
    const inFiles = linted(evidence).findings.filter((f) => !ofManifests.has(f.rule));
    const known = (findings: LintReport["findings"]): string[] =>
      findings
        .filter((f) => half === "bad" || !leadsOut.has(f.rule))
        .map((f) => `${f.severity} ${f.fingerprint}`);
    expect(known(inCluster)).toEqual(known(inFiles));
  },
);

test("a name that leads out of the manifests is a finding in the cluster, where nothing is behind it", async () => {
  const evidence = await evidenceOfCase("route-service-missing", "good");
  expect(saidOf(linted(evidence))).toEqual([]);
  const { evidence: live } = await gatherFrom({ ...evidence, coverage: [] }, "", {
    options: { allNamespaces: true, withoutLogs: true },
  });
  expect(live === undefined ? [] : saidOf(linted(live))).toContain(
    "error route-service-missing:Ingress/shop/cart:shop.example.com/cart",
  );
});

test("a list that may not be read makes the rules silent about it, and is told", async () => {
  const evidence = await evidenceOfCase("disruption-budget-missing", "bad");
  const { evidence: live } = await gatherFrom({ ...evidence, coverage: [] }, "", {
    serve: { denied: [{ resource: "poddisruptionbudgets" }] },
    options: { allNamespaces: true, withoutLogs: true },
  });
  const report = live === undefined ? undefined : linted(live);
  expect(report?.findings.map((f) => f.rule)).not.toContain("disruption-budget-missing");
  expect(report?.losses.map((l) => l.what)).toContain("poddisruptionbudgets");
});
