import type { AccessFields, AccessFormat } from "./access-line.ts";
import type { JsonEntry } from "./json-format.ts";
import { parseEntry } from "./json-formats.ts";
import { momentOf, numberOf } from "./json-values.ts";
import { nearestName } from "./nearest-name.ts";
import { fieldsFrom } from "./nginx-variables.ts";

/** Times of nginx, in seconds, that a map may also give in other units: "request_time_ms". */
const timed = ["request_time", "upstream_response_time", "upstream_connect_time", "upstream_header_time"];
const units: Readonly<Record<string, number>> = { ms: 1e3, us: 1e6, ns: 1e9 };

const clocks = ["time", "msec", "time_iso8601", "time_local"];

const untimed =
  "remote_addr realip_remote_addr host http_host server_name request request_method request_uri uri server_protocol status " +
  "body_bytes_sent bytes_sent request_length http_user_agent req_id request_id proxy_upstream_name " +
  "proxy_alternative_upstream_name namespace service_name service_port upstream_addr upstream_status " +
  "upstream_response_length upstream_bytes_received";

/** What a field map can name: nginx's variables that requests are made of, and "time" for a time of any form. */
const mappable: readonly string[] = [
  ...clocks,
  ...untimed.split(" "),
  ...timed.flatMap((name) => [name, `${name}_ms`, `${name}_us`, `${name}_ns`]),
];

export type FieldMap = Readonly<Record<string, string>>;

/** Why a map cannot be used; undefined when it can. */
export function fieldMapProblem(map: JsonEntry): string | undefined {
  for (const [variable, path] of Object.entries(map)) {
    if (!mappable.includes(variable)) {
      const near = nearestName(variable, mappable);
      const hint = near === undefined ? `known are ${mappable.join(", ")}` : `did you mean "${near}"?`;
      return `"${variable}" is no nginx variable that requests are read from; ${hint}`;
    }
    if (typeof path !== "string" || path === "") {
      return `"${variable}" must name a key of the log's lines, as in {"${variable}":"response.code"}`;
    }
  }
  if (!("status" in map)) return 'the map names no "status", and a request is nothing without one';
  if (!clocks.some((clock) => clock in map)) return 'the map names no "time"';
  return undefined;
}

/**
 * JSON lines whose keys a map gives: nginx variable → key, or path of keys parted by dots ("response.code"). Values may
 * be numbers or strings; times ISO 8601, $time_local or Unix s, ms, µs, ns; lists are nginx's ("502, 200") or arrays.
 */
export const jsonFieldMap = (map: FieldMap): AccessFormat => {
  const pairs = Object.entries(map).map(([variable, path]): [string, string] => [variable, path]);
  return {
    name: "json-map",
    read(line: string): AccessFields | undefined {
      const entry = parseEntry(line);
      if (entry === undefined) return undefined;
      const values = new Map<string, string>();
      let exact = false;
      for (const [variable, path] of pairs) {
        const value = valueAt(entry, path);
        if (!clocks.includes(variable)) setValue(values, variable, value);
        else if (!values.has("msec")) {
          const moment = momentOf(value);
          if (moment === undefined) continue;
          values.set("msec", (moment.ms / 1000).toFixed(3));
          exact = moment.exact;
        }
      }
      const fields = fieldsFrom(values);
      return fields === undefined ? undefined : { ...fields, exact };
    },
  };
};

/** A key that has dots in it goes before a path of the same text. */
function valueAt(entry: JsonEntry, path: string): unknown {
  if (Object.hasOwn(entry, path)) return entry[path];
  let value: unknown = entry;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as JsonEntry)[key];
  }
  return value;
}

function setValue(values: Map<string, string>, variable: string, value: unknown): void {
  const text = textOf(value);
  if (text === undefined) return;
  const unit = /_(ms|us|ns)$/.exec(variable)?.[1];
  const base = unit === undefined ? variable : variable.slice(0, -unit.length - 1);
  if (unit === undefined || !timed.includes(base)) {
    values.set(variable, variable === "status" ? text.padStart(3, "0") : text);
    return;
  }
  const perSecond = units[unit] ?? 1;
  values.set(
    base,
    text.replace(/[\d.]{1,20}/g, (word) => ((numberOf(word) ?? 0) / perSecond).toFixed(6)),
  );
}

/** null becomes nothing, as nginx's escape=json writes what is not set. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (!Array.isArray(value) || value.length > 1000) return undefined;
  const items = value.map((item) =>
    typeof item === "string" || typeof item === "number" ? String(item) : "-",
  );
  return items.join(", ");
}
