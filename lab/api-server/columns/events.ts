import type { KubeEvent } from "../../../src/evidence/kinds.ts";
import type { KubeObject } from "../stored-object.ts";
import { ageText, type Column, nameColumn, text, wide } from "./column.ts";

const event = (object: KubeObject): KubeEvent => object as KubeEvent;

/** kubernetes/kubernetes pkg/printers/internalversion/printers.go, printEvent. */
export const eventColumns: readonly Column[] = [
  text("Last Seen", (o, nowMs) => {
    const { series, lastTimestamp, firstTimestamp, eventTime } = event(o);
    return ageText(series?.lastObservedTime ?? lastTimestamp ?? firstTimestamp ?? eventTime, nowMs);
  }),
  text("Type", (o) => event(o).type ?? ""),
  text("Reason", (o) => event(o).reason ?? ""),
  text("Object", (o) => {
    const { kind = "", name = "" } = event(o).involvedObject ?? {};
    return name === "" ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
  }),
  wide("Subobject", (o) => event(o).involvedObject?.fieldPath ?? ""),
  wide("Source", (o) => {
    const { component = event(o).reportingComponent ?? "", host } = event(o).source ?? {};
    return host === undefined || host === "" ? component : `${component}, ${host}`;
  }),
  text("Message", (o) => (event(o).message ?? "").trim()),
  wide("First Seen", (o, nowMs) => ageText(event(o).firstTimestamp ?? event(o).eventTime, nowMs)),
  wide("Count", (o) => String(event(o).series?.count ?? event(o).count ?? 1)),
  { ...nameColumn, priority: 1 },
];
