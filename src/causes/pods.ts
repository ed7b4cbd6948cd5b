import type { ContainerView, EventView, PodView } from "../derive/views.ts";
import type { Observed } from "../evidence/observed.ts";
import { type ObjectRef, refText, sameRef } from "../evidence/object-ref.ts";
import { type Judgement, undecided } from "./define-cause.ts";
import { see } from "./see.ts";

/** Pods that nobody has told to go. */
export const alive = (pods: readonly PodView[]): PodView[] =>
  pods.filter((p) => p.deletedMs === undefined && p.phase !== "Succeeded");

/** The kubelet sets Ready to False at the start; a later change to False means that it was True between. */
const firstStatusMs = 5000;

/** Whether the pod has been ready at some time, as far as its own condition tells. */
export const wasEverReady = (pod: PodView): boolean =>
  pod.ready || (pod.readyChangedMs !== undefined && pod.readyChangedMs - pod.createdMs > firstStatusMs);

export interface ContainerOf {
  readonly pod: PodView;
  readonly container: ContainerView;
}

/** Containers of pods that are not ready, waiting for one of these reasons. */
export function waitingFor(pods: readonly PodView[], reasons: readonly string[]): ContainerOf[] {
  return alive(pods)
    .filter((p) => !p.ready)
    .flatMap((pod) =>
      pod.containers
        .filter((c) => c.waiting !== undefined && reasons.includes(c.waiting.reason))
        .map((container) => ({ pod, container })),
    );
}

/** Events about one object, oldest first; none when events were not read. */
export function eventsOn(
  events: Observed<readonly EventView[]>,
  object: ObjectRef,
  ...reasons: readonly string[]
): EventView[] {
  if (events.state !== "present") return [];
  return events.value.filter(
    (e) => sameRef(e.about, object) && (reasons.length === 0 || reasons.includes(e.reason)),
  );
}

/**
 * What stops a pod from starting is the cause of a 5xx only when nothing else serves. Gives the
 * judgement for the other case, undefined when no selected pod is ready.
 */
export function servedByOthers(
  pods: readonly PodView[],
  stuck: PodView,
  what: string,
): Judgement | undefined {
  const ready = alive(pods).filter((p) => p.ready);
  if (ready.length === 0) return undefined;
  return undecided(
    `${refText(stuck.ref)}: ${what}; ${ready.length} other pods of the Service are ready and serve`,
    see.describe(stuck.ref),
  );
}

/** The pods' workload, or the pod itself when it has no owner: where a fix goes. */
export const ownerOf = (pod: PodView): ObjectRef => pod.owner ?? pod.ref;

/** "container app of Pod shop/web-1" */
export const containerText = ({ pod, container }: ContainerOf): string =>
  `container ${container.name} of ${refText(pod.ref)}`;
