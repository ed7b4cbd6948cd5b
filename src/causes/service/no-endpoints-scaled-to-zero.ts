import type { AutoscalerView, EventView, Workload } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { serviceRef } from "../names.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";

/**
 * The workload behind the Service is set to zero replicas: somebody paused it, a scaler idles it,
 * or a script never scaled it back. The selector is right and there is no pod to find.
 */
export const noEndpointsScaledToZero = defineCause({
  id: "no-endpoints-scaled-to-zero",
  title: "The workload is scaled to zero",
  hop: "pod",
  codes: [503, 502],
  prior: 0.03,
  leadsTo: ["lb-no-healthy-targets"],
  needs: ["service", "pods", "workloads"],
  helps: ["events", "autoscalers"],
  weigh({ service, pods, workloads, events, autoscalers }) {
    const alive = pods.filter((p) => p.deletedMs === undefined);
    if (alive.length > 0)
      return refuted(speaksAgainst.decisive(`${alive.length} selected pods exist`, "Pods"));
    const selected = workloads.filter((w) => w.relation !== "named-alike");
    if (selected.length === 0) {
      return undecided(
        `no workload whose pods Service ${serviceRef(service).name} would select was read`,
        see.list("deployments,statefulsets", service.metadata?.namespace),
      );
    }
    const running = selected.find((w) => w.desired > 0);
    if (running !== undefined) {
      return refuted(
        speaksAgainst.decisive(
          `${refText(running.ref)} wants ${running.desired} replicas`,
          `${refText(running.ref)} .spec.replicas`,
        ),
      );
    }
    const workload = selected[0]!;
    const clues: Clue[] = [
      speaksFor.decisive(
        `${refText(workload.ref)} has .spec.replicas 0 and no pod exists`,
        `${refText(workload.ref)} .spec.replicas`,
        {
          see: see.field(workload.ref, ".spec.replicas"),
        },
      ),
      ...scaledDown(workload, events),
    ];
    return {
      state: "supported",
      subject: workload.ref,
      clues,
      explains: ofClass("no-endpoint"),
      fixes: [scaleUp(workload, autoscalers, events)],
    };
  },
});

/** "Scaled down replica set web-5d9 to 0 from 3" */
const scaleEvent = /^Scaled down replica set \S+ (?:from (\d+) to 0|to 0 from (\d+)|to 0)$/;

function lastScaleDown(
  workload: Workload,
  events: Observed<readonly EventView[]>,
): { event: EventView; before: number | undefined } | undefined {
  if (events.state !== "present") return undefined;
  for (const event of [...events.value].reverse()) {
    const match =
      event.about.name === workload.ref.name && event.reason === "ScalingReplicaSet"
        ? scaleEvent.exec(event.message)
        : null;
    if (match !== null) return { event, before: Number(match[1] ?? match[2]) || undefined };
  }
  return undefined;
}

function scaledDown(workload: Workload, events: Observed<readonly EventView[]>): Clue[] {
  const last = lastScaleDown(workload, events);
  if (last === undefined) return [];
  const text = `${last.event.message} at ${new Date(last.event.lastMs).toISOString()}`;
  return [speaksFor.moderate(text, `Event on ${refText(workload.ref)}`, { see: see.events(workload.ref) })];
}

function scaleUp(
  workload: Workload,
  autoscalers: Observed<readonly AutoscalerView[]>,
  events: Observed<readonly EventView[]>,
) {
  const scaler = autoscalers.state === "present" ? autoscalers.value[0] : undefined;
  const replicas = Math.max(1, scaler?.min ?? 0, lastScaleDown(workload, events)?.before ?? 0);
  return {
    title: `Scale ${refText(workload.ref)} to ${replicas}`,
    applicability: "unsafe" as const,
    commands: [
      see.shell(
        "kubectl",
        "scale",
        `${workload.ref.kind.toLowerCase()}/${workload.ref.name}`,
        "-n",
        workload.ref.namespace ?? "default",
        `--replicas=${replicas}`,
      ),
    ],
    patch: { object: workload.ref, type: "merge" as const, body: { spec: { replicas } } },
    effect: "starts pods; if something scaled it down on purpose it will do so again",
  };
}
