import type { Plan } from "../faults/fault.ts";
import type { Gateway } from "../gateways/start-gateway.ts";
import { type Load, startLoad } from "../load/start-load.ts";
import type { Machine, Stop } from "../machine/machine.ts";
import type { TrafficAsk } from "../machine/orders.ts";
import type { Inside } from "../machine/starter.ts";
import { runSteps } from "./run-steps.ts";
import { untilSettled } from "./settled.ts";

/** Answers the orders of a run: settle, traffic with its steps, mend; inside the namespaces. */
export function answerRun(
  machine: Machine,
  { answer, notice }: Inside,
  gateway: Gateway,
  plan: Plan | undefined,
): Stop {
  const loads: Load[] = [];
  // What never comes to rest while the fault is there does so without it.
  let isMended = false;
  answer({
    settle: ({ timeoutMs }) =>
      untilSettled(machine, gateway, timeoutMs, isMended ? undefined : plan?.waitFor),
    tally: () => loads.flatMap((load) => load.requests()),
  });
  if (plan === undefined) return async () => {};

  const send = async ({ seed, seconds }: TrafficAsk): Promise<Load> => {
    const load = await startLoad(machine, plan.traffic, {
      seed,
      ...(seconds === undefined ? {} : { seconds }),
      targets: gateway.addresses,
    });
    loads.push(load);
    return load;
  };
  answer({
    traffic: async (ask) => {
      const load = await send(ask);
      const atMs = machine.nowMs();
      const stepped = ask.withSteps ? runSteps(plan.steps, machine, gateway, notice) : Promise.resolve();
      if (ask.seconds === undefined) {
        stepped.catch((error: unknown) => notice(String(error)));
        return { atMs, tried: [] };
      }
      await Promise.all([load.over, stepped]);
      const tried = load.requests();
      await load.stop();
      return { atMs, tried };
    },
    step: async ({ name }) => {
      const step = plan.steps[Number(name)];
      if (step === undefined) throw new Error(`the plan has no step "${name}"`);
      await step.run(machine, gateway);
      return null;
    },
    mend: async () => {
      if (plan.mend === undefined) throw new Error("nothing mends this fault");
      await plan.mend(machine, gateway);
      isMended = true;
      return null;
    },
  });
  return async () => {
    for (const load of loads) await load.stop();
  };
}
