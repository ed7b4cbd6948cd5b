import type { Service } from "kubernetes-types/core/v1";
import type { Evidence } from "../evidence/evidence.ts";
import { sameRef } from "../evidence/object-ref.ts";
import { type Observed, present, unknown } from "../evidence/observed.ts";
import { list } from "../evidence/evidence.ts";
import { looksLike } from "./name-likeness.ts";
import { serviceSelects } from "./selectors.ts";
import { compareText } from "./shape.ts";
import type { PodView, Route, Workload } from "./views.ts";
import { workloadsOf, type WorkloadView } from "./workload-views.ts";

/**
 * The workloads behind the Service: owners of the pods it selects and those whose template it
 * would select (also with no pod at all); when there are none, those that look like the intended
 * one by name. Unknown when no kind of workload was read, or none fits and one kind was not read.
 */
export function deriveWorkloads(
  evidence: Evidence,
  route: Route,
  service: Observed<Service>,
  pods: Observed<readonly PodView[]>,
): Observed<readonly Workload[]> {
  const unread = unreadReason(evidence, route.namespace);
  if (unread !== undefined) return unknown("workloads", unread);
  const all = workloadsOf(evidence, route.namespace);
  const owners = pods.state === "present" ? pods.value.flatMap((p) => [p.owner, p.controller]) : [];
  const isOwner = (w: WorkloadView): boolean => owners.some((o) => o !== undefined && sameRef(o, w.ref));
  const selects = (w: WorkloadView): boolean =>
    service.state === "present" && serviceSelects(service.value, w.template.labels);
  const serving = all.flatMap((w): Workload[] => {
    if (isOwner(w)) return [{ ...w, relation: "selected" }];
    return selects(w) ? [{ ...w, relation: "template-matches" }] : [];
  });
  if (serving.length > 0) return present(serving.sort(byRelation));
  const hidden = mostKinds
    .map((kind) => list(evidence, kind, route.namespace))
    .find((l) => l.state === "unknown");
  if (hidden?.state === "unknown") return unknown("workloads", hidden.reason);
  const alike = all.filter((w) => looksLike(route.backend.service.name, service, w));
  return present(alike.map((w): Workload => ({ ...w, relation: "named-alike" })).sort(byRelation));
}

/** One of these may hold the workload that the Service would select. */
const mostKinds = ["deployments", "statefulsets", "daemonsets"] as const;
const kinds = ["deployments", "statefulsets", "daemonsets", "rollouts", "replicasets"] as const;

function unreadReason(evidence: Evidence, namespace: string): string | undefined {
  const lists = kinds.map((kind) => list(evidence, kind, namespace));
  const [first] = lists;
  const none = lists.every((l) => l.state === "unknown");
  return none && first?.state === "unknown" ? first.reason : undefined;
}

const rank = { selected: 0, "template-matches": 1, "named-alike": 2 } as const;

const byRelation = (a: Workload, b: Workload): number =>
  rank[a.relation] - rank[b.relation] ||
  compareText(a.ref.kind, b.ref.kind) ||
  compareText(a.ref.name, b.ref.name);
