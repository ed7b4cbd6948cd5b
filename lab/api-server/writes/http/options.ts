import type { ApiRequest } from "../../request.ts";
import { badRequest } from "../../status.ts";
import { invalidKind, notSupported } from "../field-error.ts";

/** Query parameters that every write understands. */
export interface WriteQuery {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly force: boolean;
  readonly validation: "Strict" | "Warn" | "Ignore";
}

const validations = ["Ignore", "Strict", "Warn"] as const;

/** @throws StatusError 422 for values that are not known */
export function writeQuery(request: ApiRequest): WriteQuery {
  const { query, userAgent = "" } = request;
  const dryRun = query.getAll("dryRun").filter((v) => v !== "");
  if (dryRun.some((v) => v !== "All"))
    throw invalidKind("Options", "meta.k8s.io", "", [notSupported("dryRun", dryRun, ["All"])]);
  const asked = query.get("fieldValidation") ?? "";
  const validation = asked === "" ? "Warn" : validations.find((v) => v === asked);
  if (validation === undefined)
    throw invalidKind("Options", "meta.k8s.io", "", [notSupported("fieldValidation", asked, validations)]);
  return {
    dryRun: dryRun.length > 0,
    // Who does not say is known by the first word of its User-Agent (apiserver pkg/endpoints/handlers).
    fieldManager: query.get("fieldManager") ?? (userAgent.split("/")[0] || "unknown"),
    force: query.get("force") === "true",
    validation,
  };
}

const unknownTexts = (unknown: readonly string[]): string[] =>
  unknown.map((path) => `unknown field "${path}"`);

/**
 * What happens to fields that are not known.
 * @param refuse words the refusal of strict validation
 */
export function checkUnknown(
  query: WriteQuery,
  unknown: readonly string[],
  refuse: (text: string) => Error = (text) => badRequest(text),
): void {
  if (query.validation === "Strict" && unknown.length > 0)
    throw refuse(`strict decoding error: ${unknownTexts(unknown).join(", ")}`);
}

/** The Warning header that tells of unknown fields (RFC 7234 5.5, code 299). */
export function warningHeader(query: WriteQuery, unknown: readonly string[]): Record<string, string> {
  if (query.validation !== "Warn" || unknown.length === 0) return {};
  return {
    Warning: unknownTexts(unknown)
      .map((text) => `299 - ${JSON.stringify(text)}`)
      .join(", "),
  };
}
