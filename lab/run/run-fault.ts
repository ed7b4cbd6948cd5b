import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, GatewayName, Plan } from "../faults/fault.ts";
import { seededRandom } from "../faults/random.ts";
import type { TriedRequest } from "../load/tried-request.ts";
import { LabProblem } from "../machine/lab-problem.ts";
import { type LaunchedLab, launchLab } from "../machine/launch.ts";
import type { Sent } from "../machine/orders.ts";
import { programsOf } from "./programs-of.ts";

export interface RunOptions {
  readonly seed: number;
  readonly gateway?: GatewayName;
  /** Instead of the plan's. */
  readonly seconds?: number;
  /** SIGINT and SIGTERM of this process end the lab. Default false. */
  readonly takeSignals?: boolean;
  /** Tells what the run is doing. */
  readonly onProgress?: (text: string) => void;
  /** Called as traffic begins, for who looks on. */
  readonly onTraffic?: (lab: LaunchedLab, plan: Plan) => void;
}

/** A fault that is happening, or has just happened, in a lab that still runs. */
export interface Run {
  readonly fault: Fault;
  readonly seed: number;
  readonly gateway: GatewayName;
  readonly plan: Plan;
  readonly lab: LaunchedLab;
  /** What did not come to rest before traffic began: "Deployment shop/cart". */
  readonly unsettled: readonly string[];
  /** What the clients sent while the fault was there. */
  readonly sent: Sent;
  /** Mends, settles, and sends traffic again; undefined where nothing mends it. */
  mend(): Promise<Sent | undefined>;
  /** Settles and sends traffic again, after somebody else has mended it or tried to. */
  again(): Promise<Sent>;
  stop(): Promise<void>;
}

const defaultSettleMs = 30_000;
/** Traffic after the mend shows that failures have stopped, no more. */
const mendedSeconds = 10;

/** The one command that does the same again. */
export const commandOf = (
  { fault, seed, gateway }: Pick<Run, "fault" | "seed" | "gateway">,
  part: "run" | "record" | "fix" = "run",
): string => `why5xx lab ${part} ${fault.id} --seed ${seed} --gateway ${gateway}`;

/** @throws LabProblem when the lab cannot run here, or a step fails */
export async function runFault(fault: Fault, options: RunOptions): Promise<Run> {
  const { seed, gateway = fault.gateways[0]!, onProgress = () => {} } = options;
  if (!fault.gateways.includes(gateway))
    throw new LabProblem(
      `${fault.id} is not made with ${gateway}, but with ${fault.gateways.join(" and ")}.`,
    );
  const plan = fault.plan(seededRandom(seed), gateway);
  onProgress(`starting a lab with ${gateway} (seed ${seed})`);
  const lab = await launchLab({
    gateway,
    seed,
    fault: fault.id,
    programs: programsOf(plan.objects),
    takeSignals: options.takeSignals === true,
    onNotice: onProgress,
  });
  const settle = async (): Promise<readonly string[]> => {
    onProgress("waiting until the cluster has settled");
    const unsettled = await lab.ask("settle", { timeoutMs: plan.settleMs ?? defaultSettleMs });
    await sleep(plan.restMs ?? 0);
    return unsettled;
  };
  const send = (seconds: number, withSteps: boolean, round: number): Promise<Sent> => {
    onProgress(`sending traffic for ${seconds} s`);
    return lab.ask("traffic", { seconds, withSteps, seed: seed + round * 104_729 });
  };
  try {
    await lab.ask("apply", { objects: plan.objects });
    const unsettled = await settle();
    const seconds = options.seconds ?? plan.seconds;
    options.onTraffic?.(lab, plan);
    const sent = await send(seconds, true, 0);
    const again = async (): Promise<Sent> => {
      await settle();
      const isWhole = plan.repeatSteps === true;
      return send(isWhole ? seconds : Math.min(seconds, mendedSeconds), isWhole, 1);
    };
    return {
      fault,
      seed,
      gateway,
      plan,
      lab,
      unsettled,
      sent,
      mend: async () => {
        if (plan.mend === undefined) return undefined;
        onProgress("mending");
        await lab.ask("mend", null);
        return again();
      },
      again,
      stop: () => lab.stop(),
    };
  } catch (error) {
    await lab.stop().catch(() => {});
    throw error;
  }
}

/** Whether the client got one of the answers that the tool explains, or none at all. */
export const hasFailed = ({ status, error }: TriedRequest): boolean =>
  status === undefined ? error !== undefined : status >= 502 && status <= 504;
