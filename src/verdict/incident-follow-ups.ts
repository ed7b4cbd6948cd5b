import type { Observations } from "../derive/observations.ts";
import type { Route } from "../derive/views.ts";
import { type ObjectRef, refText } from "../evidence/object-ref.ts";
import type { LintFindingReport, LintReport } from "../report/lint-report.ts";

/** What lint says of the objects on the way of this route. */
export function followUpsOf(
  { findings }: LintReport,
  route: Route,
  facts: Observations,
): LintFindingReport[] {
  const own = new Set(objectsOf(route, facts).map(refText));
  return findings.filter(({ object }) => own.has(refText(object)));
}

function objectsOf(route: Route, { workloads, autoscalers, gateway, budgets }: Observations): ObjectRef[] {
  const ofGateway = gateway.state === "present" ? [gateway.value.workload, gateway.value.configRef] : [];
  return [
    ...(route.rule === undefined ? [] : [route.rule.object]),
    route.backend.service,
    ...(workloads.state === "present"
      ? workloads.value.filter((w) => w.relation !== "named-alike").map((w) => w.ref)
      : []),
    ...(autoscalers.state === "present" ? autoscalers.value.map((a) => a.ref) : []),
    ...(budgets.state === "present" ? budgets.value.map(budgetRef) : []),
    ...ofGateway.filter((o) => o !== undefined),
  ];
}

const budgetRef = ({ metadata }: { metadata?: { name?: string; namespace?: string } }): ObjectRef => ({
  kind: "PodDisruptionBudget",
  namespace: metadata?.namespace ?? "default",
  name: metadata?.name ?? "",
});
