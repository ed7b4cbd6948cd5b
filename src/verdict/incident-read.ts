import { compareText } from "../derive/shape.ts";
import type { Evidence, LogStream } from "../evidence/evidence.ts";
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
    logs: logs.map(logOf).sort(byName).slice(0, mostLogs),
    otherLogs: Math.max(0, logs.length - mostLogs),
    unread: failed
      .map(({ resource, namespace, reason }) => ({
        what: namespace === undefined ? resource : `${resource} in ${namespace}`,
        why: reason ?? "not read",
      }))
      .sort((a, b) => compareText(`${a.what} ${a.why}`, `${b.what} ${b.why}`)),
  };
}

type Log = ReadReport["logs"][number];

function logOf({ name, namespace, pod, container, previous, bytes, reason }: LogStream): Log {
  const where = `${namespace ?? "default"}/${pod ?? ""}${container === undefined ? "" : ` ${container}`}`;
  return {
    name: pod === undefined ? name : `${where}${previous === true ? ", the container before" : ""}`,
    ...(bytes === undefined ? {} : { bytes: bytes.length }),
    ...(reason === undefined ? {} : { reason }),
  };
}

const byName = (a: Log, b: Log): number => compareText(a.name, b.name) || (a.bytes ?? 0) - (b.bytes ?? 0);
