import type { Fault } from "../../../lab/faults/fault.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import type { Report } from "../../report/report.ts";
import type { Explained } from "./explained.ts";
import type { FailedRequest } from "./failed-request.ts";

/** What became, request by request, of those that failed at the target. */
export interface Attribution {
  /** No answer, 502, 503 or 504 at the client. */
  readonly failed: number;
  /** Of these, without any answer: often in no log either. */
  readonly unanswered: number;
  /** Of all, for the fault's sake. */
  readonly own: number;
  /** Own ones that went to a true cause, and others that went to none. */
  readonly right: number;
  /** Given to a cause that is not true of them. */
  readonly wrong: number;
}

/** How far apart client and gateway may see the end of one request. */
const sameEndMs = 150;

/**
 * Each failed request is given to the first supported finding of which a cause explains it, as the report's shares are
 * made; one that the gateway did not log as failed, to the first whose failures leave no line there. Client and log are
 * joined by X-Request-ID, and where the log has none by client, path and time.
 */
export function attributionOf(
  fault: Pick<Fault, "causes" | "acceptable">,
  failed: readonly FailedRequest[],
  report: Pick<Report, "targets">,
  explained: Explained,
): Attribution {
  const findings = (report.targets[0]?.findings ?? []).filter((f) => f.state === "supported");
  const claims = findings.map(({ cause, because }) => {
    const members = [cause, ...because.map((link) => link.cause)];
    const claimed = indexOf(members.flatMap((id) => [...(explained.claimed.get(id) ?? [])]));
    return { cause, claimed, leavesNoLine: members.some((id) => explained.leavingNoLine.has(id)) };
  });
  const isLogged = indexOf([...explained.logged]);
  let right = 0;
  let wrong = 0;
  for (const request of failed) {
    const claim =
      claims.find(({ claimed }) => claimed(request)) ??
      (isLogged(request) ? undefined : claims.find(({ leavesNoLine }) => leavesNoLine));
    const cause = claim?.cause;
    const isRight = request.isOwn ? isTrue(fault, request, cause) : cause === undefined;
    if (isRight) right += 1;
    else if (cause !== undefined) wrong += 1;
  }
  const unanswered = failed.filter(({ status }) => status === undefined).length;
  const own = failed.filter(({ isOwn }) => isOwn).length;
  return { failed: failed.length, unanswered, own, right, wrong };
}

const isTrue = (
  { causes, acceptable = [] }: Pick<Fault, "causes" | "acceptable">,
  request: FailedRequest,
  cause: string | undefined,
): boolean =>
  cause !== undefined &&
  [...(request.cause === undefined ? causes : [request.cause]), ...acceptable].includes(cause);

const keyOf = ({ method, path, client }: Pick<FailedRequest, "method" | "path" | "client">): string =>
  `${method} ${path} ${client}`;

/** Whether one of these logged requests is that of the client. */
function indexOf(logged: readonly LoggedRequest[]): (request: FailedRequest) => boolean {
  const ids = new Set(logged.flatMap(({ requestId }) => requestId ?? []));
  const nameless = Map.groupBy(
    logged.filter(({ requestId }) => requestId === undefined),
    keyOf,
  );
  return (request) =>
    ids.has(request.id) ||
    (nameless.get(keyOf(request)) ?? []).some((r) => Math.abs(r.endMs - request.endMs) <= sameEndMs);
}
