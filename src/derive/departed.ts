import type { Pod } from "kubernetes-types/core/v1";
import { type Evidence, namespaceOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { findObject, objectsOf, wholeList } from "./coverage.ts";
import { eventViews } from "./events.ts";
import { splitPodName } from "./owners.ts";
import { eventMoments, sortMoments } from "./pod-timeline.ts";
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
  const whole = wholeList(evidence, "pods", route.namespace);
  if (whole.state !== "present") return whole;
  const events = wholeList(evidence, "events", route.namespace);
  if (events.state !== "present") return events;
  const isOurs = routePods(pods, workloads);
  const gone = new Map<string, Sighting>();
  for (const event of eventViews(evidence)) {
    for (const seen of sightingsIn(event, route.namespace)) {
      if (!isOurs(seen.name) || exists(evidence, route.namespace, seen.name, seen.uid)) continue;
      const key = `${seen.name} ${seen.uid ?? ""}`;
      const known = gone.get(key);
      gone.set(key, known === undefined ? seen : merge(known, seen));
    }
  }
  const addresses = sliceAddresses(evidence, route.namespace);
  return present(
    joinNameless([...gone.values()])
      .map((seen) => departedOf(seen, route.namespace, addresses))
      .sort((a, b) => compareText(a.ref.name, b.ref.name) || (a.firstSeenMs ?? 0) - (b.firstSeenMs ?? 0)),
  );
}

interface Sighting {
  readonly name: string;
  /** Events of a ReplicaSet name its pods without their uid. */
  readonly uid?: string;
  readonly events: readonly EventView[];
  readonly moments: readonly Moment[];
}

/** A pod's own events, and its controller's "Created pod: …" and "Deleted pod: …". */
function sightingsIn(event: EventView, namespace: string): Sighting[] {
  if (event.about.namespace !== namespace) return [];
  if (event.about.kind === "Pod") {
    return [
      { name: event.about.name, ...maybe("uid", event.uid), events: [event], moments: eventMoments([event]) },
    ];
  }
  const told =
    event.message.match(/^(Created|Deleted) pod: ([a-z0-9.-]+)/) ?? statefulSetWords(event.message);
  const [, verb, name] = told ?? [];
  if (name === undefined) return [];
  const created = verb === "Created" || verb === "create";
  const source = `Event ${event.ref.namespace}/${event.ref.name}`;
  const moment: Moment = {
    atMs: event.firstMs,
    kind: created ? "created" : "delete-called",
    text: event.message,
    source,
  };
  return [{ name, events: [], moments: [moment] }];
}

/** "delete Pod web-0 in StatefulSet web successful" (pkg/controller/statefulset/stateful_pod_control.go). */
const statefulSetWords = (message: string): RegExpMatchArray | null =>
  message.match(/^(create|delete) Pod ([a-z0-9.-]+) in StatefulSet .* successful/);

function merge(a: Sighting, b: Sighting): Sighting {
  return { ...a, ...b, events: [...a.events, ...b.events], moments: [...a.moments, ...b.moments] };
}

/** A sighting without uid is of the only pod of that name. */
function joinNameless(seen: readonly Sighting[]): Sighting[] {
  const byName = Map.groupBy(seen, (s) => s.name);
  return [...byName.values()].flatMap((same) => {
    const known = same.filter((s) => s.uid !== undefined);
    const nameless = same.filter((s) => s.uid === undefined);
    const [first, ...others] = known;
    if (first === undefined || nameless.length === 0) return same;
    return others.length > 0 ? known : [nameless.reduce((all, s) => merge(s, all), first)];
  });
}

function exists(evidence: Evidence, namespace: string, name: string, uid: string | undefined): boolean {
  const pod: Pod | undefined = findObject(evidence, "pods", namespace, name);
  if (pod === undefined) return false;
  return uid === undefined || pod.metadata?.uid === undefined || pod.metadata.uid === uid;
}

/** Pods are told apart by name: the name of their workload, a hash where there is one, and a suffix. */
function routePods(
  pods: Observed<readonly PodView[]>,
  workloads: Observed<readonly Workload[]>,
): (name: string) => boolean {
  const owners = [
    ...(workloads.state === "present" ? workloads.value.map((w) => w.ref) : []),
    ...(pods.state === "present" ? pods.value.flatMap((p) => p.owner ?? []) : []),
  ];
  return (name) => owners.some((owner) => isNamedAfter(name, owner));
}

function isNamedAfter(name: string, owner: ObjectRef): boolean {
  if (owner.kind === "Deployment" || owner.kind === "Rollout") return splitPodName(name)?.stem === owner.name;
  if (!name.startsWith(`${owner.name}-`)) return false;
  const suffix = name.slice(owner.name.length + 1);
  return owner.kind === "StatefulSet" ? /^\d+$/.test(suffix) : /^[a-z0-9]+$/.test(suffix);
}

function departedOf(seen: Sighting, namespace: string, addresses: ReadonlyMap<string, string>): DepartedPod {
  const timeline = sortMoments(seen.moments);
  const stopped = timeline.filter(
    (m) => m.kind === "killing" && !/failed (liveness|startup) probe/.test(m.text),
  );
  const called = timeline.find((m) => m.kind === "delete-called");
  const texts = seen.events.map((e) => e.message);
  const scheduled = texts.map((t) => t.match(/^Successfully assigned \S+ to (\S+)/)?.[1]).find(Boolean);
  return {
    ref: ref("Pod", seen.name, namespace),
    ...maybe("ip", texts.map(addressIn).find(Boolean) ?? addresses.get(seen.name)),
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

/** Slices may still list a pod that is gone. */
function sliceAddresses(evidence: Evidence, namespace: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const slice of objectsOf(evidence, "endpointslices")) {
    if (namespaceOf(slice) !== namespace) continue;
    for (const endpoint of items(slice.endpoints)) {
      const [ip] = items(endpoint.addresses);
      const name = endpoint.targetRef?.name;
      if (ip !== undefined && name !== undefined && !found.has(name)) found.set(name, ip);
    }
  }
  return found;
}
