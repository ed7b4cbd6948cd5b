import { refText, sameRef } from "../evidence/object-ref.ts";
import type { Try } from "./attempt-state.ts";
import type { EventView, Moment, PodView } from "./views.ts";

/** Events about a pod of this name that was another one before are left out. */
export const isAbout = (event: EventView, pod: PodView): boolean =>
  sameRef(event.about, pod.ref) && (event.uid === undefined || pod.uid === "" || event.uid === pod.uid);

/** What is reported happens some time before and after: a period or two of a probe. */
const slackMs = 10_000;
/** Reports of one kind, folded into one event, that are further apart say nothing of the time between. */
const densePauseMs = 30_000;

/** Whether an attempt was under way near a report, or among many that follow each other closely. */
export function isDuring(event: EventView, one: Try): boolean {
  const near = (ms: number): boolean => one.endMs >= ms - slackMs && one.startMs <= ms + slackMs;
  if (near(event.firstMs) || near(event.lastMs)) return true;
  const isBetween = one.endMs >= event.firstMs && one.startMs <= event.lastMs;
  return isBetween && event.count > 1 && (event.lastMs - event.firstMs) / (event.count - 1) <= densePauseMs;
}

/** The first or last report, whichever is nearer; for a time amid many it says how many there were. */
export function momentOf(event: EventView, one: Try): Pick<Moment, "atMs" | "text" | "source"> {
  const first = Math.abs(one.endMs - event.firstMs) <= Math.abs(one.endMs - event.lastMs);
  const what = event.message === "" ? event.reason : `${event.reason}: ${event.message}`;
  const times = event.count > 1 ? `, the ${first ? "first" : "last"} of ${event.count} times` : "";
  return {
    atMs: first ? event.firstMs : event.lastMs,
    text: `${what}${times}`,
    source: refText(event.ref),
  };
}
