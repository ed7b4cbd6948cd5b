import { isObject } from "../base/json-value.ts";
import type { Ignore } from "./suppress.ts";

/** What a configuration file says, or what is wrong with it, in words for who wrote it. */
export interface LintConfig {
  readonly ignores: readonly Ignore[];
  readonly problems: readonly string[];
}

/** Reads the parsed content of `.why5xx.yaml`: `ignore: [{rule, object?, reason}]`. */
export function lintConfig(value: unknown): LintConfig {
  if (value === null || value === undefined) return { ignores: [], problems: [] };
  if (!isObject(value)) return { ignores: [], problems: ['it has to be a mapping with the key "ignore"'] };
  const problems = Object.keys(value)
    .filter((key) => key !== "ignore" && key !== "escalation")
    .map((key) => `there is no setting "${key}"; there are ignore and escalation`);
  const entries = value["ignore"] ?? [];
  if (!Array.isArray(entries)) return { ignores: [], problems: [...problems, "ignore has to be a list"] };
  const ignores: Ignore[] = [];
  for (const [i, entry] of entries.entries()) {
    const read = ignoreOf(entry);
    if (typeof read === "string") problems.push(`ignore[${i}]: ${read}`);
    else ignores.push(read);
  }
  return { ignores, problems };
}

function ignoreOf(entry: unknown): Ignore | string {
  if (!isObject(entry)) return "it has to be a mapping with rule, object and reason";
  const { rule, object, reason, ...rest } = entry;
  const [unknownKey] = Object.keys(rest);
  if (unknownKey !== undefined) return `there is no "${unknownKey}"; there are rule, object and reason`;
  if (typeof rule !== "string" || rule === "") return "rule is missing: the id of a rule, or *";
  if (typeof reason !== "string" || reason.trim() === "")
    return `a reason is missing for ${rule}: say why it does not matter here`;
  if (object === undefined) return { rule, reason };
  return typeof object === "string"
    ? { rule, object, reason }
    : 'object has to be a text such as "Deployment shop/web"';
}

const baselineSchema = "why5xx.lint-baseline/v1";

/** A baseline file: fingerprints of what was there when it was written. */
export const baselineText = (fingerprints: readonly string[]): string =>
  `${JSON.stringify({ schema: baselineSchema, findings: [...new Set(fingerprints)].sort() }, null, 2)}\n`;

/** The fingerprints of a baseline file's parsed content; undefined when it is none. */
export function baselineOf(value: unknown): ReadonlySet<string> | undefined {
  if (!isObject(value) || value["schema"] !== baselineSchema || !Array.isArray(value["findings"]))
    return undefined;
  return new Set(value["findings"].filter((f): f is string => typeof f === "string"));
}
