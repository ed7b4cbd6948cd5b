import type { Evidence, LogStream } from "../../src/evidence/evidence.ts";
import { allResources, type Resource } from "../../src/evidence/kinds.ts";

export interface Loss {
  readonly what: string;
  readonly evidence: Evidence;
}

/** The evidence with one resource forbidden. */
function withoutResource(evidence: Evidence, resource: Resource): Evidence {
  const { [resource]: _lost, ...objects } = evidence.objects;
  const others = evidence.coverage.filter((c) => c.resource !== resource);
  return {
    ...evidence,
    objects,
    coverage: [...others, { resource, extent: "failed", reason: `forbidden: cannot list ${resource}` }],
  };
}

function withoutLogs(evidence: Evidence, fits: (stream: LogStream) => boolean): Evidence {
  const logs = evidence.logs.map((stream) => {
    if (!fits(stream)) return stream;
    const { bytes: _bytes, ...rest } = stream;
    return { ...rest, reason: "forbidden: cannot get pods/log" };
  });
  return { ...evidence, logs };
}

const logGroups: Readonly<Record<string, (stream: LogStream) => boolean>> = {
  "gateway logs": (s) => s.container === "controller" || s.role !== "container",
  "previous logs": (s) => s.previous === true,
  "application logs": (s) =>
    s.role === "container" && s.container !== "controller" && s.namespace !== "kube-system",
  "dns logs": (s) => s.namespace === "kube-system",
};

/**
 * The evidence with each resource that has objects, and each kind of log, lost in turn; resources
 * that were read and are empty are lost together.
 */
export function eachLoss(evidence: Evidence): Loss[] {
  const read = allResources.filter((r) =>
    evidence.coverage.some((c) => c.resource === r && c.extent !== "failed"),
  );
  const isEmpty = (r: Resource): boolean => (evidence.objects[r] ?? []).length === 0;
  const full = read.filter((r) => !isEmpty(r));
  const groups = Object.entries(logGroups).filter(([, fits]) =>
    evidence.logs.some((s) => fits(s) && s.bytes !== undefined),
  );
  return [
    ...full.map((r) => ({ what: r, evidence: withoutResource(evidence, r) })),
    { what: "every empty list", evidence: read.filter(isEmpty).reduce(withoutResource, evidence) },
    ...groups.map(([what, fits]) => ({ what, evidence: withoutLogs(evidence, fits) })),
    { what: "every log", evidence: { ...evidence, logs: [] } },
  ];
}
