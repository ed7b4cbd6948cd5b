import { builtInFormats } from "./formats/all.ts";
import { jsonFormatList } from "./formats/json-formats.ts";
import type { LogHop } from "./traffic.ts";

const hops: ReadonlyMap<string, LogHop> = new Map([
  ...[...builtInFormats, ...jsonFormatList].flatMap(({ name, hop }): [string, LogHop][] =>
    hop === undefined || hop === "gateway" ? [] : [[name, hop]],
  ),
  // Its lines are connections, so it is in no list of access formats.
  ["aws-nlb-tls", "load-balancer"],
]);

const fromInside: readonly LogHop[] = ["mesh", "load-balancer", "cdn"];

/** The innermost of some stations; undefined stands for the gateway in the cluster, which is the innermost whose word counts. */
export const innermost = (stations: Iterable<LogHop | undefined>): LogHop | undefined => {
  const seen = new Set(stations);
  return seen.has(undefined) ? undefined : fromInside.find((hop) => seen.has(hop));
};

/**
 * Station of the proxies that wrote these formats: the innermost of them. Absent when any line is an
 * in-cluster gateway's, whose word on a request counts for more than that of a station in front of it.
 */
export function hopOfFormats(formats: Readonly<Record<string, number>>): LogHop | undefined {
  const seen = Object.entries(formats)
    .filter(([, lines]) => lines > 0)
    .map(([name]) => hops.get(name));
  return innermost(seen);
}
