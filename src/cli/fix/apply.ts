import { type TriedChange, makeChange, tryChange } from "../../act/apply-change.ts";
import { isWorkload, rolledOut } from "../../act/rollout.ts";
import { visible } from "../../base/text.ts";
import type { JsonObject } from "../../base/json-value.ts";
import { managedBy, managedText } from "../../fix/managed-by.ts";
import { findObject } from "../../fix/find-object.ts";
import { connect } from "../../gather/cluster/connection.ts";
import { type AppliedReport, appliedSchema } from "../../report/applied-report.ts";
import type { FixPlan } from "../../report/fix-plan.ts";
import type { Call } from "../command.ts";
import type { Diagnosed } from "../diagnosed.ts";
import { standardStyle } from "../diagnose.ts";
import { clusterOptions } from "../evidence-from.ts";
import { warn, writeOut } from "../output.ts";
import type { Progress } from "../progress.ts";
import { verdictExitCode } from "../verify/exit.ts";
import { plannedVerification, verified, withBefore } from "../verify/verification.ts";
import { chosenChange, type DoableChange } from "./chosen-change.ts";
import { confirmed } from "./confirm.ts";

/** Tries, shows, asks, keeps, writes, waits, verifies. */
export async function apply(
  call: Call,
  plan: FixPlan,
  before: Diagnosed,
  progress: Progress,
): Promise<number> {
  const { values, program } = call;
  const change = chosenChange(plan, values.change);
  // What verification needs is settled before anything is changed: a bad flag must not be found out afterwards.
  const verification =
    values["no-verify"] === true
      ? undefined
      : plannedVerification(values, before, change.target, change.cause);
  const connection = await connect(clusterOptions(values));
  try {
    progress.phase("trying the change");
    const tried = await tryChange(connection, change.patch, diagnosedObject(before, change));
    progress.end();
    if (tried.made.length === 0) {
      warn(visible(`Nothing to do: ${change.title} is so already.`));
      return 2;
    }
    const asJson = values.output === "json";
    const keeper = tried.before === undefined ? undefined : managedBy(tried.before);
    const warnings = [...tried.warnings, ...(keeper === undefined ? [] : [managedText(keeper)])];
    const { renderTried } = await import("../../render/applied-terminal.ts");
    const shown = renderTried(
      { ...change, diff: tried.diff },
      connection.contextName,
      warnings,
      standardStyle(values),
    );
    if (asJson) warn(shown.trimEnd());
    else await writeOut(shown);
    if (!(await confirmed("Make this change?", program, values.yes === true))) {
      warn("Nothing was changed.");
      return 2;
    }
    const measured = verification === undefined ? undefined : await withBefore(verification, progress);
    const entry = await makeChange(
      connection,
      tried,
      { target: change.target, cause: change.cause, title: change.title },
      new Date(),
    );
    warn(`Changed. To take it back: ${program} fix --rollback ${entry.id}`);
    const isOut = await waited(connection, tried, progress);
    const verify = measured === undefined ? undefined : await verified(measured, connection, progress, true);
    progress.end();
    const { title, cause, target } = change;
    const applied: AppliedReport = {
      schema: appliedSchema,
      act: "applied",
      id: entry.id,
      target,
      cause,
      title,
      object: change.patch.object,
      diff: tried.diff,
      warnings,
      ...(isOut === undefined ? {} : { rolledOut: isOut }),
      ...(verify === undefined ? {} : { verify }),
    };
    await writeOut(await rendered(applied, call));
    return verify === undefined ? (isOut === false ? 2 : 0) : verdictExitCode(verify.verdict);
  } finally {
    connection.agent.destroy();
  }
}

function diagnosedObject({ evidence }: Diagnosed, { patch }: DoableChange): JsonObject | undefined {
  const found = findObject(evidence, patch.object);
  return found.state === "present" ? found.value : undefined;
}

async function waited(
  connection: Parameters<typeof rolledOut>[0],
  { write }: TriedChange,
  progress: Progress,
): Promise<boolean | undefined> {
  if (!isWorkload(write.object)) return undefined;
  progress.phase(`waiting for the rollout of ${write.object.kind} ${write.object.name}`);
  return rolledOut(connection, write.object);
}

async function rendered(applied: AppliedReport, { values, program }: Call): Promise<string> {
  if (values.output === "json") {
    const { renderJson } = await import("../../render/json.ts");
    return renderJson(applied);
  }
  const { renderApplied } = await import("../../render/applied-terminal.ts");
  return renderApplied(applied, program, standardStyle(values));
}
