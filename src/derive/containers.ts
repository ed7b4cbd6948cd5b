import type { Container, ContainerState, ContainerStatus, Pod } from "kubernetes-types/core/v1";
import { items, maybe, timeMs } from "./shape.ts";
import type { ContainerView, Termination } from "./views.ts";

/** Init containers in order (restartable ones are sidecars), then the main containers. */
export function containerViews(pod: Pod): ContainerView[] {
  const init = items(pod.spec?.initContainers).map((spec) =>
    viewOf(spec, isSidecar(spec) ? "sidecar" : "init", items(pod.status?.initContainerStatuses)),
  );
  const main = items(pod.spec?.containers).map((spec) =>
    viewOf(spec, "main", items(pod.status?.containerStatuses)),
  );
  return [...init, ...main];
}

/** An init container with restartPolicy Always keeps running beside the main ones. */
export const isSidecar = (spec: Container): boolean =>
  (spec as { readonly restartPolicy?: string }).restartPolicy === "Always";

function viewOf(
  spec: Container,
  role: ContainerView["role"],
  statuses: readonly ContainerStatus[],
): ContainerView {
  const status = statuses.find((s) => s.name === spec.name);
  const waiting = status?.state?.waiting;
  return {
    name: spec.name,
    role,
    spec,
    ...maybe("status", status),
    restarts: status?.restartCount ?? 0,
    ready: status?.ready ?? false,
    ...(waiting === undefined || waiting === null
      ? {}
      : { waiting: { reason: waiting.reason ?? "", ...maybe("message", waiting.message) } }),
    ...maybe("startedMs", timeMs(status?.state?.running?.startedAt)),
    terminations: [...terminationOf(status?.state, true), ...terminationOf(status?.lastState, false)],
  };
}

function terminationOf(state: ContainerState | null | undefined, current: boolean): Termination[] {
  const ended = state?.terminated;
  if (ended === undefined || ended === null) return [];
  return [
    {
      reason: ended.reason ?? "",
      exitCode: ended.exitCode ?? 0,
      ...maybe("startedMs", timeMs(ended.startedAt)),
      ...maybe("finishedMs", timeMs(ended.finishedAt)),
      ...maybe("message", ended.message),
      current,
    },
  ];
}
