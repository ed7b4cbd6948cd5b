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
}

export function failedOf(
  { target, isOwn }: Pick<Plan, "target" | "isOwn">,
  { tried, atMs }: Sent,
): readonly FailedRequest[] {
  return tried
    .filter((r) => hasFailed(r) && `${r.host}${r.path}`.startsWith(target))
    .map((request) => {
      const { id, method, path, client, endMs, status } = request;
      const answered = status === undefined ? {} : { status };
      return { id, method, path, client, endMs, ...answered, isOwn: isOwn(request, atMs) };
    });
}
