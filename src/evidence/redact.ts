import type { Change, ChangeRecord } from "./change-record.ts";
import type { Evidence } from "./evidence.ts";
import { allResources, type KindMap, type Resource } from "./kinds.ts";
import type { MetricEvidence } from "./metrics.ts";
import { redactObject } from "./redact-object.ts";
import { redactBytes, redactText } from "./redact-text.ts";

/** The evidence without credentials: what may be written to disk and handed to others. */
export function redactEvidence(evidence: Evidence): Evidence {
  return {
    ...evidence,
    objects: Object.fromEntries(
      allResources.flatMap((resource) => {
        const objects: readonly KindMap[Resource][] | undefined = evidence.objects[resource];
        return objects === undefined
          ? []
          : [[resource, objects.map((object) => redactObject(resource, object))]];
      }),
    ),
    coverage: evidence.coverage.map((entry) =>
      entry.reason === undefined ? entry : { ...entry, reason: redactText(entry.reason) },
    ),
    logs: evidence.logs.map((log) => ({
      ...log,
      ...(log.bytes === undefined ? {} : { bytes: redactBytes(log.bytes) }),
      ...(log.reason === undefined ? {} : { reason: redactText(log.reason) }),
    })),
    losses: evidence.losses.map((loss) => ({ what: loss.what, why: redactText(loss.why) })),
    ...(evidence.changes === undefined ? {} : { changes: redactChanges(evidence.changes) }),
    ...(evidence.metrics === undefined ? {} : { metrics: redactMetrics(evidence.metrics) }),
    ...(evidence.commands === undefined
      ? {}
      : {
          commands: evidence.commands.map(({ command, output }) => ({
            command: redactText(command),
            output: redactText(output),
          })),
        }),
  };
}

const redactMetrics = (metrics: MetricEvidence): MetricEvidence => ({
  ...metrics,
  server: redactText(metrics.server),
  queries: metrics.queries.map((query) =>
    query.reason === undefined ? query : { ...query, reason: redactText(query.reason) },
  ),
});

const redactChanges = (record: ChangeRecord): ChangeRecord => ({
  ...record,
  changes: record.changes.map(
    (change) => ({ ...change, object: redactObject(change.resource, change.object) }) as Change,
  ),
});
