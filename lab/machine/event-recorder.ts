import type { Store } from "../api-server/store.ts";
import type { KubeObject } from "../api-server/stored-object.ts";
import { storedKinds } from "../api-server/stored-kinds.ts";
import { StatusError } from "../api-server/status.ts";
import type { Writes } from "../api-server/writes.ts";
import type { EventText, Machine } from "./machine.ts";

/** k8s.io/client-go tools/record/events_cache.go. */
const rules = {
  /** Different messages of one reason about one object within the interval, after which they are told as one. */
  maxDifferent: 10,
  intervalMs: 600_000,
  /** Events of one component about one object: so many at once, then one per refill. */
  burst: 25,
  refillMs: 300_000,
} as const;

interface Similar {
  readonly messages: Set<string>;
  lastMs: number;
}

interface Allowance {
  left: number;
  atMs: number;
}

/** What the recorder works with. */
interface Recording {
  readonly store: Store;
  readonly writes: Writes;
  nowMs(): number;
  /** Where the component runs, as the Event's source names it. */
  hostOf?(component: string, about: Subject): string | undefined;
}

/** Records Events as client-go does: repeats are counted, many alike are told as one, a flood is cut. */
export function openEventRecorder(recording: Recording): Machine["event"] {
  const { store, writes, nowMs } = recording;
  const similar = new Map<string, Similar>();
  const allowances = new Map<string, Allowance>();
  /** Names of Events by all that makes a repeat. */
  const recorded = new Map<string, string>();

  const write = (component: string, about: Subject, text: EventText): void => {
    const namespace = about.metadata?.namespace ?? "default";
    const { name: subject = "", uid } = about.metadata ?? {};
    const source = JSON.stringify([component, about.kind, namespace, subject, uid]);
    if (!spend(allowances, source, nowMs())) return;
    const kind = JSON.stringify([source, text.type, text.reason]);
    const areMany = isOneOfMany(similar, kind, text.message, nowMs());
    const message = areMany ? `(combined from similar events): ${text.message}` : text.message;
    const key = JSON.stringify(areMany ? [kind] : [kind, text.container, message]);
    const before = store.get("events", recorded.get(key) ?? "", namespace);
    const now = new Date(nowMs()).toISOString().replace(/\.\d+Z$/, "Z");
    if (before !== undefined) {
      const count = Number(before.object["count"] ?? 1) + 1;
      const body = { count, lastTimestamp: now, message };
      writes.patch("events", before.name, namespace, { type: "merge", body });
      return;
    }
    const name = `${subject}.${eventSuffix(nowMs(), recorded.size)}`;
    recorded.set(key, name);
    const host = recording.hostOf?.(component, about);
    writes.create("events", {
      metadata: { name, namespace },
      involvedObject: involvedObject(about, text),
      reason: text.reason,
      message,
      source: { component, ...(host === undefined ? {} : { host }) },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type: text.type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? "",
    });
  };

  return (component, about, text) => {
    try {
      write(component, about, text);
    } catch (error) {
      // What the API server refuses, as in a namespace that is going away, is dropped.
      if (!(error instanceof StatusError)) throw error;
    }
  };
}

type Subject = KubeObject & { readonly kind: string };

function involvedObject(about: Subject, text: EventText): object {
  const known = Object.values(storedKinds).find(({ kind }) => kind === about.kind);
  const group = known === undefined || known.group === "" ? "" : `${known.group}/`;
  const { name, namespace, uid, resourceVersion } = about.metadata ?? {};
  return {
    kind: about.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(uid === undefined ? {} : { uid }),
    apiVersion: about.apiVersion ?? `${group}${known?.version ?? "v1"}`,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(text.container === undefined ? {} : { fieldPath: `spec.containers{${text.container}}` }),
  };
}

/** Nanoseconds in hexadecimal, as client-go names Events; the count keeps those of one millisecond apart. */
const eventSuffix = (nowMs: number, count: number): string =>
  (BigInt(Math.floor(nowMs)) * 1_000_000n + BigInt(count % 1_000_000)).toString(16);

function spend(allowances: Map<string, Allowance>, source: string, nowMs: number): boolean {
  const allowance = allowances.get(source) ?? { left: rules.burst, atMs: nowMs };
  const refilled = allowance.left + (nowMs - allowance.atMs) / rules.refillMs;
  allowance.left = Math.min(rules.burst, refilled);
  allowance.atMs = nowMs;
  allowances.set(source, allowance);
  if (allowance.left < 1) return false;
  allowance.left -= 1;
  return true;
}

function isOneOfMany(similar: Map<string, Similar>, key: string, message: string, nowMs: number): boolean {
  let group = similar.get(key);
  if (group === undefined || nowMs - group.lastMs > rules.intervalMs) {
    group = { messages: new Set(), lastMs: nowMs };
    similar.set(key, group);
  }
  group.messages.add(message);
  group.lastMs = nowMs;
  return group.messages.size >= rules.maxDifferent;
}
