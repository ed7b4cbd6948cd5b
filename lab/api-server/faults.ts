import { resourceText } from "./access.ts";
import type { ApiRequest } from "./request.ts";
import {
  expired,
  failure,
  internalError,
  type StatusError,
  tooManyRequests,
  unauthorized,
} from "./status.ts";

/** Something to go wrong, for the requests it matches. */
export interface Fault {
  readonly match: FaultMatch;
  readonly answer: FaultAnswer;
}

/** Fields left out match everything, discovery included. */
interface FaultMatch {
  /** "pods", or "pods/log" for a subresource. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly verb?: string;
  /** Beginning of the path, for requests that name no resource: "/version". */
  readonly path?: string;
  /** Only the nth request that matches, counted from 1. */
  readonly nth?: number;
}

/**
 * A status code; "hang": never answered; "cut": an answer that ends in its middle; "reset": the connection is
 * closed in the middle of the answer; delayMs: answered late.
 */
export type FaultAnswer =
  | 401
  | 403
  | 404
  | 410
  | 429
  | 500
  | "hang"
  | "cut"
  | "reset"
  | { readonly delayMs: number };

/** Finds the fault of each request; counts, so one is opened per server. */
export function openFaults(faults: readonly Fault[]): (request: ApiRequest) => FaultAnswer | undefined {
  const counts = faults.map(() => 0);
  return (request) => {
    let hit: FaultAnswer | undefined;
    faults.forEach(({ match, answer }, index) => {
      if (!matches(match, request)) return;
      const seen = (counts[index] ?? 0) + 1;
      counts[index] = seen;
      if (match.nth === undefined || match.nth === seen) hit ??= answer;
    });
    return hit;
  };
}

function matches(match: FaultMatch, request: ApiRequest): boolean {
  const path = request.resource;
  return (
    (match.verb === undefined || match.verb === request.verb) &&
    (match.path === undefined || request.path.startsWith(match.path)) &&
    (match.resource === undefined || (path !== undefined && match.resource === resourceText(path))) &&
    (match.namespace === undefined || match.namespace === path?.namespace)
  );
}

/** The refusal a status-code fault stands for. */
export function refusal(code: 401 | 403 | 404 | 410 | 429 | 500): StatusError {
  switch (code) {
    case 401:
      return unauthorized();
    case 403:
      return failure(403, "Forbidden", "forbidden: the fault of this test");
    case 404:
      return failure(404, "NotFound", "the server could not find the requested resource");
    case 410:
      return expired("The resourceVersion for the provided list is too old.");
    case 429:
      return tooManyRequests(1);
    case 500:
      return internalError("etcdserver: request timed out");
  }
}
