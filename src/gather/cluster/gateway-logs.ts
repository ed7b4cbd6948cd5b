import type { Pod } from "kubernetes-types/core/v1";
import { recogniseGateway } from "../../derive/gateway-pods.ts";
import { nameOf, namespaceOf } from "../../evidence/evidence.ts";
import { isReady } from "./narrow.ts";
import { type LogLimits, readContainerLog } from "./pod-logs.ts";
import type { Reader } from "./reader.ts";

const maxPods = 6;

/** Access and error logs of the gateways: what their controller or proxy container writes. */
export async function readGatewayLogs(
  reader: Reader,
  pods: readonly Pod[],
  limits: LogLimits,
): Promise<void> {
  const chosen = [...pods]
    .sort((a, b) => Number(isReady(b)) - Number(isReady(a)) || (nameOf(a) < nameOf(b) ? -1 : 1))
    .slice(0, maxPods);
  if (chosen.length === 0) return;
  if (chosen.length < pods.length) {
    reader.collection.lose("gateway logs", `read of ${chosen.length} gateway pods out of ${pods.length}`);
  }
  reader.progress(`reading the logs of ${chosen.length} gateway pod${chosen.length === 1 ? "" : "s"}`);
  await Promise.all(
    chosen.flatMap((pod) => {
      const gateway = recogniseGateway(pod);
      if (gateway === undefined) return [];
      const of = { namespace: namespaceOf(pod), pod: nameOf(pod), container: gateway.container.name };
      const status = pod.status?.containerStatuses?.find((s) => s.name === of.container);
      const streams = (status?.restartCount ?? 0) > 0 ? [of, { ...of, previous: true }] : [of];
      return streams.map((stream) => readContainerLog(reader, stream, limits));
    }),
  );
}
