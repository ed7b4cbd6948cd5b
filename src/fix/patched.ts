import type { FixReport } from "../report/report.ts";
import { type JsonOperation, jsonPatch } from "./json-patch.ts";
import { isObject, type JsonObject } from "../base/json-value.ts";
import { mergePatch } from "./merge-patch.ts";
import { strategicPatch } from "./strategic-patch.ts";

/** The object as it would be with the patch; undefined when the patch does not fit it. */
export function patched(
  object: JsonObject,
  { type, body }: Pick<NonNullable<FixReport["patch"]>, "type" | "body">,
): JsonObject | undefined {
  const result =
    type === "json"
      ? Array.isArray(body)
        ? jsonPatch(object, body as readonly JsonOperation[])
        : undefined
      : !isObject(body)
        ? undefined
        : type === "strategic"
          ? strategicPatch(object, body)
          : mergePatch(object, body);
  return isObject(result) ? result : undefined;
}
