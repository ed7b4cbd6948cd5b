import { faultOf, faults } from "../../../lab/faults/all.ts";
import type { Fault, GatewayName } from "../../../lab/faults/fault.ts";
import { nearestNames } from "../../derive/near-names.ts";
import type { Call } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { UsageProblem } from "../usage-problem.ts";

/** One run as it was asked for. */
export interface Asked {
  readonly fault: Fault;
  readonly seed: number;
  readonly gateway: GatewayName;
}

/** @throws UsageProblem */
export function askedRun({ values, operands }: Call): Asked {
  const [id] = operands;
  if (id === undefined) throw new UsageProblem("Name a fault. See: lab list");
  const fault = namedFault(id);
  const gateway = gatewayOf(values, fault);
  if (!fault.gateways.includes(gateway))
    throw new UsageProblem(`${id} is not made with ${gateway}, but with ${fault.gateways.join(" and ")}.`);
  return { fault, seed: wholeNumber(values, "seed", 1), gateway };
}

/** @throws UsageProblem with the nearest ids there are */
export function namedFault(id: string): Fault {
  const fault = faultOf(id);
  if (fault !== undefined) return fault;
  const near = nearestNames(
    id,
    faults.map((f) => f.id),
  );
  throw new UsageProblem(
    `there is no fault "${id}".${near.length === 0 ? " See: lab list" : ` Did you mean ${near.join(", ")}?`}`,
  );
}

/** The gateway that was named, or else the first the fault is made with. */
export function gatewayOf(values: FlagValues, fault: Fault): GatewayName {
  const named = values.gateway as GatewayName | undefined;
  return named ?? fault.gateways[0] ?? "nginx";
}

/** @throws UsageProblem when it is no whole number from 1 on */
export function wholeNumber(
  values: FlagValues,
  name: "seed" | "seeds" | "parallel",
  fallback: number,
): number {
  const text = values[name];
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageProblem(`--${name} ${text}: give a whole number, 1 or more.`);
  return Number(text);
}

/** @throws UsageProblem for a format that this part does not print */
export function isJson({ output }: FlagValues): boolean {
  if (output !== undefined && output !== "text" && output !== "json")
    throw new UsageProblem(`--output ${output}: choose one of text, json.`);
  return output === "json";
}
