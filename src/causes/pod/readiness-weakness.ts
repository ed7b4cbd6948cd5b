import type { PodView } from "../../derive/views.ts";
import { probesOf } from "../../derive/probes.ts";

/** What is wrong with the readiness of the pod's serving container; undefined when nothing is. */
export function readinessWeakness(pod: PodView): string | undefined {
  const probes = probesOf(pod).filter((p) => p.kind === "readiness");
  if (probes.length === 0)
    return "no container has a readiness probe: the pod is ready as soon as its containers run";
  const tcp = probes.every((p) => p.type === "tcp");
  return tcp ? `readiness only opens a TCP connection to port ${probes[0]!.port ?? "?"}` : undefined;
}
