import type { Fault } from "../../../lab/faults/fault.ts";
import type { TriedRequest } from "../../../lab/load/tried-request.ts";
import type { Run } from "../../../lab/run/run-fault.ts";
import { hasFailed } from "../../../lab/run/run-fault.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import type { Report } from "../../report/report.ts";
import type { Explained } from "./explained.ts";

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
 * made. Client and log are joined by X-Request-ID, and where the log has none by client, path and time.
 */
export function attributionOf(
  { plan, fault, sent }: Pick<Run, "plan" | "fault" | "sent">,
  report: Pick<Report, "targets">,
  explained: Explained,
): Attribution {
  const failed = sent.tried.filter((r) => hasFailed(r) && `${r.host}${r.path}`.startsWith(plan.target));
  const findings = (report.targets[0]?.findings ?? []).filter((f) => f.state === "supported");
  const claims = findings.map(({ cause, because }) => {
    const members = [cause, ...because.map((link) => link.cause)];
    return { cause, claimed: indexOf(members.flatMap((id) => [...(explained.get(id) ?? [])])) };
  });
  let right = 0;
  let wrong = 0;
  const own = failed.filter((request) => plan.isOwn(request, sent.atMs));
  for (const request of failed) {
    const cause = claims.find(({ claimed }) => claimed(request))?.cause;
    const isRight = own.includes(request) ? isTrue(fault, cause) : cause === undefined;
    if (isRight) right += 1;
    else if (cause !== undefined) wrong += 1;
  }
  const unanswered = failed.filter(({ status }) => status === undefined).length;
  return { failed: failed.length, unanswered, own: own.length, right, wrong };
}

const isTrue = ({ causes, acceptable = [] }: Fault, cause: string | undefined): boolean =>
  cause !== undefined && [...causes, ...acceptable].includes(cause);

const keyOf = ({ method, path, client }: Pick<TriedRequest, "method" | "path" | "client">): string =>
  `${method} ${path} ${client}`;

/** Whether one of these logged requests is that of the client. */
function indexOf(logged: readonly LoggedRequest[]): (request: TriedRequest) => boolean {
  const ids = new Set(logged.flatMap(({ requestId }) => requestId ?? []));
  const nameless = Map.groupBy(
    logged.filter(({ requestId }) => requestId === undefined),
    keyOf,
  );
  return (request) =>
    ids.has(request.id) ||
    (nameless.get(keyOf(request)) ?? []).some((r) => Math.abs(r.endMs - request.endMs) <= sameEndMs);
}
