import type { Plan } from "../../../lab/faults/fault.ts";
import type { TriedRequest } from "../../../lab/load/tried-request.ts";
import type { Sent } from "../../../lab/machine/orders.ts";
import { hasFailed } from "../../../lab/run/run-fault.ts";

/** A request that failed at the target, and whether the fault is to blame for it. */
export interface FailedRequest extends Pick<
  TriedRequest,
  "id" | "method" | "path" | "client" | "endMs" | "status"
> {
  readonly isOwn: boolean;
  /** Of several causes the one that made it fail. */
  readonly cause?: string;
}

export function failedOf(
  { target, isOwn, causeOf }: Pick<Plan, "target" | "isOwn" | "causeOf">,
  { tried, atMs }: Sent,
): readonly FailedRequest[] {
  return tried
    .filter((request) => hasFailed(request) && isAt(target, request))
    .map((request) => {
      const { id, method, path, client, endMs, status } = request;
      const answered = status === undefined ? {} : { status };
      const ours = isOwn(request, atMs);
      const caused = ours && causeOf !== undefined ? { cause: causeOf(request) } : {};
      return { id, method, path, client, endMs, ...answered, isOwn: ours, ...caused };
    });
}

/** Whether a request went to the target; what goes on beside it may fail by itself. */
export const isAt = (target: string, { host, path }: Pick<TriedRequest, "host" | "path">): boolean =>
  `${host}${path}`.startsWith(target);
