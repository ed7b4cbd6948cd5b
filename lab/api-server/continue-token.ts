import { badRequest } from "./status.ts";

/** Where the next page of a list begins. Opaque to clients. */
export interface ContinueToken {
  /** resourceVersion of the list, -1 when the rest may be inconsistent with the first pages. */
  readonly revision: number;
  /** Key of the last object handed out. */
  readonly after: string;
  /** Cluster time of issue. */
  readonly issuedMs: number;
}

export const writeToken = (token: ContinueToken): string =>
  Buffer.from(
    JSON.stringify({ v: "meta.k8s.io/v1", rv: token.revision, start: token.after, at: token.issuedMs }),
  ).toString("base64url");

/** @throws StatusError 400 when it is not a token of ours */
export function readToken(text: string): ContinueToken {
  let fields: unknown;
  try {
    fields = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    throw badRequest("continue key is not valid: it does not decode");
  }
  const { rv, start, at } = (fields ?? {}) as Record<string, unknown>;
  if (typeof rv !== "number" || typeof start !== "string" || typeof at !== "number")
    throw badRequest("continue key is not valid: fields are missing");
  return { revision: rv, after: start, issuedMs: at };
}
