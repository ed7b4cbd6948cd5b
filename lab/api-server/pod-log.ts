import type { Container, ContainerStatus, Pod } from "kubernetes-types/core/v1";
import type { LogStream } from "../../src/evidence/evidence.ts";
import { type Answer, textAnswer } from "./answer.ts";
import type { Cluster } from "./cluster.ts";
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
  const stream = cluster.evidence.logs.find(
    (l) =>
      l.role !== "error-log" &&
      l.pod === name &&
      (l.namespace ?? "default") === stored.namespace &&
      (l.container === undefined || l.container === container) &&
      (l.previous ?? false) === previous,
  );
  const bytes = bytesOf(cluster, pod, container, previous, stream);
  const body = cutLog(bytes, options);
  if (!options.follow || previous) return textAnswer(body);
  return { ...textAnswer(body), hold: () => {} };
}

/** kubernetes/kubernetes pkg/registry/core/pod/strategy.go, LogLocation. */
function containerOf(pod: Pod, asked: string): string {
  const name = pod.metadata?.name ?? "";
  const names = (containers: readonly Container[] | undefined): string[] => (containers ?? []).map((c) => c.name);
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

function bytesOf(
  cluster: Cluster,
  pod: Pod,
  container: string,
  previous: boolean,
  stream: LogStream | undefined,
): Uint8Array {
  if (stream?.bytes !== undefined) return stream.bytes;
  const name = pod.metadata?.name ?? "";
  const where = `container "${container}" in pod "${name}"`;
  const status = statusOf(pod, container);
  if (previous && stream === undefined && status?.lastState?.terminated === undefined)
    throw badRequest(`previous terminated ${where} not found`);
  if (!previous) {
    // A pod without a node has no kubelet to ask: the API server answers with nothing.
    if ((pod.spec?.nodeName ?? "") === "") return nothing;
    const waiting = status?.state?.waiting;
    if (waiting !== undefined && status?.lastState?.terminated === undefined)
      throw badRequest(`${where} is waiting to start: ${waitingText(waiting.reason)}`);
  }
  if (cluster.settings.missingLogs === "empty") return nothing;
  throw internalError(stream?.reason ?? `the log of ${where} is not in the evidence`);
}

function statusOf(pod: Pod, container: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(
    (s) => s.name === container,
  );
}

/** kubernetes/kubernetes pkg/kubelet/kubelet_pods.go, validateContainerLogStatus. */
const waitingText = (reason: string | undefined): string =>
  reason === "ErrImagePull" || reason === "ImagePullBackOff"
    ? "trying and failing to pull image"
    : (reason ?? "ContainerCreating");
