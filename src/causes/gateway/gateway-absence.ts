import type { EventView, Gateway, PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";

/** A time in which no pod of the gateway was ready, and the event that began it. */
export interface Absence {
  readonly event: EventView;
  readonly fromMs: number;
  /** Infinity: none is ready yet. */
  readonly toMs: number;
}

const leaving: readonly string[] = ["Evicted", "Killing", "Preempted", "TaintManagerEviction"];

/**
 * The last pod of the gateway that is gone, when every pod that is there now became ready after it
 * had left. A pod that was replaced in time leaves no such gap.
 */
export function absence(gateway: Gateway, events: Observed<readonly EventView[]>): Absence | undefined {
  const { workload } = gateway;
  if (workload === undefined || events.state !== "present") return undefined;
  const here = new Set(gateway.pods.map((p) => p.ref.name));
  const event = events.value.findLast(
    (e) =>
      e.about.kind === "Pod" &&
      e.about.namespace === workload.namespace &&
      e.about.name.startsWith(`${workload.name}-`) &&
      !here.has(e.about.name) &&
      leaving.includes(e.reason),
  );
  if (event === undefined || gateway.pods.length === 0) return undefined;
  const toMs = Math.min(...gateway.pods.map(readySince));
  return toMs > event.firstMs ? { event, fromMs: event.firstMs, toMs } : undefined;
}

/** Not ready: never. Ready since a time that is not known: always. */
const readySince = (pod: PodView): number => (pod.ready ? (pod.readyChangedMs ?? -Infinity) : Infinity);
