import { isTrue } from "./request.ts";
import { badRequest, invalid } from "./status.ts";

export interface LogOptions {
  readonly follow: boolean;
  readonly timestamps: boolean;
  /** Lines older than this are left out, milliseconds since the epoch. */
  readonly sinceMs?: number;
  readonly tailLines?: number;
  readonly limitBytes?: number;
}

/** @throws StatusError 400 or 422, as ValidatePodLogOptions does */
export function parseLogOptions(query: URLSearchParams, nowMs: number): LogOptions {
  const sinceSeconds = wholeNumber(query, "sinceSeconds", 1);
  const sinceTime = query.get("sinceTime") ?? "";
  const tailLines = wholeNumber(query, "tailLines", 0);
  const limitBytes = wholeNumber(query, "limitBytes", 1);
  if (sinceSeconds !== undefined && sinceTime !== "")
    throw invalid(
      "PodLogOptions",
      "sinceSeconds",
      "at most one of `sinceTime` or `sinceSeconds` may be specified",
    );
  const sinceMs = sinceTime === "" ? undefined : Date.parse(sinceTime);
  if (Number.isNaN(sinceMs)) throw badRequest(`sinceTime is not a RFC 3339 time: "${sinceTime}"`);
  const from = sinceSeconds === undefined ? sinceMs : nowMs - sinceSeconds * 1000;
  return {
    follow: flag(query, "follow"),
    timestamps: flag(query, "timestamps"),
    ...(from === undefined ? {} : { sinceMs: from }),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
  };
}

const flag = (query: URLSearchParams, name: string): boolean => isTrue(query.get(name) ?? "false");

function wholeNumber(query: URLSearchParams, name: string, least: number): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (!/^[+-]?\d+$/.test(text))
    throw badRequest(
      `unable to convert "${text}" to int64: strconv.ParseInt: parsing "${text}": invalid syntax`,
    );
  const value = Number(text);
  if (value < least)
    throw invalid("PodLogOptions", name, `must be greater than ${least === 0 ? "or equal to 0" : "0"}`);
  return value;
}
