import { visible } from "../base/text.ts";

/** Errors whose message is written for the person who typed the command. */
const toldAsTheyAre = new Set([
  "UsageProblem",
  "LogInputProblem",
  "BadTarget",
  "TargetNotFound",
  "SourceProblem",
  "ClusterProblem",
  "PrometheusProblem",
  "ActProblem",
  "NoReply",
  "LabProblem",
]);

/** What standard error says of an error; messages may quote a cluster or a file, so they are escaped. */
export function failureText(error: unknown, program: string, isDebug: boolean): string {
  const { name, message, stack } = asError(error);
  const safe = message.split("\n").map(visible).join("\n");
  const trace = isDebug && stack !== undefined ? `\n${stack.split("\n").map(visible).join("\n")}` : "";
  if (toldAsTheyAre.has(name)) return `why5xx: ${safe}${trace}`;
  const report = isDebug
    ? "This is a bug in why5xx. Please report it with the lines above."
    : `This is a bug in why5xx. Please report it with what this prints: ${program} … --debug`;
  return `why5xx: internal error: ${safe}${trace}\n${report}`;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
