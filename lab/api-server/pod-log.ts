import type { Container, ContainerStatus, Pod } from "kubernetes-types/core/v1";
import type { LogStream } from "../../src/evidence/evidence.ts";
import { type Answer, textAnswer } from "./answer.ts";
import type { Cluster } from "./cluster.ts";
import { containerIdOf, liveAnswer } from "./live-log.ts";
import { parseLogOptions } from "./log-options.ts";
import { cutLog } from "./log-cut.ts";
import { isTrue, type ApiRequest, type ResourcePath } from "./request.ts";
import { badRequest, internalError, objectNotFound } from "./status.ts";

/** GET .../pods/NAME/log: errors as the API server and the kubelet word them. */
export function podLog(cluster: Cluster, request: ApiRequest, path: ResourcePath): Answer {
  const name = path.name ?? "";
  const stored = cluster.store.get("pods", name, path.namespace);
  if (stored === undefined) throw objectNotFound("pods", "", name);
  const pod = stored.object as Pod;
  const options = parseLogOptions(request.query, cluster.nowMs());
  const container = containerOf(pod, request.query.get("container") ?? "");
  const previous = isTrue(request.query.get("previous") ?? "false");
  const live = cluster.settings.logSource?.read(containerIdOf(statusOf(pod, container), previous) ?? "");
  if (live !== undefined) return liveAnswer(live, options);
  const body = cutLog(bytesOf(cluster, pod, container, previous), options);
  if (!options.follow || previous) return textAnswer(body);
  return { ...textAnswer(body), hold: () => {} };
}

const names = (containers: readonly Container[] | undefined): string[] =>
  (containers ?? []).map((c) => c.name);

/** kubernetes/kubernetes pkg/registry/core/pod/strategy.go, LogLocation. */
function containerOf(pod: Pod, asked: string): string {
  const name = pod.metadata?.name ?? "";
  const main = names(pod.spec?.containers);
  const init = names(pod.spec?.initContainers);
  if (asked === "") {
    if (main.length === 1 && main[0] !== undefined) return main[0];
    const others = init.length === 0 ? "" : ` or one of the init containers: [${init.join(" ")}]`;
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${main.join(" ")}]${others}`,
    );
  }
  const ephemeral = (pod.spec?.ephemeralContainers ?? []).map((c) => c.name);
  if (![...main, ...init, ...ephemeral].includes(asked))
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  return asked;
}

const nothing = new Uint8Array();

function bytesOf(cluster: Cluster, pod: Pod, container: string, previous: boolean): Uint8Array {
  const status = statusOf(pod, container);
  // While a container waits for its next start, its last life is what the kubelet shows.
  const isBetweenLives = status?.state?.waiting !== undefined && status.lastState?.terminated !== undefined;
  const stream =
    streamOf(cluster, pod, container, previous) ??
    (isBetweenLives && !previous ? streamOf(cluster, pod, container, true) : undefined);
  if (stream?.bytes !== undefined) return stream.bytes;
  const where = `container "${container}" in pod "${pod.metadata?.name}"`;
  if (stream === undefined) refuse(pod, status, previous, where);
  // A pod without a node has no kubelet to ask: the API server answers with nothing.
  const isScheduled = (pod.spec?.nodeName ?? "") !== "";
  if (!isScheduled || cluster.settings.missingLogs === "empty") return nothing;
  throw internalError(stream?.reason ?? `the log of ${where} is not in the evidence`);
}

function streamOf(cluster: Cluster, pod: Pod, container: string, previous: boolean): LogStream | undefined {
  const ofPod = cluster.evidence.logs.filter(
    (l) =>
      l.pod === pod.metadata?.name &&
      (l.namespace ?? "default") === pod.metadata?.namespace &&
      (l.previous ?? false) === previous,
  );
  // Bundles may name a log by its pod alone.
  return ofPod.find((l) => l.container === container) ?? ofPod.find((l) => l.container === undefined);
}

/** kubernetes/kubernetes pkg/kubelet/kubelet_pods.go, validateContainerLogStatus. */
function refuse(pod: Pod, status: ContainerStatus | undefined, previous: boolean, where: string): void {
  const hasEnded = status?.lastState?.terminated !== undefined;
  if (previous && !hasEnded) throw badRequest(`previous terminated ${where} not found`);
  const waiting = status?.state?.waiting;
  const isScheduled = (pod.spec?.nodeName ?? "") !== "";
  if (!previous && isScheduled && waiting !== undefined && !hasEnded)
    throw badRequest(`${where} is waiting to start: ${waitingText(waiting.reason)}`);
}

function statusOf(pod: Pod, container: string): ContainerStatus | undefined {
  const {
    containerStatuses = [],
    initContainerStatuses = [],
    ephemeralContainerStatuses = [],
  } = pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(
    (s) => s.name === container,
  );
}

function waitingText(reason: string | undefined): string {
  if (reason === "ErrImagePull") return "image can't be pulled";
  return reason === "ImagePullBackOff" ? "trying and failing to pull image" : (reason ?? "ContainerCreating");
}
