import { spanText } from "../../base/counts.ts";
import type { PodState, TimelineReport } from "../../report/incident-report.ts";
import { count, counted, moment, span } from "../words.ts";

/** "10:30:05" UTC of Unix ms. */
export const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** "5 s", "1 min": the width of a bin. */
export const widthText = (seconds: number): string =>
  seconds % 60 === 0 && seconds < 3600 ? `${seconds / 60} min` : spanText(seconds * 1000);

const states: Readonly<Record<PodState | "gone", string>> = {
  pending: "pending",
  "not-ready": "running, not ready",
  running: "running, readiness not recorded",
  ready: "ready",
  terminating: "told to stop",
  gone: "gone",
};

export const stateText = (state: PodState | "gone"): string => states[state];

const nameWidth = 25;

/** The end of a pod's name tells it from its siblings, so the middle is what is left out. */
export function shortName(name: string): string {
  const chars = Array.from(name.slice(0, 600));
  if (chars.length <= nameWidth && chars.length === Array.from(name).length) return name;
  const tail = Array.from(name.slice(-13)).slice(-12);
  return `${chars.slice(0, nameWidth - 13).join("")}…${tail.join("")}`;
}

/** "476 more pods are not drawn: 470 ready, 6 pending; 12 attempts failed at them" */
export function othersText(others: TimelineReport["others"]): string {
  const pods = others.reduce((sum, o) => sum + o.pods, 0);
  const failed = others.reduce((sum, o) => sum + o.failed, 0);
  const parts = others.map((o) => `${count(o.pods)} ${stateText(o.state)}`).join(", ");
  const met = failed === 0 ? "no attempt" : counted(failed, "attempt");
  return `${counted(pods, "more pod")} ${pods === 1 ? "is" : "are"} not drawn: ${parts}; ${met} failed at ${pods === 1 ? "it" : "them"}`;
}

export const bandText = ({ fromMs, toMs }: { fromMs: number; toMs: number }): string =>
  `Requests failed from ${clock(fromMs)} to ${clock(toMs)}`;

/** The picture in words, for who does not see it. */
export function pictureText({ from, to, bins, lanes, others, rows }: TimelineReport): string {
  const kinds = (bins?.series ?? []).map((s) => `${count(s.counts.reduce((a, b) => a + b, 0))} ${s.key}`);
  const met = lanes.filter((lane) => lane.failed.length > 0);
  const changes = rows.filter((row) => row.mark !== undefined);
  return [
    `${span(from, to)}.`,
    bins === undefined
      ? "No requests were counted."
      : kinds.length === 0
        ? "No request failed."
        : `Failed requests in steps of ${widthText(bins.seconds)}: ${kinds.join(", ")}.`,
    lanes.length === 0
      ? "No pod is known."
      : `Below, ${counted(lanes.length, "lane")} with what each pod went through; failed attempts met ${
          met.length === 0
            ? "none of them"
            : met
                .map((l) => l.name.slice(0, 80))
                .slice(0, 8)
                .join(", ")
        }.`,
    ...(others.length > 0 ? [`${othersText(others)}.`] : []),
    ...(changes.length > 0
      ? [
          `Changes: ${changes
            .slice(0, 8)
            .map((c) => `${moment(c.from)} ${c.text.slice(0, 120)}`)
            .join("; ")}.`,
        ]
      : []),
    "The same is in the tables below.",
  ].join(" ");
}
