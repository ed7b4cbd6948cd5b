import type { ProbeReport } from "../../report/probe-report.ts";
import { parseTarget, type Target } from "../../target/target.ts";
import type { Call } from "../command.ts";
import { durationMs } from "../duration.ts";
import type { Progress } from "../progress.ts";
import { UsageProblem } from "../usage-problem.ts";
import { addressOf, methodOf } from "../verify/numbers.ts";
import { backgroundOf } from "./background.ts";
import { nextCommand } from "./next-command.ts";
import { probed } from "./probed.ts";
import { requestOf } from "./request-of.ts";

/** Longer than the minute that most gateways wait for a response, so that their 504 is seen. */
export const defaultDeadlineMs = 75_000;

/**
 * Asks what the command line names.
 * @throws UsageProblem, BadTarget; ClusterProblem when the target is an object of a cluster that cannot be read
 */
export async function probeOf({ values, operands, program }: Call, progress: Progress): Promise<ProbeReport> {
  const method = methodOf(values) ?? "GET";
  if (method !== "GET" && method !== "HEAD")
    throw new UsageProblem(`--method ${method}: a probe only reads; it sends GET or HEAD.`);
  const deadlineMs =
    values["max-time"] === undefined ? defaultDeadlineMs : durationMs(values["max-time"], "--max-time");
  const given =
    values["connect-to"] === undefined ? undefined : addressOf(values["connect-to"], "--connect-to");
  const target = parseTarget(operands[0], values.namespace);
  refuseCredentials(target);
  const background = await backgroundOf(values, target, progress);
  try {
    const { url, gateway = undefined } = requestOf(target, values, background);
    const at = given ?? gateway;
    return await probed(
      { method, url, isInsecure: values.insecure === true, deadlineMs },
      {
        ...background,
        ...(at === undefined ? {} : { gateway: at }),
        isConnectToGiven: given !== undefined,
        next: nextCommand(program, values, url),
      },
      progress,
    );
  } finally {
    background.connection?.agent.destroy();
  }
}

function refuseCredentials(target: Target): void {
  if (target.kind !== "url") return;
  const url = URL.parse(target.text.includes("://") ? target.text : `http://${target.text}`);
  if ((url?.username ?? "") === "" && (url?.password ?? "") === "") return;
  throw new UsageProblem(
    "the URL holds a user or a password: leave them out, they would be sent to every hop.",
  );
}
