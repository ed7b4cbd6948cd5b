import type { EventView, Workload } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { alive, eventsOn } from "../pods.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";

/**
 * The workload wants pods and the API server refuses to create them: a quota is used up, an
 * admission webhook says no or does not answer, the service account is missing, a limit range is broken.
 */
export const quotaOrAdmissionRejected = defineCause({
  id: "quota-or-admission-rejected",
  title: "The API server refuses to create the pods",
  hop: "pod",
  codes: [503, 502],
  prior: 0.02,
  leadsTo: [
    "no-endpoints-pods-not-ready",
    "hpa-lag",
    "rollout-bad-revision",
    "rollout-recreate-or-max-unavailable",
  ],
  needs: ["pods", "workloads"],
  helps: ["events"],
  weigh({ pods, workloads, events }) {
    for (const workload of workloads.filter((w) => w.relation !== "named-alike")) {
      const refusal = refusalOf(workload, events);
      const have = alive(pods).length;
      if (refusal === undefined || have >= workload.desired) continue;
      const ready = alive(pods).filter((p) => p.ready).length;
      const text = `${refText(refusal.object)} has ${have} of ${workload.desired} pods and cannot create more: ${refusal.message.slice(0, 260)}`;
      if (ready > 0)
        return undecided(`${text}; ${ready} pods are ready and serve`, see.describe(refusal.object));
      const clues: Clue[] = [speaksFor.decisive(text, refusal.source, { see: see.describe(refusal.object) })];
      return {
        state: "supported",
        subject: workload.ref,
        clues,
        explains: ofClass("no-endpoint"),
        fixes: [
          {
            title: remedy(refusal.message),
            applicability: "display-only",
            commands: [see.describe(refusal.object), see.list("resourcequotas", workload.ref.namespace)],
          },
        ],
      };
    }
    return refuted(
      speaksAgainst.strong(
        "no workload is short of pods for a refusal",
        "ReplicaSets .status.conditions and events",
      ),
    );
  },
});

interface Refusal {
  readonly object: ObjectRef;
  readonly message: string;
  readonly source: string;
}

/** The newest revision's ReplicaFailure condition, else the last FailedCreate event on it. */
function refusalOf(workload: Workload, events: Observed<readonly EventView[]>): Refusal | undefined {
  const newest = workload.revisions[0];
  const conditions = [...(newest?.conditions ?? []), ...workload.conditions];
  const failure = conditions.find((c) => c.type === "ReplicaFailure" && c.status === "True");
  const object = newest?.ref ?? workload.ref;
  if (failure?.message !== undefined)
    return {
      object,
      message: failure.message,
      source: `${refText(object)} .status.conditions[ReplicaFailure]`,
    };
  const event = eventsOn(events, object, "FailedCreate").at(-1);
  return event === undefined
    ? undefined
    : { object, message: event.message, source: `Event on ${refText(object)}, ${event.count} times` };
}

function remedy(message: string): string {
  const quota = /exceeded quota: ([^,]+), (requested: .+)$/.exec(message);
  if (quota !== null) return `Raise ResourceQuota ${quota[1]} or lower what the pods ask (${quota[2]})`;
  if (/must specify (?:limits|requests|cpu|memory)/i.test(message))
    return "Give the containers the requests and limits that the quota demands";
  if (/serviceaccount "([^"]+)" not found/i.test(message))
    return `Create ServiceAccount ${/serviceaccount "([^"]+)"/i.exec(message)?.[1]}, or correct serviceAccountName`;
  if (/failed calling webhook/i.test(message))
    return "Bring the admission webhook back (its Service, pods, certificate), or set its failurePolicy to Ignore";
  if (/denied the request/i.test(message)) return "Meet the policy that the admission webhook names";
  if (/violates PodSecurity/i.test(message))
    return "Meet the namespace's Pod Security level, or change its label";
  return "Meet what the message asks for";
}
