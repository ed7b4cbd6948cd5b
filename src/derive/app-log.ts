import { type Evidence, type LogStream, nowMs } from "../evidence/evidence.ts";
import { absent, type Observed, present, unknown } from "../evidence/observed.ts";
import { scanAppLog } from "../logs/app-log.ts";
import type { AppSignal } from "../logs/traffic.ts";
import { oncePer } from "./once.ts";
import { compareText } from "./shape.ts";
import type { DepartedPod, PodView, Route } from "./views.ts";

/**
 * What the route's applications say in their own logs, current and previous, oldest first; logs of
 * pods that are gone included. Unknown when no log of any of its pods was read.
 */
export function deriveAppLog(
  evidence: Evidence,
  route: Route,
  pods: Observed<readonly PodView[]>,
  departed: Observed<readonly DepartedPod[]>,
): Observed<readonly AppSignal[]> {
  if (pods.state !== "present") return pods;
  const gone = departed.state === "present" ? departed.value : [];
  const names = new Set([...pods.value, ...gone].map((p) => p.ref.name));
  if (names.size === 0) return absent(`${route.target} has no pods, so none of them wrote a log`);
  const streams = evidence.logs.filter(
    ({ role, namespace, pod }) =>
      role === "container" && (namespace ?? "default") === route.namespace && names.has(pod ?? ""),
  );
  const read = streams.filter((stream) => stream.bytes !== undefined);
  if (read.length > 0) {
    const signals = read.flatMap((stream) => signalsOf(evidence).get(stream));
    return present(signals.sort(byTime));
  }
  const reason = streams.find((stream) => stream.reason !== undefined)?.reason;
  return unknown("app-log", reason ?? `no log of a pod of ${route.target} was read`);
}

/** A stream is scanned when a route first needs it, and once for all routes. */
const signalsOf = oncePer((evidence: Evidence) => ({
  get: oncePer((stream: LogStream): readonly AppSignal[] => scanAppLog(stream, nowMs(evidence))),
}));

/** Lines without a time come first, in the order of their pod, container and log. */
const byTime = (a: AppSignal, b: AppSignal): number =>
  (a.timeMs ?? 0) - (b.timeMs ?? 0) || compareText(sourceOf(a), sourceOf(b));

const sourceOf = (s: AppSignal): string => `${s.pod} ${s.container} ${s.previous ? "0" : "1"}`;
