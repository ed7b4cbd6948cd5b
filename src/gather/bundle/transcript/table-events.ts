import { resources } from "../../../evidence/kinds.ts";
import type { JsonMap } from "../json-value.ts";
import { eventAge, eventOf } from "./describe-events.ts";
import { ageMs } from "./durations.ts";
import { resourceOfAlias } from "./resource-alias.ts";
import { isNone, type Row } from "./table.ts";

/** A row of `kubectl get events`; undefined when its age is not known. */
export function eventOfRow(row: Row, namespace: string | undefined, nowMs: number): JsonMap | undefined {
  const seen = eventAge(row["LAST SEEN"] ?? "");
  const object = /^([^/]+)\/(.+)$/.exec(row["OBJECT"] ?? "");
  if (seen === undefined || object === null) return undefined;
  const resource = resourceOfAlias(object[1]!);
  const firstMs = ageMs(row["FIRST SEEN"] ?? "") ?? seen.firstMs;
  const count = /^\d+$/.test(row["COUNT"] ?? "") ? Number(row["COUNT"]) : seen.count;
  const source = row["SOURCE"]?.split(",", 1)[0];
  const scope = row["NAMESPACE"] ?? namespace;
  const isClusterScoped = resource !== undefined && !resources[resource].namespaced;
  return eventOf({
    kind: resource === undefined ? object[1]! : resources[resource].kind,
    name: object[2]!,
    ...(scope === undefined || isClusterScoped ? {} : { namespace: scope }),
    type: row["TYPE"] ?? "",
    reason: row["REASON"] ?? "",
    message: row["MESSAGE"] ?? "",
    ...(isNone(row["SUBOBJECT"]) ? {} : { fieldPath: row["SUBOBJECT"]! }),
    ...(isNone(source) ? {} : { component: source! }),
    age: { ...seen, firstMs, count },
    nowMs,
  });
}

/** Rows whose titles were cut off by `tail` or `grep`. */
export function headlessEvents(output: string): Row[] {
  return output.split("\n").flatMap((line): Row[] => {
    const match =
      /^(?:(\S+) +)?(\d\w*(?: \(x\d+ over \w+\))?) +(Normal|Warning) +(\S+) +(\S+\/\S+) +([^]*)$/.exec(line);
    if (match === null) return [];
    const [, namespace, age, type, reason, object, message] = match;
    return [
      {
        ...(namespace === undefined ? {} : { NAMESPACE: namespace }),
        "LAST SEEN": age!,
        TYPE: type!,
        REASON: reason!,
        OBJECT: object!,
        MESSAGE: message!.trim(),
      },
    ];
  });
}
