import { type Evidence, list, nameOf, namespaceOf, nowMs } from "../evidence/evidence.ts";
import type { KubeEvent } from "../evidence/kinds.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { objectsOf } from "./coverage.ts";
import { gatewayPods } from "./gateway-processes.ts";
import { oncePer } from "./once.ts";
import { compareText, maybe, text, timeMs } from "./shape.ts";
import type { EventView, Route } from "./views.ts";

/** Events of the route's namespace, of the gateways' namespaces and of nodes, oldest first. */
export function deriveEvents(evidence: Evidence, route: Route): Observed<readonly EventView[]> {
  const listed = list(evidence, "events", route.namespace);
  if (listed.state !== "present") return listed;
  const namespaces = new Set([route.namespace, ...gatewayPods(evidence).map(({ pod }) => namespaceOf(pod))]);
  const isNear = (about: ObjectRef): boolean =>
    about.kind === "Node" || namespaces.has(about.namespace ?? "");
  return present(eventViews(evidence).filter((event) => isNear(event.about)));
}

/** Every event that was read, once each, sorted by the time it was last seen. */
export const eventViews = oncePer((evidence: Evidence): readonly EventView[] => {
  const known = new Map<string, EventView>();
  for (const event of objectsOf(evidence, "events")) {
    const view = viewOf(event, nowMs(evidence));
    // One event is served by both API groups: the copies share uid and name.
    const key = event.metadata?.uid ?? `${namespaceOf(event)}/${nameOf(event)} ${view.lastMs}`;
    if (!known.has(key)) known.set(key, view);
  }
  return [...known.values()].sort(
    (a, b) => a.lastMs - b.lastMs || a.firstMs - b.firstMs || compareText(keyText(a), keyText(b)),
  );
});

const keyText = (e: EventView): string =>
  JSON.stringify([e.ref.namespace, e.ref.name, e.about, e.reason, e.message, e.count]);

/** Events about one object, oldest first. With a uid, events of an earlier object of that name are left out. */
export function eventsAbout(evidence: Evidence, object: ObjectRef, uid?: string): readonly EventView[] {
  const all = byObject(evidence).get(objectKey(object)) ?? [];
  return uid === undefined ? all : all.filter((e) => e.uid === undefined || e.uid === uid);
}

const byObject = oncePer((evidence: Evidence): ReadonlyMap<string, readonly EventView[]> =>
  Map.groupBy(eventViews(evidence), (event) => objectKey(event.about)),
);

const objectKey = (object: ObjectRef): string => `${object.kind} ${object.namespace ?? ""}/${object.name}`;

/** The names that events.k8s.io/v1 gives the fields it took over from core/v1. */
interface DeprecatedFields {
  readonly deprecatedCount?: number;
  readonly deprecatedFirstTimestamp?: string | null;
  readonly deprecatedLastTimestamp?: string | null;
}

function viewOf(event: KubeEvent & DeprecatedFields, fallbackMs: number): EventView {
  const about = event.involvedObject ?? event.regarding ?? {};
  const series = event.series ?? undefined;
  const createdMs = timeMs(event.metadata?.creationTimestamp);
  const firstMs =
    timeMs(event.firstTimestamp) ??
    timeMs(event.deprecatedFirstTimestamp) ??
    timeMs(event.eventTime) ??
    createdMs ??
    fallbackMs;
  const lastMs =
    timeMs(series?.lastObservedTime) ??
    timeMs(event.lastTimestamp) ??
    timeMs(event.deprecatedLastTimestamp) ??
    timeMs(event.eventTime) ??
    firstMs;
  return {
    ref: ref("Event", nameOf(event), namespaceOf(event)),
    about: aboutRef(text(about.kind), text(about.name), text(about.namespace), namespaceOf(event)),
    ...(about.uid === undefined || about.uid === "" ? {} : { uid: about.uid }),
    ...maybe("container", containerOf(about.fieldPath)),
    type: event.type === "Warning" ? "Warning" : "Normal",
    reason: text(event.reason),
    message: text(event.message ?? event.note),
    count: Math.max(series?.count ?? 0, event.count ?? 0, event.deprecatedCount ?? 0, 1),
    firstMs,
    lastMs: Math.max(firstMs, lastMs),
  };
}

const clusterScoped = new Set(["Node", "Namespace", "PersistentVolume", "IngressClass", "StorageClass"]);

function aboutRef(kind: string, name: string, namespace: string, own: string): ObjectRef {
  if (clusterScoped.has(kind)) return ref(kind, name);
  return ref(kind, name, namespace === "" ? own : namespace);
}

/** "spec.containers{app}", "spec.initContainers{wait}" → the name. */
function containerOf(fieldPath: string | undefined): string | undefined {
  return text(fieldPath).match(/^spec\.(?:init|ephemeral)?[cC]ontainers\{(.+)\}$/)?.[1];
}
