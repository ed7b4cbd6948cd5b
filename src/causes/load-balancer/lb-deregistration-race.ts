import type { Attempt } from "../../logs/traffic.ts";
import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { departureOf, departures } from "../departures.ts";
import { explainedBy, madeHere, unlessLoggedBy } from "../outer-log.ts";
import { drainMs } from "../../derive/drain.ts";
import { countText, type Explains, ipOf } from "../requests.ts";
import { see } from "../see.ts";
import { preStopFix } from "../template-fix.ts";

/** From the delete call until the load balancer's data plane has taken the target out: usually 5 to 40 s. */
const lagMs = 75_000;
const struck = madeHere(
  "connect-refused",
  "closed-before-header",
  "unreachable",
  "connect-timeout",
  "truncated",
  "unclassified",
);

/**
 * A pod that is itself a target stops before the load balancer has stopped sending to it: endpoint change,
 * controller, cloud API and data plane take seconds to tens of seconds, and nothing makes the pod wait.
 */
export const lbDeregistrationRace = defineCause({
  id: "lb-deregistration-race",
  title: "Pods stop while the load balancer still sends to them",
  hop: "load-balancer",
  codes: [502, 504, 503],
  prior: 0.04,
  leadsTo: [],
  needs: ["traffic", "pods", "workloads", "departed"],
  helps: ["gateway", "patterns"],
  weigh({ traffic, pods, workloads, departed, gateway }) {
    const elsewhere = unlessLoggedBy("load-balancer", traffic);
    if (elsewhere !== undefined) return elsewhere;
    const gateways = gateway.state === "present" ? gateway.value.pods : [];
    const known = [...pods, ...gateways];
    const list = departures(known, { state: "present", value: departed }, workloads[0]);
    if (list.length === 0)
      return refuted(speaksAgainst.decisive("no target was told to stop", "Pods and events"));
    const stopping = (attempt: Attempt | undefined) =>
      attempt === undefined ? undefined : departureOf(attempt, list, known, lagMs);
    const explains: Explains = (request, attempt) =>
      struck(request, attempt) && stopping(attempt) !== undefined;
    const hits = explainedBy(traffic, explains);
    const first = hits[0];
    const pod = stopping(first?.attempt);
    if (first === undefined || pod === undefined)
      return refuted(
        speaksAgainst.strong(
          "no request failed at a target that had been told to stop in the minute before",
          "load balancer's log against pod deletions",
        ),
      );
    const lag = Math.max(
      ...hits.map((h) => h.request.startMs - (stopping(h.attempt)?.stoppedMs ?? h.request.startMs)),
    );
    const lagS = Math.max(0, lag / 1000);
    const text = `${countText(hits.length, traffic.failures.length, "failed requests")} went to targets that had been told to stop up to ${lagS.toFixed(1)} s before, the first ${refText(pod.ref)} at ${new Date(pod.stoppedMs).toISOString()}`;
    const clues: Clue[] = [
      speaksFor.strong(text, "load balancer's log against pod deletions", { see: see.events(pod.ref) }),
    ];
    const others = traffic.failures.length - hits.length;
    const isOwn = gateways.some((g) => g.ips.includes(ipOf(first.attempt?.address ?? "")));
    const owner = isOwn ? (gateways[0]?.owner ?? pod.ref) : (workloads[0]?.ref ?? pod.ref);
    const drain = pod.spec === undefined ? undefined : drainMs(pod.spec);
    const where = `${refText(owner)} .spec.template.spec.containers[].lifecycle.preStop`;
    if (drain === undefined)
      return undecided(`${text}; whether the pods wait before they stop was not read`, see.get(owner), clues);
    if (drain > lag)
      clues.push(speaksAgainst.strong(`its preStop waits ${drain / 1000} s, longer than that`, where));
    else
      clues.push(
        speaksFor.strong(
          drain === 0
            ? "no preStop hook makes a pod wait until the load balancer has let go of it"
            : `its preStop waits ${drain / 1000} s, requests still came after ${lagS.toFixed(1)} s`,
          where,
          { see: see.field(owner, ".spec.template.spec.containers[*].lifecycle") },
        ),
      );
    if (others === 0)
      clues.push(
        speaksFor.moderate("no request failed at any other time", "load balancer's log", { group: "bursts" }),
      );
    const seconds = Math.max(20, Math.ceil(lagS) + 10);
    return {
      state: "supported",
      subject: owner,
      clues,
      explains,
      fixes: [
        {
          title: `Let the pods of ${refText(owner)} wait ${seconds} s before they stop (preStop sleep), with a grace period of that and the longest request`,
          applicability: "unsafe",
          ...(isOwn || workloads[0] === undefined
            ? { commands: [see.edit(owner)] }
            : preStopFix(owner, workloads[0].template.spec, seconds)),
          effect: "replaces the pods once more, with the old behaviour for the last time",
        },
      ],
    };
  },
});
