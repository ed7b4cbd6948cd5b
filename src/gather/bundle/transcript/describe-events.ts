import { defined, type JsonMap } from "../json-value.ts";
import { withBelow } from "./describe-pod.ts";
import type { DescribedLine } from "./describe-tree.ts";
import { ageMs, isoOf } from "./durations.ts";
import { columnsOf, rowOf } from "./table.ts";

/** What an age cell of an event says: "37s", "103s (x2 over 5m)". */
export interface EventAge {
  readonly lastMs: number;
  readonly firstMs: number;
  readonly count: number;
}

export function eventAge(cell: string): EventAge | undefined {
  const match = /^(\S+)(?: \(x(\d+) over (\S+)\))?/.exec(cell);
  const lastMs = ageMs(match?.[1] ?? "");
  if (match === null || lastMs === undefined) return undefined;
  return { lastMs, firstMs: ageMs(match[3] ?? "") ?? lastMs, count: Number(match[2] ?? 1) };
}

/** The events at the end of a describe text (describe.go DescribeEvents). */
export function describedEvents(
  lines: readonly DescribedLine[],
  about: { readonly kind: string; readonly name: string; readonly namespace?: string },
  nowMs: number,
): JsonMap[] {
  const section = lines.find((line) => line.key === "Events");
  const [titles, ...rows] = (section?.children ?? []).flatMap(withBelow);
  if (titles === undefined) return [];
  const columns = columnsOf(titles);
  return rows.flatMap((line): JsonMap[] => {
    const row = rowOf(line, columns);
    const age = eventAge(row["Age"] ?? "");
    if (age === undefined) return [];
    const message = /^(spec\.\w*[cC]ontainers\{[^}]*\}): ([^]*)$/.exec(row["Message"] ?? "");
    return [
      eventOf({
        ...about,
        type: row["Type"] ?? "",
        reason: row["Reason"] ?? "",
        message: message?.[2] ?? row["Message"] ?? "",
        ...(message === null ? {} : { fieldPath: message[1]! }),
        component: row["From"] ?? "",
        age,
        nowMs,
      }),
    ];
  });
}

export interface SeenEvent {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly fieldPath?: string;
  readonly component?: string;
  readonly age: EventAge;
  readonly nowMs: number;
}

/** An Event whose times are counted back from when the command ran. */
export function eventOf(seen: SeenEvent): JsonMap {
  const { kind, name, namespace, age, nowMs } = seen;
  const scope = namespace === undefined ? {} : { namespace };
  return {
    kind: "Event",
    apiVersion: "v1",
    // An Event of a cluster-scoped object lives in "default" (client-go tools/record).
    metadata: {
      name: `${name}.${hash(`${kind} ${seen.type} ${seen.reason} ${seen.message}`)}`,
      namespace: namespace ?? "default",
    },
    type: seen.type,
    reason: seen.reason,
    message: seen.message,
    count: age.count,
    firstTimestamp: isoOf(nowMs - age.firstMs),
    lastTimestamp: isoOf(nowMs - age.lastMs),
    involvedObject: defined({ kind, ...scope, name, fieldPath: seen.fieldPath }),
    ...(seen.component === undefined || seen.component === ""
      ? {}
      : { source: { component: seen.component } }),
  };
}

/** FNV-1a: the same event in two tables gets the same name and so counts once. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value.toString(16).padStart(8, "0");
}
