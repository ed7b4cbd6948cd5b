import type { EndpointsView, PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { emptyEndpoints } from "../metric-clues.ts";
import { serviceRef, someOf } from "../names.ts";
import { failuresOf, ofClass } from "../requests.ts";
import { see } from "../see.ts";
import { whyNotReady } from "./why-not-ready.ts";

/** Slack for joining log seconds with condition seconds. */
const joinMs = 5000;

/**
 * The Service selects pods and none of them is ready, so the gateway has nothing to send to.
 * It says how the 503 comes about and what the pods wait for; why that does not come is for deeper causes.
 */
export const noEndpointsPodsNotReady = defineCause({
  id: "no-endpoints-pods-not-ready",
  title: "No pod behind the Service is ready",
  hop: "endpoints",
  codes: [503, 502],
  prior: 0.05,
  leadsTo: ["lb-no-healthy-targets"],
  needs: ["service", "pods"],
  helps: ["endpoints", "traffic", "events", "metrics"],
  weigh({ service, pods, endpoints, traffic, events, metrics }) {
    const subject = serviceRef(service);
    const source = `EndpointSlices of Service ${subject.namespace}/${subject.name}`;
    const show = see.list("endpointslices", subject.namespace, `kubernetes.io/service-name=${subject.name}`);
    if (pods.length === 0)
      return refuted(speaksAgainst.decisive("the Service selects no pod at all", source));
    if (isEmptyNow(pods, endpoints)) {
      const why = whyNotReady(pods, events);
      const inShort = why.map((w) => `; ${w.inShort}`).join("");
      const text = `0 of ${pods.length} selected pods are ready: ${someOf(pods.map(podState))}${inShort}`;
      const clues = [speaksFor.decisive(text, source, { see: show }), ...why.map((w) => w.clue)];
      const fixes = why.flatMap((w) => w.fix ?? []);
      return { state: "supported", subject, clues, explains: ofClass("no-endpoint"), fixes };
    }
    const failed = failuresOf(traffic, "no-endpoint");
    const last = Math.max(...failed.map((f) => f.endMs));
    const since = Math.min(...pods.map((p) => (p.ready ? (p.readyChangedMs ?? -Infinity) : Infinity)));
    if (failed.length > 0 && since >= last - joinMs && Number.isFinite(since)) {
      const text = `no pod was ready before ${new Date(since).toISOString()}; ${failed.length} requests found no endpoint until then`;
      const clues = [
        speaksFor.decisive(text, `${source}, pods' Ready conditions`, {
          see: see.list("pods", subject.namespace),
        }),
      ];
      return { state: "supported", subject, clues, explains: ofClass("no-endpoint"), fixes: [] };
    }
    const ready = pods.filter((p) => p.ready).length;
    const empty = emptyEndpoints(metrics).at(-1);
    if (empty !== undefined)
      return undecided(
        `${ready} of ${pods.length} selected pods are ready, and none was from ${new Date(empty.fromMs).toISOString()} to ${new Date(empty.toMs).toISOString()}, says Prometheus`,
        see.list("events", subject.namespace),
      );
    return refuted(
      speaksAgainst.decisive(`${ready} of ${pods.length} selected pods are ready`, source, { see: show }),
    );
  },
});

/** Slices are the truth; without them the pods' own conditions stand in. */
function isEmptyNow(pods: readonly PodView[], endpoints: Observed<EndpointsView>): boolean {
  if (pods.some((p) => p.ready && p.deletedMs === undefined)) return false;
  return endpoints.state !== "present" || endpoints.value.ready.length === 0;
}

function podState(pod: PodView): string {
  const waiting = pod.containers.find((c) => c.waiting !== undefined)?.waiting?.reason;
  const state = pod.deletedMs !== undefined ? "Terminating" : (waiting ?? pod.reason ?? pod.phase);
  return `${pod.ref.name} ${state}`;
}
