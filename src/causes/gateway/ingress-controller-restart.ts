import { isObject } from "../../base/json-value.ts";
import type { PodView } from "../../derive/views.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { someOf } from "../names.ts";
import { see } from "../see.ts";
import { preStopFix } from "../template-fix.ts";
import { type Absence, absence } from "./gateway-absence.ts";
import { newestEvent, recentEnds, silentMinutes } from "./gateway-lifetimes.ts";

/**
 * The gateway itself is down or restarts while the load balancer goes on sending to it. Requests
 * in that gap fail at the load balancer and leave no line at the gateway.
 */
export const ingressControllerRestart = defineCause({
  id: "ingress-controller-restart",
  title: "The gateway restarts while requests come in",
  hop: "gateway",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: [],
  needs: ["gateway"],
  helps: ["traffic", "events"],
  weigh({ gateway, traffic, events }) {
    if (gateway.pods.length === 0)
      return undecided(
        "the gateway's pods were not found",
        see.list("pods", undefined, "app.kubernetes.io/component=controller"),
      );
    const subject = gateway.workload ?? gateway.pods[0]!.ref;
    const ready = gateway.pods.filter((p) => p.ready);
    const collected = newestEvent(events);
    const ends = recentEnds(gateway, traffic, collected);
    const clues: Clue[] = [];
    if (ready.length === 0) {
      const states = someOf(
        gateway.pods.map(
          (p) => `${p.ref.name} ${p.containers.find((c) => c.waiting)?.waiting?.reason ?? p.phase}`,
        ),
      );
      clues.push(
        speaksFor.decisive(`no gateway pod is ready: ${states}`, `Pods of ${refText(subject)}`, {
          see: see.list("pods", subject.namespace),
        }),
      );
    }
    const last = ends[0];
    if (last !== undefined) {
      const at = new Date(last.termination.finishedMs ?? 0).toISOString();
      const more =
        ends.length > 1 ? `, and ${ends.length - 1} more of the gateway's containers about then` : "";
      const text = `${refText(last.pod.ref)} ended at ${at} (${last.termination.reason}, exit ${last.termination.exitCode})${more}`;
      const weight = gateway.pods.length === 1 ? speaksFor.strong : speaksFor.moderate;
      clues.push(
        weight(text, `${refText(last.pod.ref)} .status.containerStatuses`, {
          see: see.describe(last.pod.ref),
        }),
      );
    }
    const gap = absence(gateway, events);
    if (gap !== undefined) clues.push(...gone(gap));
    const silent = silentMinutes(traffic, [
      ...ends.map((e) => e.termination.finishedMs ?? 0),
      ...(gap === undefined ? [] : [gap.fromMs]),
    ]);
    if (silent > 0)
      clues.push(
        speaksFor.strong(`no request was logged for ${silent} minutes around it`, "gateway access log"),
      );
    if (clues.length === 0)
      return refuted(
        speaksAgainst.strong(
          "no gateway container ended in the window and its pods are ready",
          `Pods of ${refText(subject)}`,
        ),
      );
    if (!clues.some((c) => c.weight === "decisive" || c.weight === "strong")) {
      return undecided(
        "a gateway pod restarted; only the load balancer's log can tell whether requests were lost",
        last === undefined ? undefined : see.describe(last.pod.ref),
        clues,
      );
    }
    return {
      state: "supported",
      subject,
      clues,
      leavesNoLine: true,
      fixes: [
        ...(gateway.pods.length === 1 && gateway.pods[0] !== undefined
          ? seamless(subject, gateway.pods[0])
          : []),
        {
          title: `Run ${refText(subject)} with at least two replicas, a PodDisruptionBudget, its preStop wait and a grace period as long as its longest request`,
          applicability: "display-only",
          commands: [see.describe(subject)],
        },
      ],
    };
  },
});

/** A second pod, and a pause in which whatever sends to the first one hears that it leaves. */
function seamless(workload: ObjectRef, { spec }: PodView): Fix[] {
  if (workload.kind !== "Deployment") return [];
  // Whatever the hook is that it has, its makers chose it.
  const hasHook = spec.containers.some((c) => c.lifecycle?.preStop !== undefined);
  const pause = hasHook ? undefined : preStopFix(workload, spec, pauseSeconds).patch?.body;
  const template = isObject(pause) && isObject(pause["spec"]) ? pause["spec"] : {};
  const body = { spec: { replicas: 2, ...template } };
  return [
    {
      title: `Run ${refText(workload)} with two pods${hasHook ? "" : `, and let them wait ${pauseSeconds} s before they stop`}`,
      applicability: "unsafe",
      commands: [see.patch(workload, "strategic", body)],
      patch: { object: workload, type: "strategic", body },
      effect: hasHook
        ? "starts a second gateway pod"
        : "replaces the gateway's pod by two, which may once more fail requests",
    },
  ];
}

/** Of a load balancer's health checks: two or three of 5 s each, as a rule. */
const pauseSeconds = 15;

function gone({ event, fromMs, toMs }: Absence): Clue[] {
  const until = toMs === Infinity ? "and none is yet" : `until ${new Date(toMs).toISOString()}`;
  return [
    speaksFor.strong(
      `no gateway pod was ready from ${new Date(fromMs).toISOString()} ${until}`,
      "gateway Pods .status.conditions against events",
    ),
    speaksFor.moderate(
      `${refText(event.about)}, ${event.reason}: ${event.message.slice(0, 120)}`,
      `Event on ${refText(event.about)}`,
      { see: see.events(event.about) },
    ),
  ];
}
