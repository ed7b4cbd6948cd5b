import type { AutoscalerView, EventView, Workload } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { refText, sameRef } from "../../evidence/object-ref.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";

/** A new version, or a load that the autoscaler answers, shows within this. */
const recentMs = 10 * 60_000;

/** What became different shortly before these requests or while they failed, so that their path may have been quick before. */
export function changedAmid(
  failed: readonly LoggedRequest[],
  workloads: Observed<readonly Workload[]>,
  autoscalers: Observed<readonly AutoscalerView[]>,
  events: Observed<readonly EventView[]>,
): string | undefined {
  const fromMs = Math.min(...failed.map((r) => r.startMs)) - recentMs;
  const toMs = Math.max(...failed.map((r) => r.endMs));
  const isThen = (ms: number): boolean => ms >= fromMs && ms <= toMs;
  const rolled = (workloads.state === "present" ? workloads.value : []).find(
    ({ revisions }) => revisions.length > 1 && isThen(revisions[0]!.createdMs),
  );
  if (rolled !== undefined)
    return `revision ${rolled.revisions[0]!.number} of ${refText(rolled.ref)} was made at ${new Date(rolled.revisions[0]!.createdMs).toISOString()}`;
  const scalers = autoscalers.state === "present" ? autoscalers.value : [];
  const scaled = (events.state === "present" ? events.value : []).find(
    (e) =>
      e.reason === "SuccessfulRescale" &&
      e.message.includes("above target") &&
      scalers.some(({ ref }) => sameRef(e.about, ref)) &&
      isThen(e.lastMs),
  );
  return scaled === undefined
    ? undefined
    : `${refText(scaled.about)} found its pods too busy at ${new Date(scaled.lastMs).toISOString()}`;
}
