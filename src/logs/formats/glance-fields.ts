import { type AccessFields, type Glance, isPlainStatus } from "./access-line.ts";

/** Fills `out` from a line that was read in full, and says whether counting it needs more than that. */
export function glanceFields(fields: AccessFields, out: Glance): "plain" | "look" {
  out.endMs = fields.endMs;
  out.durationMs = fields.durationMs ?? Number.NaN;
  out.requestBytes = fields.requestBytes ?? Number.NaN;
  out.status = fields.status;
  out.method = fields.method;
  out.path = fields.path;
  out.client = fields.client;
  out.upstreamName = fields.alternativeUpstreamName ?? fields.upstreamName ?? "";
  out.host = fields.host ?? "";
  out.format = fields.format ?? "";
  out.hop = fields.hop ?? "";
  const only = fields.attempts[0];
  out.address = only === undefined || only.address === "-" ? "" : only.address;
  const single = fields.attempts.length <= 1 && (only?.status ?? 0) < 500 && only?.failure === undefined;
  const quiet = fields.failure === undefined && fields.clientLeft !== true;
  return isPlainStatus(fields.status) && single && quiet ? "plain" : "look";
}
