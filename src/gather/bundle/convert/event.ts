import { defined, type JsonMap } from "../json-value.ts";

/** Event of events.k8s.io: the fields that v1 Events have under other names are given those names too. */
export function coreEvent(object: JsonMap): JsonMap {
  return {
    ...object,
    ...defined({
      involvedObject: object["involvedObject"] ?? object["regarding"],
      message: object["message"] ?? object["note"],
      count: object["count"] ?? object["deprecatedCount"],
      firstTimestamp: object["firstTimestamp"] ?? object["deprecatedFirstTimestamp"],
      lastTimestamp: object["lastTimestamp"] ?? object["deprecatedLastTimestamp"],
      source: object["source"] ?? object["deprecatedSource"],
    }),
  };
}
