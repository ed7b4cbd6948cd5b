import type { PodView } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { alive, eventsOn, ownerOf, servedByOthers } from "../pods.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";
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
  helps: ["events", "nodes"],
  weigh({ pods, events }) {
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
      fixes: filters.map((f) => fixFor(f, pod)),
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

function fixFor(filter: SchedulerFilter, pod: PodView): Fix {
  const owner = ownerOf(pod);
  return {
    title: `${filter.remedy} (${refText(owner)}, ${filter.field})`,
    applicability: "unsafe",
    commands: [see.edit(owner)],
    effect: "changing the pod template replaces the pods",
  };
}
