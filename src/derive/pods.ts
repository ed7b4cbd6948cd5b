import type { Pod, Service, ServicePort } from "kubernetes-types/core/v1";
import { type Evidence, list, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref, refText } from "../evidence/object-ref.ts";
import { absent, type Observed, present, unknown } from "../evidence/observed.ts";
import { containerViews } from "./containers.ts";
import { readForLabels, wholeList } from "./coverage.ts";
import { eventsAbout } from "./events.ts";
import { oncePer } from "./once.ts";
import { ownersOf } from "./owners.ts";
import { podsByLabels, podsIn } from "./pod-index.ts";
import { targetPortOf } from "./pod-ports.ts";
import { podTimeline, sortMoments } from "./pod-timeline.ts";
import { recordedByUid, withTerminations } from "./recorded-pods.ts";
import { type Labels, serviceSelector } from "./selectors.ts";
import { items, maybe, texts, timeMs } from "./shape.ts";
import type { EndpointsView, PodView, Route } from "./views.ts";

/** Pods that the Service selects; of a Service without a selector, those that its slices name. */
export function derivePods(
  evidence: Evidence,
  route: Route,
  service: Observed<Service>,
  servicePort: Observed<ServicePort>,
  endpoints: Observed<EndpointsView>,
): Observed<readonly PodView[]> {
  if (service.state !== "present") return service;
  const who = refText(route.backend.service);
  if (service.value.spec?.type === "ExternalName")
    return absent(`${who} is of type ExternalName: it selects no pods`);
  const port = servicePort.state === "present" ? servicePort.value : undefined;
  const view = (pods: readonly Pod[]): PodView[] => pods.map((p) => podView(evidence, p, port));
  const listed = list(evidence, "pods", route.namespace);
  const selector = serviceSelector(service.value);
  if (selector !== undefined) {
    if (listed.state !== "present") return listed;
    const selected = podsByLabels(evidence, route.namespace, selector);
    if (selected.length === 0 && !readForLabels(evidence, "pods", route.namespace, selector)) {
      return unknown("pods", `pods with the labels that ${who} selects were not read`);
    }
    return present(view(selected));
  }
  if (endpoints.state === "unknown") return endpoints;
  const named = endpoints.state === "present" ? endpoints.value.all.flatMap((e) => e.pod ?? []) : [];
  if (named.length === 0) return absent(`${who} has no selector and its endpoints name no pods`);
  if (listed.state !== "present") return listed;
  const names = new Set(named.map(refText));
  return present(view(podsIn(evidence, route.namespace).filter((p) => names.has(refText(podRef(p))))));
}

/** Pods of the namespace that the Service does not select; only when the whole namespace was read. */
export function deriveNeighbours(
  evidence: Evidence,
  route: Route,
  pods: Observed<readonly PodView[]>,
): Observed<readonly PodView[]> {
  const listed = wholeList(evidence, "pods", route.namespace);
  if (listed.state !== "present") return listed;
  if (pods.state === "unknown") return pods;
  const own = new Set(pods.state === "present" ? pods.value.map((p) => p.pod) : []);
  return present(viewsIn(evidence)(route.namespace).filter((view) => !own.has(view.pod)));
}

const viewsIn = oncePer((evidence: Evidence) => {
  const known = new Map<string, readonly PodView[]>();
  return (namespace: string): readonly PodView[] => {
    const views = known.get(namespace) ?? podsIn(evidence, namespace).map((p) => podView(evidence, p));
    known.set(namespace, views);
    return views;
  };
});

/** Pods of a namespace with these labels, by name. */
export function podsWithLabels(
  evidence: Evidence,
  namespace: string,
  labels: Labels,
): Observed<readonly PodView[]> {
  const listed = list(evidence, "pods", namespace);
  if (listed.state !== "present") return listed;
  const selected = podsByLabels(evidence, namespace, labels);
  if (selected.length === 0 && !readForLabels(evidence, "pods", namespace, labels)) {
    return unknown("pods", `pods with these labels were not read in ${namespace}`);
  }
  return present(selected.map((p) => podView(evidence, p)));
}

/** One pod as causes see it; with a Service port, the port it reaches in this pod. */
export function podView(evidence: Evidence, pod: Pod, servicePort?: ServicePort): PodView {
  const view = views(evidence)(pod);
  const target = servicePort === undefined ? undefined : targetPortOf(view.spec, servicePort);
  if (target === undefined) return view;
  return { ...view, targetPort: target.port, ...maybe("targetContainer", target.container) };
}

/** Routes share the views of their pods and neighbours. */
const views = oncePer((evidence: Evidence) => oncePer((pod: Pod) => portlessView(evidence, pod)));

function portlessView(evidence: Evidence, pod: Pod): PodView {
  const spec = pod.spec ?? { containers: [] };
  const uid = pod.metadata?.uid ?? "";
  const seen = evidence.changes === undefined ? undefined : recordedByUid(evidence.changes).get(uid);
  const told = containerViews(pod);
  const containers = seen === undefined ? told : withTerminations(told, seen.terminations);
  const deletedMs = deleteCalledMs(pod);
  const events = eventsAbout(evidence, podRef(pod), uid === "" ? undefined : uid);
  const readiness = items(pod.status?.conditions).find((c) => c.type === "Ready");
  return {
    ref: podRef(pod),
    uid,
    pod,
    spec,
    labels: texts(pod.metadata?.labels),
    ...maybe("ip", pod.status?.podIP === "" ? undefined : pod.status?.podIP),
    ips: ipsOf(pod),
    ...maybe("node", spec.nodeName),
    hostNetwork: spec.hostNetwork === true,
    phase: pod.status?.phase ?? "Unknown",
    ...maybe("reason", pod.status?.reason),
    ready: readiness?.status === "True",
    ...maybe("readyChangedMs", timeMs(readiness?.lastTransitionTime)),
    createdMs: timeMs(pod.metadata?.creationTimestamp) ?? 0,
    ...maybe("deletedMs", deletedMs),
    graceMs: graceSeconds(pod) * 1000,
    ...ownersOf(evidence, pod),
    containers,
    timeline: sortMoments([...podTimeline(pod, containers, events, deletedMs), ...(seen?.turns ?? [])]),
  };
}

const podRef = (pod: Pod): ObjectRef => ref("Pod", nameOf(pod), namespaceOf(pod));

function ipsOf(pod: Pod): string[] {
  const all = [pod.status?.podIP, ...items(pod.status?.podIPs).map((p) => p.ip)];
  return [...new Set(all)].filter((ip): ip is string => typeof ip === "string" && ip !== "");
}

const graceSeconds = (pod: Pod): number =>
  pod.metadata?.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;

/** deletionTimestamp is the moment by which the pod is to be gone: the call plus the grace period. */
function deleteCalledMs(pod: Pod): number | undefined {
  const goneBy = timeMs(pod.metadata?.deletionTimestamp);
  return goneBy === undefined ? undefined : goneBy - graceSeconds(pod) * 1000;
}
