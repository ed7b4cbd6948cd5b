import type { Evidence } from "../evidence/evidence.ts";
import { allResources, resources } from "../evidence/kinds.ts";
import type { ReadReport } from "../report/incident-report.ts";

const mostLogs = 40;

/** What the report rests on: how much of each kind, which logs, and what could not be read. */
export function readOf({ objects, logs, coverage }: Evidence): ReadReport {
  const counts = allResources.map((resource) => ({
    kind: resources[resource].kind,
    count: objects[resource]?.length ?? 0,
  }));
  const failed = coverage.filter((c) => c.extent === "failed");
  return {
    objects: counts.filter(({ count }) => count > 0),
    logs: logs.slice(0, mostLogs).map(({ name, namespace, pod, container, previous, bytes, reason }) => ({
      name:
        pod === undefined
          ? name
          : `${namespace ?? "default"}/${pod}${container === undefined ? "" : ` ${container}`}${previous === true ? ", the container before" : ""}`,
      ...(bytes === undefined ? {} : { bytes: bytes.length }),
      ...(reason === undefined ? {} : { reason }),
    })),
    otherLogs: Math.max(0, logs.length - mostLogs),
    unread: failed.map(({ resource, namespace, reason }) => ({
      what: namespace === undefined ? resource : `${resource} in ${namespace}`,
      why: reason ?? "not read",
    })),
  };
}
