import { drainMs } from "../../derive/drain.ts";
import { recordedPods } from "../../derive/recorded-pods.ts";
import type { SentRequest } from "../../evidence/sent-request.ts";
import type { LoadClusterReport, LoadDrainReport } from "../../report/load-report.ts";
import type { ObjectReport } from "../../report/report.ts";
import { attributeSent } from "../../watch/attribute-sent.ts";
import { drainGaps } from "../../watch/drain-gaps.ts";
import type { Aftermath, Beside } from "./beside.ts";

const mostCauses = 3;

/** States that are told of no pod in particular. */
const ofWorkload: ReadonlySet<string> = new Set(["rollout", "scaling"]);

/** What the cluster says of the failures, as plain JSON. */
export function clusterReport(
  { record, facts, report }: Aftermath,
  { connection, route }: Beside,
  failures: readonly SentRequest[],
): LoadClusterReport {
  const { by: told, ...attribution } = attributeSent(failures, facts, record);
  const pods = recordedPods(record);
  const podsCreated = pods.filter(({ isNew }) => isNew).length;
  const podsDeleted = pods.filter(({ deletedMs = 0 }) => deletedMs >= record.fromMs).length;
  // Where no pod came or went meanwhile, a rollout or scaling was before.
  const by = told.filter(({ state }) => podsCreated + podsDeleted > 0 || !ofWorkload.has(state));
  const drain = drainReport(record, facts);
  const findings = report.targets[0]?.findings ?? [];
  return {
    context: connection.contextName,
    target: route.target,
    attribution: {
      ...attribution,
      explained: by.reduce((sum, { requests }) => sum + requests, 0),
      states: by.map(({ example: { timeMs, ...example }, pod, ...state }) => ({
        ...state,
        ...(pod === undefined ? {} : { pod: objectOf(pod) }),
        example: { ...example, at: new Date(timeMs).toISOString() },
      })),
    },
    causes: findings
      .filter(({ state }) => state === "supported")
      .slice(0, mostCauses)
      .map(({ cause, title, confidence, subject, share }) => ({
        cause,
        title,
        confidence,
        ...(subject === undefined ? {} : { subject }),
        ...(share === undefined ? {} : { share }),
      })),
    ...(drain === undefined ? {} : { drain }),
    podsCreated,
    podsDeleted,
    losses: [
      ...report.losses,
      ...record.watched.flatMap(({ resource, reason }) =>
        reason === undefined ? [] : [{ what: `watch of ${resource}`, why: reason }],
      ),
    ],
  };
}

const objectOf = ({ kind, namespace, name }: ObjectReport): ObjectReport => ({
  kind,
  ...(namespace === undefined ? {} : { namespace }),
  name,
});

function drainReport(record: Aftermath["record"], facts: Aftermath["facts"]): LoadDrainReport | undefined {
  if (facts.traffic.state !== "present") return undefined;
  const { gaps, deletions, preStopSeconds, resolutionMs } = drainGaps(record, facts.traffic.value);
  if (preStopSeconds === undefined) return undefined;
  const hookMs = hookOf(facts);
  return {
    deletions,
    gaps: gaps.map(({ pod, deletedAtMs, gapMs }) => ({
      pod: objectOf(pod),
      deletedAt: new Date(deletedAtMs).toISOString(),
      gapMs: Math.round(gapMs),
    })),
    preStopSeconds,
    ...(hookMs === undefined ? {} : { hookSeconds: hookMs / 1000 }),
    resolutionMs,
  };
}

/** The shortest hook among the pods there are; undefined when one cannot be read. */
function hookOf({ pods }: Aftermath["facts"]): number | undefined {
  if (pods.state !== "present" || pods.value.length === 0) return undefined;
  const lengths = pods.value.map(({ pod }) => (pod.spec === undefined ? undefined : drainMs(pod.spec)));
  return lengths.some((l) => l === undefined) ? undefined : Math.min(...lengths.map((l) => l ?? 0));
}
