import type { Pod } from "kubernetes-types/core/v1";
import { type ChangeOf, type ChangeRecord, changesOf } from "../evidence/change-record.ts";
import { type Evidence, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import { containerViews } from "./containers.ts";
import { oncePer } from "./once.ts";
import { podTimeline, sortMoments } from "./pod-timeline.ts";
import { items, maybe, texts, timeMs } from "./shape.ts";
import type { ContainerView, Moment, MomentKind, Termination } from "./views.ts";

/** One pod as the record of changes saw it, from the first sight to the last. */
export interface RecordedPod {
  readonly ref: ObjectRef;
  readonly uid: string;
  /** As it was last seen. */
  readonly pod: Pod;
  readonly ips: readonly string[];
  readonly node?: string;
  readonly templateHash?: string;
  readonly createdMs: number;
  /** Started to exist while it was watched. */
  readonly isNew: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  /** When delete was called: when it was seen to be, where somebody watched, else as the object says. */
  readonly deletedMs?: number;
  /** When it was no more. */
  readonly removedMs?: number;
  /** Ends of its containers, by name; a status knows no more than the last two. */
  readonly terminations: ReadonlyMap<string, readonly Termination[]>;
  /** Turns of readiness that its last status does not tell. */
  readonly turns: readonly Moment[];
  /** When an EndpointSlice first had it as not ready, or no more, after it had been ready. */
  readonly withdrawnMs?: number;
  /** What its status tells and what was seen to change, oldest first. */
  readonly timeline: readonly Moment[];
}

/** Every pod in the record, by name and the time of its creation. */
export const recordedPods = oncePer((record: ChangeRecord): readonly RecordedPod[] => {
  const byUid = Map.groupBy(changesOf(record, "pods"), ({ object }) => keyOf(object));
  const withdrawn = withdrawals(record);
  return [...byUid.values()]
    .map((changes) => recordedPod(changes, withdrawn, record.fromMs))
    .sort((a, b) => a.createdMs - b.createdMs || (a.ref.name < b.ref.name ? -1 : 1));
});

/** The same by uid, for pods that are still there. */
export const recordedByUid = oncePer(
  (record: ChangeRecord): ReadonlyMap<string, RecordedPod> =>
    new Map(recordedPods(record).map((pod) => [pod.uid, pod])),
);

/** Pods that were seen to go, and that the evidence has no more. */
export const goneInRecord = oncePer((evidence: Evidence): readonly RecordedPod[] => {
  if (evidence.changes === undefined) return [];
  const there = new Set((evidence.objects.pods ?? []).map(keyOf));
  return recordedPods(evidence.changes).filter(
    // That a pod is not among those that were read may be for not having been read.
    ({ pod, deletedMs, removedMs }) => !there.has(keyOf(pod)) && (removedMs ?? deletedMs) !== undefined,
  );
});

const keyOf = (pod: Pod): string => `${namespaceOf(pod)}/${nameOf(pod)} ${pod.metadata?.uid ?? ""}`;

function recordedPod(
  changes: readonly ChangeOf<"pods">[],
  withdrawn: ReadonlyMap<string, number>,
  fromMs: number,
): RecordedPod {
  const first = changes[0]!;
  // What is told as a pod goes may have lost its address.
  const last = changes.at(-1)!;
  const { object: pod } = last;
  const removedMs = last.type === "deleted" ? last.atMs : undefined;
  const deletion = deletionOf(changes);
  const labels = texts(pod.metadata?.labels);
  const uid = pod.metadata?.uid ?? "";
  const ips = new Set(
    changes.flatMap(({ object: { status } }) => [status?.podIP, ...items(status?.podIPs).map((p) => p.ip)]),
  );
  const createdMs = timeMs(pod.metadata?.creationTimestamp) ?? first.atMs;
  // Where the record is full, the first sight of a pod may be gone from it.
  const isNew = first.type === "added" || (first.type !== "listed" && createdMs >= fromMs - 1000);
  const terminations = terminationsIn(changes);
  const turns = seenTurns(changes, podTimeline(pod, [], [], undefined));
  const node = changes.findLast((c) => c.object.spec?.nodeName)?.object.spec?.nodeName;
  return {
    ref: ref("Pod", nameOf(pod), namespaceOf(pod)),
    uid,
    pod,
    ips: [...ips].filter((ip): ip is string => typeof ip === "string" && ip !== ""),
    ...maybe("node", node),
    ...maybe("templateHash", labels["pod-template-hash"] ?? labels["rollouts-pod-template-hash"]),
    createdMs,
    isNew,
    ready: isReady(pod),
    restarts: restartsOf(pod) - (isNew ? 0 : restartsOf(first.object)),
    ...maybe("deletedMs", deletion?.atMs),
    ...maybe("removedMs", removedMs),
    ...maybe("withdrawnMs", withdrawn.get(uid)),
    terminations,
    turns,
    timeline: sortMoments([
      ...podTimeline(pod, withTerminations(containerViews(pod), terminations), [], undefined),
      ...turns,
      ...(deletion === undefined ? [] : [deletion]),
      ...(removedMs === undefined ? [] : [momentOf(pod, removedMs, "deleted", "the pod was no more")]),
    ]),
  };
}

function terminationsIn(changes: readonly ChangeOf<"pods">[]): Map<string, Termination[]> {
  const byContainer = new Map<string, Map<string, Termination>>();
  for (const { name, terminations } of changes.flatMap(({ object }) => containerViews(object))) {
    const known = byContainer.get(name) ?? new Map<string, Termination>();
    byContainer.set(name, known);
    for (const each of terminations) known.set(`${each.startedMs} ${each.finishedMs}`, each);
  }
  return new Map([...byContainer].map(([name, known]) => [name, [...known.values()]]));
}

const newestFirst = (a: Termination, b: Termination): number => (b.finishedMs ?? 0) - (a.finishedMs ?? 0);

/** Containers with the ends that were seen added to those that the status still tells, newest first. */
export const withTerminations = (
  containers: readonly ContainerView[],
  seen: RecordedPod["terminations"],
): ContainerView[] =>
  containers.map((container) => {
    const told = new Set(container.terminations.map(({ finishedMs }) => finishedMs));
    const more = (seen.get(container.name) ?? []).filter(({ finishedMs }) => !told.has(finishedMs));
    const past = more.map((each) => ({ ...each, current: false }));
    return { ...container, terminations: [...container.terminations, ...past.sort(newestFirst)] };
  });

/** The object tells the second by which the pod is to be gone; who watched has seen the call. */
function deletionOf(changes: readonly ChangeOf<"pods">[]): Moment | undefined {
  const at = changes.findIndex(({ object }) => object.metadata?.deletionTimestamp !== undefined);
  const change = changes[at];
  if (change === undefined) {
    const last = changes.at(-1);
    // Killed without a grace period: the first that is heard of it is that it is gone.
    return last?.type === "deleted"
      ? momentOf(last.object, last.atMs, "delete-called", "delete was called")
      : undefined;
  }
  const { metadata } = change.object;
  const goneBy = timeMs(metadata?.deletionTimestamp) ?? change.atMs;
  const calledMs = goneBy - (metadata?.deletionGracePeriodSeconds ?? 30) * 1000;
  return momentOf(change.object, at > 0 ? change.atMs : calledMs, "delete-called", "delete was called");
}

/** Turns of readiness that the last status does not tell any more. */
function seenTurns(changes: readonly ChangeOf<"pods">[], told: readonly Moment[]): Moment[] {
  const turns: Moment[] = [];
  let before: boolean | undefined;
  for (const { object, atMs, type } of changes) {
    const now = isReady(object);
    if (type !== "deleted" && before !== undefined && before !== now) {
      const kind = now ? "ready" : "unready";
      const isTold = told.some((m) => m.kind === kind && Math.abs(m.atMs - atMs) <= 1500);
      if (!isTold) turns.push(momentOf(object, atMs, kind, `Ready became ${now ? "True" : "False"}`));
    }
    before = now;
  }
  return turns;
}

const momentOf = (pod: Pod, atMs: number, kind: MomentKind, text: string): Moment => ({
  atMs,
  kind,
  text,
  source: `watch of Pod ${namespaceOf(pod)}/${nameOf(pod)}`,
});

const isReady = (pod: Pod): boolean =>
  items(pod.status?.conditions).some((c) => c.type === "Ready" && c.status === "True");

const restartsOf = (pod: Pod): number =>
  items(pod.status?.containerStatuses).reduce((sum, c) => sum + (c.restartCount ?? 0), 0);

/** By the pod's uid, when its endpoint ceased to be ready. */
function withdrawals(record: ChangeRecord): Map<string, number> {
  const withdrawnMs = new Map<string, number>();
  const readyIn = new Map<string, Set<string>>();
  for (const { object, atMs, type } of changesOf(record, "endpointslices")) {
    const before = readyIn.get(nameOf(object)) ?? new Set();
    const now = new Set(
      type === "deleted"
        ? []
        : items(object.endpoints).flatMap(({ conditions, targetRef }) =>
            // Absent means ready (kubernetes/api discovery/v1 types.go).
            conditions?.ready !== false && targetRef?.uid !== undefined ? [targetRef.uid] : [],
          ),
    );
    for (const uid of before) if (!now.has(uid)) withdrawnMs.set(uid, atMs);
    for (const uid of now) withdrawnMs.delete(uid);
    readyIn.set(nameOf(object), now);
  }
  return withdrawnMs;
}
