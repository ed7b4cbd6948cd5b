import { jsonText } from "../json.ts";
import { epochMs, epochTextMs, isoMs } from "../clock.ts";
import { namesOf } from "./kubernetes-names.ts";
import { newPeeled, type Peeled } from "./peeled.ts";

type Entry = Readonly<Record<string, unknown>>;

/**
 * The message inside a JSON object that a collector or a log store made of a line; undefined for objects that
 * are log entries themselves. A bare "log" or "message" counts only beside keys that carry it, so an
 * application's own {"level":…,"message":…} stays as it is.
 */
export function openEnvelope(entry: Entry): Peeled | undefined {
  // An Elasticsearch hit: what `_source` holds is an envelope, or the entry itself.
  const source = entry["_source"];
  if (!isEntry(source)) return ownEnvelope(entry);
  const own = jsonText(source);
  return ownEnvelope(source) ?? (own === undefined ? undefined : newPeeled(own));
}

function ownEnvelope(entry: Entry): Peeled | undefined {
  return (
    ofCloudLogging(entry) ??
    ofJournal(entry) ??
    ofStern(entry) ??
    ofLoki(entry) ??
    ofCloudWatch(entry) ??
    ofKubernetes(entry) ??
    ofCarrier(entry)
  );
}

/** Substrings of which an envelope has one: a look before the line is parsed. */
export const envelopeKeys =
  /"(?:log|message|MESSAGE|textPayload|jsonPayload|line|kubernetes|_source|@message)"\s*:/;

/** Cloud Logging's LogEntry of a container; entries of its load balancers are access lines of their own. */
function ofCloudLogging(entry: Entry): Peeled | undefined {
  const resource = isEntry(entry["resource"]) ? entry["resource"] : {};
  const payload = entry["jsonPayload"];
  const text = stringOf(entry["textPayload"]) ?? (isEntry(payload) ? textOfPayload(payload) : undefined);
  if (text === undefined || resource["type"] === "http_load_balancer" || isEntry(entry["httpRequest"]))
    return undefined;
  const labels = isEntry(resource["labels"]) ? resource["labels"] : {};
  return filled(text, labels, entry["timestamp"]);
}

/** Structured output is kept as an object there; a lone message is the line. */
function textOfPayload(payload: Entry): string | undefined {
  const message = stringOf(payload["message"]) ?? stringOf(payload["log"]);
  return message !== undefined && Object.keys(payload).every((key) => carrierKeys.has(key) || isText(key))
    ? message
    : jsonText(payload);
}

/** systemd's `journalctl -o json`; a message that is not UTF-8 is an array of bytes. */
function ofJournal(entry: Entry): Peeled | undefined {
  const message = Array.isArray(entry["MESSAGE"])
    ? Buffer.from(entry["MESSAGE"].filter((byte) => typeof byte === "number")).toString("utf8")
    : stringOf(entry["MESSAGE"]);
  const stamp = stringOf(entry["__REALTIME_TIMESTAMP"]);
  if (message === undefined || (stamp === undefined && entry["_HOSTNAME"] === undefined)) return undefined;
  const tag = stringOf(entry["SYSLOG_IDENTIFIER"]) ?? "";
  const pid = stringOf(entry["_PID"]) ?? stringOf(entry["SYSLOG_PID"]) ?? "0";
  return filled(tag.includes("haproxy") ? `haproxy[${pid}]: ${message}` : message, {}, stamp);
}

/** stern -o json has podName and containerName, -o extjson pod and container with a message that may be an object. */
function ofStern(entry: Entry): Peeled | undefined {
  const pod = stringOf(entry["podName"]) ?? stringOf(entry["pod"]);
  const container = stringOf(entry["containerName"]) ?? stringOf(entry["container"]);
  const message = entry["message"];
  const text = stringOf(message) ?? (isEntry(message) ? jsonText(message) : undefined);
  if (pod === undefined || container === undefined || text === undefined) return undefined;
  if (entry["podName"] === undefined && Object.keys(entry).length > 4) return undefined;
  return { ...newPeeled(text), namespace: stringOf(entry["namespace"]) ?? "", pod, container };
}

/** `logcli -o jsonl` ("labels") and Grafana's JSON download ("fields", with the time in ns and as a date). */
function ofLoki(entry: Entry): Peeled | undefined {
  const line = stringOf(entry["line"]);
  const labels = entry["labels"] ?? entry["fields"];
  const time = entry["date"] ?? entry["timestamp"];
  if (line === undefined || time === undefined) return undefined;
  if (labels !== undefined && !isEntry(labels)) return undefined;
  if (labels === undefined && Object.keys(entry).length > 3) return undefined;
  return filled(line, labels ?? {}, time);
}

