import type { Pod } from "kubernetes-types/core/v1";
import { type Evidence, namespaceOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref, refText, sameRef } from "../evidence/object-ref.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { findObject, objectsOf, wholeList } from "./coverage.ts";
import { eventViews } from "./events.ts";
import { oncePer } from "./once.ts";
import { ownersOf, splitPodName } from "./owners.ts";
import { eventMoments, sortMoments } from "./pod-timeline.ts";
import { goneInRecord, type RecordedPod } from "./recorded-pods.ts";
import { compareText, items, maybe } from "./shape.ts";
import type { DepartedPod, EventView, Moment, PodView, Route, Workload } from "./views.ts";

/**
 * Pods of the route's workloads that events or EndpointSlices mention and the cluster no longer
 * has. A pod of the same name with another uid (StatefulSet) counts as gone, too.
 */
export function deriveDeparted(
  evidence: Evidence,
  route: Route,
  pods: Observed<readonly PodView[]>,
  workloads: Observed<readonly Workload[]>,
): Observed<readonly DepartedPod[]> {
  const owners = ownersIn(pods, workloads);
  const recorded = recordedOf(evidence, owners);
  // Who watched the pods go needs neither list.
  if (recorded.length === 0) {
    const whole = wholeList(evidence, "pods", route.namespace);
    if (whole.state !== "present") return whole;
    const events = wholeList(evidence, "events", route.namespace);
    if (events.state !== "present") return events;
  }
  const addresses = sliceAddresses(evidence).get(route.namespace);
  const told = owners
    .flatMap((owner) => goneByOwner(evidence).get(refText(owner)) ?? [])
    .map((seen) => departedOf(seen, route.namespace, addresses));
  return present(
    withRecorded(told, recorded).sort(
      (a, b) => compareText(a.ref.name, b.ref.name) || (a.firstSeenMs ?? 0) - (b.firstSeenMs ?? 0),
    ),
  );
}

/** Pods of these workloads that were watched as they went. */
function recordedOf(evidence: Evidence, owners: readonly ObjectRef[]): readonly RecordedPod[] {
  return goneInRecord(evidence).filter(({ pod }) => {
    const { controller, owner } = ownersOf(evidence, pod);
    return owners.some((one) => [controller, owner].some((own) => own !== undefined && sameRef(one, own)));
  });
}

/** What was watched has its address and exact times; what events tell of the same pod is added to it. */
function withRecorded(told: readonly DepartedPod[], recorded: readonly RecordedPod[]): DepartedPod[] {
  const named = new Set(recorded.map(({ ref: { name } }) => name));
  const byName = new Map(told.map((pod) => [pod.ref.name, pod]));
  return [
    ...told.filter((pod) => !named.has(pod.ref.name)),
    ...recorded.map((pod): DepartedPod => {
      const events = byName.get(pod.ref.name)?.timeline.filter((m) => !isTold(m, pod)) ?? [];
      const timeline = sortMoments([...pod.timeline, ...events]);
      return {
        ref: pod.ref,
        ...maybe("ip", pod.ips[0]),
        ...maybe("node", pod.node),
        ...maybe("templateHash", pod.templateHash),
        firstSeenMs: pod.createdMs,
        ...maybe("stoppedMs", pod.deletedMs),
        timeline,
      };
    }),
  ];
}

/** The watch tells these exactly, events to the second: what the kubelet did after a deletion would seem to be before it. */
const isTold = ({ kind, atMs }: Moment, { deletedMs }: RecordedPod): boolean =>
  kind === "created" ||
  kind === "delete-called" ||
  kind === "scheduled" ||
  kind === "started" ||
  (kind === "killing" && deletedMs !== undefined && Math.abs(deletedMs - atMs) < 1500);

/** Owners of the route's pods, each once. */
function ownersIn(pods: Observed<readonly PodView[]>, workloads: Observed<readonly Workload[]>): ObjectRef[] {
  const owners = [
    ...(workloads.state === "present" ? workloads.value.map((w) => w.ref) : []),
    ...(pods.state === "present" ? pods.value.flatMap((p) => p.owner ?? []) : []),
  ];
  return [...new Map(owners.map((owner) => [refText(owner), owner])).values()];
}

/** Pods that events name and that do not exist, by the workloads that may have owned them. */
const goneByOwner = oncePer((evidence: Evidence): ReadonlyMap<string, readonly Sighting[]> => {
  const gone = new Map<string, Sighting>();
  for (const event of eventViews(evidence)) {
    const seen = event.about.namespace === undefined ? undefined : sightingIn(event, event.about.namespace);
    if (seen === undefined || exists(evidence, seen)) continue;
    const key = `${seen.namespace}/${seen.name} ${seen.uid ?? ""}`;
    const known = gone.get(key);
    gone.set(key, known === undefined ? seen : merge(known, seen));
  }
  const byOwner = new Map<string, Sighting[]>();
  for (const seen of joinNameless([...gone.values()])) {
    for (const owner of possibleOwners(seen)) byOwner.set(owner, [...(byOwner.get(owner) ?? []), seen]);
  }
  return byOwner;
});

