import type { NodeView, PodView, Workload } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { Observed } from "../../evidence/observed.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { alive, eventsOn, ownerOf, servedByOthers } from "../pods.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";
import { newestOf, revisionBefore, templateFix, undoFix } from "../template-fix.ts";
import { filtersIn, type SchedulerFilter } from "./scheduler-filters.ts";

/**
 * The scheduler finds no node for the pod. Its message names each filter with the number of nodes
 * it turned away; the field that asks for what no node gives is named here beside it.
 */
export const podUnschedulable = defineCause({
  id: "pod-unschedulable",
  title: "No node can take the pod",
  hop: "node",
  codes: [503, 502],
  prior: 0.03,
  leadsTo: [
    "no-endpoints-pods-not-ready",
    "hpa-lag",
    "rollout-bad-revision",
    "rollout-recreate-or-max-unavailable",
  ],
  needs: ["pods"],
  helps: ["events", "nodes", "workloads"],
  weigh({ pods, events, nodes, workloads }) {
    const pod = alive(pods).find((p) => p.node === undefined && p.phase === "Pending");
    if (pod === undefined)
      return refuted(speaksAgainst.decisive("every selected pod has a node", "Pods .spec.nodeName"));
    const condition = pod.pod.status?.conditions?.find(
      (c) => c.type === "PodScheduled" && c.status === "False",
    );
    const event = eventsOn(events, pod.ref, "FailedScheduling").at(-1);
    const message = condition?.message ?? event?.message;
    const elsewhere = servedByOthers(pods, pod, message ?? "has no node");
    if (elsewhere !== undefined) return elsewhere;
    const source =
      condition === undefined
        ? `Events of ${refText(pod.ref)}`
        : `${refText(pod.ref)} .status.conditions[PodScheduled]`;
    if (message === undefined) return neverLookedAt(pod);
    const filters = filtersIn(message);
    const text = `${refText(pod.ref)} is Pending: ${withoutPreemption(message).slice(0, 300)}`;
    const clues = [speaksFor.decisive(text, source, { see: see.describe(pod.ref) })];
    for (const filter of filters) {
      const asks = filter.asks(pod.spec);
      if (asks !== undefined)
        clues.push(
          speaksFor.weak(`${filter.what}; ${asks}`, `${refText(pod.ref)} ${filter.field}`, {
            see: see.field(pod.ref, filter.field),
          }),
        );
    }
    return {
      state: "supported",
      subject: ownerOf(pod),
      clues,
      explains: ofClass("no-endpoint"),
      fixes: [...unasked(pod, filters, { nodes, workloads }), ...filters.map((f) => fixFor(f, pod))],
    };
  },
});

/** The part about preempting others says nothing of why the pod has no node. */
const withoutPreemption = (message: string): string => message.replace(/\s*preemption: .*$/s, "");

/** Pending without a word of the scheduler: nobody looked at it. */
function neverLookedAt(pod: PodView) {
  const name = pod.spec.schedulerName ?? "default-scheduler";
  const text = `${refText(pod.ref)} is Pending and neither a condition nor an event shows that ${name} looked at it: the scheduler does not run, or is not called so`;
  return {
    state: "supported" as const,
    subject: pod.ref,
    clues: [
      speaksFor.strong(text, `${refText(pod.ref)} .status.conditions`, { see: see.describe(pod.ref) }),
      speaksFor.moderate(
        "the pod has no node and the Service no ready pod",
        `${refText(pod.ref)} .spec.nodeName`,
      ),
    ],
    explains: ofClass("no-endpoint"),
    fixes: [
      {
        title: `Find out why ${name} does not schedule: its pod or service on the control plane`,
        applicability: "display-only" as const,
        commands: [see.list("pods", "kube-system", "component=kube-scheduler")],
      },
    ],
  };
}

/** What the pod asked for before, when that was less; else without the labels that no node has. */
function unasked(
  pod: PodView,
  filters: readonly SchedulerFilter[],
  {
    nodes,
    workloads,
  }: { readonly nodes: Observed<readonly NodeView[]>; readonly workloads: Observed<readonly Workload[]> },
): Fix[] {
  const own = newestOf(pod, workloads);
  const before = own === undefined ? undefined : revisionBefore(own)?.spec;
  const askedOtherwise = filters.some((f) => before !== undefined && f.asks(before) !== f.asks(pod.spec));
  const undo = askedOtherwise ? undoFix(own) : undefined;
  if (undo !== undefined) return [undo];
  const owner = ownerOf(pod);
  const wanted = Object.entries(pod.spec.nodeSelector ?? {});
  if (nodes.state !== "present" || nodes.value.length === 0) return [];
  const nowhere = wanted.filter(([key, value]) => nodes.value.every((n) => n.labels[key] !== value));
  if (nowhere.length === 0) return [];
  const none = Object.fromEntries(nowhere.map(([key]) => [key, null]));
  const names = nowhere.map(([key, value]) => `${key}=${value}`).join(", ");
  return [
    {
      title: `Let the pods of ${refText(owner)} run on nodes without ${names}, which none of ${nodes.value.length} has`,
      applicability: "unsafe",
      ...templateFix(owner, { nodeSelector: none }),
      effect: "replaces the pods; they may run on any node that the rest of their demands allow",
    },
  ];
}

function fixFor(filter: SchedulerFilter, pod: PodView): Fix {
  const owner = ownerOf(pod);
  return {
    title: `${filter.remedy} (${refText(owner)}, ${filter.field})`,
    applicability: "unsafe",
    commands: [see.edit(owner)],
    effect: "changing the pod template replaces the pods",
  };
}