/** Events of filter-log-events, get-log-events and of subscriptions; rows of a Logs Insights query. */
function ofCloudWatch(entry: Entry): Peeled | undefined {
  const queried = stringOf(entry["@message"]);
  if (queried !== undefined)
    return filled(queried, { logStreamName: entry["@logStream"] }, entry["@timestamp"]);
  const message = stringOf(entry["message"]);
  if (message === undefined || typeof entry["timestamp"] !== "number") return undefined;
  const isEvent = ["eventId", "ingestionTime", "logStreamName"].some((key) => entry[key] !== undefined);
  const isBare = Object.keys(entry).every((key) => key === "message" || key === "timestamp" || key === "id");
  return isEvent || isBare ? filled(message, entry, entry["timestamp"]) : undefined;
}

/** Fluent Bit, Fluentd, Vector, Filebeat and OpenShift's collector, with Kubernetes metadata. */
function ofKubernetes(entry: Entry): Peeled | undefined {
  const kubernetes = entry["kubernetes"];
  if (!isEntry(kubernetes)) return undefined;
  const text = stringOf(entry["log"]) ?? stringOf(entry["message"]) ?? mergedText(entry);
  if (text === undefined) return undefined;
  const names = namesOf(kubernetes);
  const peeled = filled(text, names.pod === "" ? entry : kubernetes, timeIn(entry));
  return withPart(peeled, entry);
}

/** Fields that were merged into the envelope (Fluent Bit's Merge_Log): the line is what remains without it. */
function mergedText(entry: Entry): string | undefined {
  const own = Object.entries(entry).filter(
    ([key]) => !carrierKeys.has(key) || key === "time" || key === "@timestamp",
  );
  return own.length < 3 ? undefined : jsonText(Object.fromEntries(own));
}

/** {"log":…} or {"message":…} beside nothing but what carries it. */
function ofCarrier(entry: Entry): Peeled | undefined {
  const text = stringOf(entry["log"]) ?? stringOf(entry["message"]);
  if (text === undefined) return undefined;
  for (const key of Object.keys(entry)) if (!carrierKeys.has(key) && !isText(key)) return undefined;
  const peeled = filled(text, entry, timeIn(entry));
  const stream = stringOf(entry["stream"]);
  const isDocker =
    typeof entry["log"] === "string" && entry["logtag"] === undefined && entry["_p"] === undefined;
  if (isDocker && stream !== undefined && entry["time"] !== undefined)
    return {
      ...peeled,
      part: { more: !text.endsWith("\n"), isSure: false, of: `docker ${stream}` },
    };
  return withPart(peeled, entry);
}

const isText = (key: string): boolean => key === "log" || key === "message";

const carrierKeys: ReadonlySet<string> = new Set(
  `stream time timestamp @timestamp ts date _p logtag tag attrs @version host hostname source_type source file offset
  input agent ecs log_type kubernetes docker container_id container_name namespace_name pod_name partial_message
  cluster cluster_name openshift pipeline_metadata viaq_msg_id fluentd_time`.split(/\s+/),
);

/** CRI's tag as Fluent Bit keeps it, or Docker's partial_message: the line goes on in the next entry. */
function withPart(peeled: Peeled, entry: Entry): Peeled {
  const tag = entry["_p"] ?? entry["logtag"];
  const more = tag === "P" || entry["partial_message"] === "true" || entry["partial_message"] === true;
  if (!more && tag !== "F") return peeled;
  const of = `${peeled.namespace}/${peeled.pod}/${peeled.container} ${stringOf(entry["stream"]) ?? ""}`;
  return { ...peeled, part: { more, isSure: true, of } };
}

function filled(text: string, labels: Entry, time: unknown): Peeled {
  return { ...newPeeled(text), ...namesOf(labels), timeMs: timeOf(time) };
}

const timeIn = (entry: Entry): unknown =>
  entry["time"] ?? entry["timestamp"] ?? entry["@timestamp"] ?? entry["date"];

function timeOf(value: unknown): number {
  if (typeof value === "number") return epochMs(value);
  if (typeof value !== "string") return Number.NaN;
  const ms = isoMs(value);
  return Number.isNaN(ms) ? epochTextMs(value) : ms;
}

const stringOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const isEntry = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value);