/** By name: that of the workload, a hash where there is one, and a suffix. */
function possibleOwners({ name, namespace }: Sighting): string[] {
  const split = splitPodName(name);
  const ofDeployment =
    split === undefined ? [] : ["Deployment", "Rollout"].map((kind) => ref(kind, split.stem, namespace));
  const [, stem = "", suffix = ""] = name.match(/^(.+)-([a-z0-9]+)$/) ?? [];
  const kinds = /^\d+$/.test(suffix) ? ["StatefulSet"] : ["DaemonSet", "ReplicaSet", "Job"];
  return [...ofDeployment, ...(stem === "" ? [] : kinds.map((kind) => ref(kind, stem, namespace)))].map(
    refText,
  );
}

interface Sighting {
  readonly namespace: string;
  readonly name: string;
  /** Events of a ReplicaSet name its pods without their uid. */
  readonly uid?: string;
  readonly events: readonly EventView[];
  readonly moments: readonly Moment[];
}

/** A pod's own events, and its controller's "Created pod: …" and "Deleted pod: …". */
function sightingIn(event: EventView, namespace: string): Sighting | undefined {
  if (event.about.kind === "Pod") {
    const { name } = event.about;
    return { namespace, name, ...maybe("uid", event.uid), events: [event], moments: eventMoments([event]) };
  }
  const told =
    event.message.match(/^(Created|Deleted) pod: ([a-z0-9.-]+)/) ?? statefulSetWords(event.message);
  const [, verb, name] = told ?? [];
  if (name === undefined) return undefined;
  const created = verb === "Created" || verb === "create";
  const source = `Event ${event.ref.namespace}/${event.ref.name}`;
  const moment: Moment = {
    atMs: event.firstMs,
    kind: created ? "created" : "delete-called",
    text: event.message,
    source,
  };
  return { namespace, name, events: [], moments: [moment] };
}

/** "delete Pod web-0 in StatefulSet web successful" (pkg/controller/statefulset/stateful_pod_control.go). */
const statefulSetWords = (message: string): RegExpMatchArray | null =>
  message.match(/^(create|delete) Pod ([a-z0-9.-]+) in StatefulSet .* successful/);

function merge(a: Sighting, b: Sighting): Sighting {
  return { ...a, ...b, events: [...a.events, ...b.events], moments: [...a.moments, ...b.moments] };
}

/** A sighting without uid is of the only pod of that name. */
function joinNameless(seen: readonly Sighting[]): Sighting[] {
  const byName = Map.groupBy(seen, (s) => `${s.namespace}/${s.name}`);
  return [...byName.values()].flatMap((same) => {
    const known = same.filter((s) => s.uid !== undefined);
    const nameless = same.filter((s) => s.uid === undefined);
    const [first, ...others] = known;
    if (first === undefined || nameless.length === 0) return same;
    return others.length > 0 ? known : [nameless.reduce((all, s) => merge(s, all), first)];
  });
}

function exists(evidence: Evidence, { namespace, name, uid }: Sighting): boolean {
  const pod: Pod | undefined = findObject(evidence, "pods", namespace, name);
  if (pod === undefined) return false;
  return uid === undefined || pod.metadata?.uid === undefined || pod.metadata.uid === uid;
}

function departedOf(
  seen: Sighting,
  namespace: string,
  addresses: ReadonlyMap<string, string> | undefined,
): DepartedPod {
  const timeline = sortMoments(seen.moments);
  const stopped = timeline.filter(
    (m) => m.kind === "killing" && !/failed (liveness|startup) probe/.test(m.text),
  );
  const called = timeline.find((m) => m.kind === "delete-called");
  const texts = seen.events.map((e) => e.message);
  const scheduled = texts.map((t) => t.match(/^Successfully assigned \S+ to (\S+)/)?.[1]).find(Boolean);
  return {
    ref: ref("Pod", seen.name, namespace),
    ...maybe("ip", texts.map(addressIn).find(Boolean) ?? addresses?.get(seen.name)),
    ...maybe("node", scheduled),
    ...maybe("templateHash", splitPodName(seen.name)?.hash),
    ...maybe("firstSeenMs", timeline[0]?.atMs ?? seen.events[0]?.firstMs),
    ...maybe("stoppedMs", stopped[0]?.atMs ?? called?.atMs),
    timeline,
  };
}

const probedAddress =
  /probe (?:failed|errored[^:]*): (?:Get "https?:\/\/|dial tcp |timeout: failed to connect service ")(?:\[([0-9a-f.:]+)\]|(\d+(?:\.\d+){3})):\d/i;

/** The address that the kubelet probed, or the one that multus reports ("Add eth0 [10.1.2.3/23]"). */
function addressIn(text: string): string | undefined {
  const probed = text.match(probedAddress);
  return probed?.[1] ?? probed?.[2] ?? text.match(/^Add eth0 \[([0-9a-f.:]+)\/\d+/)?.[1];
}

/** Slices may still list a pod that is gone: its address by namespace and name. */
const sliceAddresses = oncePer((evidence: Evidence): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const byNamespace = new Map<string, Map<string, string>>();
  for (const slice of objectsOf(evidence, "endpointslices")) {
    const found = byNamespace.get(namespaceOf(slice)) ?? new Map<string, string>();
    byNamespace.set(namespaceOf(slice), found);
    for (const endpoint of items(slice.endpoints)) {
      const [ip] = items(endpoint.addresses);
      const name = endpoint.targetRef?.name;
      if (ip !== undefined && name !== undefined && !found.has(name)) found.set(name, ip);
    }
  }
  return byNamespace;
});
