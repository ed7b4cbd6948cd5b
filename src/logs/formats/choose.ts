import { parseObject } from "../json.ts";
import type { AccessFields, AccessFormat } from "./access-line.ts";
import { builtInFormats } from "./all.ts";
import { type FieldMap, fieldMapProblem, jsonFieldMap } from "./json-field-map.ts";
import { alone, jsonFormatList } from "./json-formats.ts";
import { nearestName } from "./nearest-name.ts";
import { nginxLogFormat } from "./nginx-log-format.ts";

/** What a user's words for a log's format come to. */
export type Chosen =
  | { readonly kind: "auto" }
  | { readonly kind: "format"; readonly format: AccessFormat }
  | { readonly kind: "problem"; readonly problem: string };

/** Names that `--format` takes, in order. */
export function formatNames(): readonly string[] {
  const names = [...builtInFormats, ...jsonFormatList].map((format) => format.name);
  return [...new Set(names)].sort();
}

/**
 * `auto` (or nothing), a format's name, an nginx `log_format` (it has a "$"), or a JSON map of nginx variables to keys of
 * the log's lines: `{"status":"resp.code","time":"ts","upstream_addr":"peer"}`.
 */
export function chooseFormat(text: string): Chosen {
  const words = text.trim();
  if (words === "" || words === "auto") return { kind: "auto" };
  if (words.includes("$")) {
    const format = nginxLogFormat(text);
    if (format !== undefined) return { kind: "format", format };
    return problem(
      "the log_format has no $status, or none of $time_iso8601, $time_local and $msec: its lines cannot be counted",
    );
  }
  return words.startsWith("{") ? ofMap(words) : ofName(words);
}

const problem = (text: string): Chosen => ({ kind: "problem", problem: text });

function ofMap(words: string): Chosen {
  const map = parseObject(words);
  if (map === undefined) return problem("the field map is not a JSON object");
  const wrong = fieldMapProblem(map);
  return wrong === undefined ? { kind: "format", format: jsonFieldMap(map as FieldMap) } : problem(wrong);
}

function ofName(name: string): Chosen {
  const text = builtInFormats.filter((format) => format.name === name);
  const json = jsonFormatList.filter((format) => format.name === name).map(alone);
  const formats = [...text, ...json];
  const [first] = formats;
  if (first !== undefined)
    return { kind: "format", format: formats.length === 1 ? first : anyOf(first, formats) };
  const names = formatNames();
  const near = nearestName(name, names);
  const hint = near === undefined ? "." : `, did you mean "${near}"?`;
  return problem(
    `"${name.slice(0, 60)}" is no format${hint} Known are auto, ${names.join(", ")}; or give an nginx log_format (with its $variables) or a JSON map of nginx variables to keys`,
  );
}

/** Several shapes of one name: ingress-nginx of different ages. */
const anyOf = (first: AccessFormat, formats: readonly AccessFormat[]): AccessFormat => ({
  name: first.name,
  ...(first.hop === undefined ? {} : { hop: first.hop }),
  read(line: string): AccessFields | undefined {
    for (const format of formats) {
      const fields = format.read(line);
      if (fields !== undefined) return fields;
    }
    return undefined;
  },
});
