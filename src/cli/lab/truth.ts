import type { FrozenExpectation } from "../../../corpus/author/case.ts";
import type { Fault, Plan } from "../../../lab/faults/fault.ts";

/** What a fault's report is to say, as the corpus states it. */
export function expectationOf(
  { id, title, causes, acceptable, status }: Fault,
  { target }: Pick<Plan, "target">,
): FrozenExpectation {
  return {
    schema: "why5xx.case/v1",
    id,
    title,
    target,
    expect: {
      status: status ?? (causes.length > 0 ? "explained" : "healthy"),
      causes,
      ...(acceptable === undefined ? {} : { acceptable }),
    },
  };
}
