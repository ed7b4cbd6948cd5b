import type { ContainerStatus, Pod } from "kubernetes-types/core/v1";
import { items } from "../../derive/shape.ts";
import { nameOf, namespaceOf } from "../../evidence/evidence.ts";
import { isReady } from "./narrow.ts";
import { type LogLimits, type LogOf, readContainerLog } from "./pod-logs.ts";
import type { Reader } from "./reader.ts";

const maxPods = 10;
const maxStreams = 30;

/** Logs of an application's pods, current and previous: first those not ready, then restarted ones, then the newest. */
export async function readAppLogs(reader: Reader, pods: readonly Pod[], limits: LogLimits): Promise<void> {
  const chosen = [...pods].sort(byInterest).slice(0, maxPods);
  if (chosen.length === 0) return;
  if (chosen.length < pods.length) {
    reader.collection.lose("logs of the route's pods", `read of ${chosen.length} pods out of ${pods.length}`);
  }
  const streams = chosen.flatMap(streamsOf);
  if (streams.length > maxStreams) {
    reader.collection.lose(
      "logs of the route's pods",
      `${streams.length - maxStreams} containers' logs were not read`,
    );
  }
  reader.progress(`reading the logs of ${chosen.length} pod${chosen.length === 1 ? "" : "s"}`);
  await Promise.all(streams.slice(0, maxStreams).map((stream) => readContainerLog(reader, stream, limits)));
}

function byInterest(a: Pod, b: Pod): number {
  return (
    Number(isReady(a)) - Number(isReady(b)) ||
    restarts(b) - restarts(a) ||
    compare(b.metadata?.creationTimestamp ?? "", a.metadata?.creationTimestamp ?? "") ||
    compare(nameOf(a), nameOf(b))
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const restarts = (pod: Pod): number =>
  items(pod.status?.containerStatuses).reduce((sum, status) => sum + (status.restartCount ?? 0), 0);

/** Containers that never started have no log to ask for; init containers matter only when one did not succeed. */
function streamsOf(pod: Pod): LogOf[] {
  const main = items(pod.status?.containerStatuses);
  const init = items(pod.status?.initContainerStatuses).filter(
    (status) => status.state?.terminated?.exitCode !== 0,
  );
  return [...init, ...main].flatMap((status) => {
    const of = { namespace: namespaceOf(pod), pod: nameOf(pod), container: status.name };
    const hasPrevious = (status.restartCount ?? 0) > 0;
    return [...(hasStarted(status) ? [of] : []), ...(hasPrevious ? [{ ...of, previous: true }] : [])];
  });
}

const hasStarted = (status: ContainerStatus): boolean =>
  status.state?.running !== undefined ||
  status.state?.terminated !== undefined ||
  (status.restartCount ?? 0) > 0;
