import { judge, type Judged } from "../../../bench/scoring/judge.ts";
import { type Tally, tallyOf, tallyTable } from "../../../lab/load/tally.ts";
import { commandOf, hasFailed, type Run, runFault } from "../../../lab/run/run-fault.ts";
import { renderTerminal } from "../../render/terminal.ts";
import type { Call } from "../command.ts";
import { standardStyle } from "../diagnose.ts";
import { warn, writeOut } from "../output.ts";
import { askedRun, isJson } from "./asked.ts";
import { type Attribution, attributionOf } from "./attribution.ts";
import { diagnoseLab } from "./diagnosis.ts";
import { failedOf } from "./failed-request.ts";
import { tellProgress } from "./tell-progress.ts";
import { expectationOf } from "./truth.ts";

/** Makes a fault happen, diagnoses it live, says how right that was, mends it. */
export async function run(call: Call): Promise<number> {
  const asked = askedRun(call);
  const asJson = isJson(call.values);
  const tell = tellProgress();
  let lab: Run | undefined;
  try {
    lab = await runFault(asked.fault, { ...asked, takeSignals: true, onProgress: tell });
    const { fault, plan, sent } = lab;
    tell("diagnosing");
    const { report, explained } = await diagnoseLab(lab.lab, plan);
    const verdict = judge(expectationOf(fault, plan), report);
    const attribution = attributionOf(fault, failedOf(plan, sent), report, explained);
    const tally = tallyOf(sent.tried);
    if (!asJson) {
      const style = { style: standardStyle(call.values), verbose: call.values.verbose === true };
      await writeOut(
        `${fault.title} (seed ${asked.seed}, ${asked.gateway}).\n\nWhat the clients saw:\n\n${tallyTable(tally)}\n\n`,
      );
      await writeOut(`$ why5xx ${plan.target}\n\n${renderTerminal(report, style)}\n`);
      await writeOut(verdictText(verdict, attribution));
    }
    const mended = (await lab.mend())?.tried;
    const stillFailing = mended?.filter(hasFailed).length ?? 0;
    if (asJson) {
      const after = mended === undefined ? {} : { mended: tallyOf(mended) };
      const { seed, gateway } = asked;
      const all = { fault: fault.id, seed, gateway, tally, report, verdict, attribution, ...after };
      await writeOut(`${JSON.stringify(all, null, 2)}\n`);
    } else if (mended !== undefined) await writeOut(mendedText(tallyOf(mended), stillFailing));
    return isRight(verdict) && stillFailing === 0 ? 0 : 1;
  } catch (error) {
    warn(`Repeat it with: ${commandOf(asked)}`);
    throw error;
  } finally {
    await lab?.stop();
  }
}

export const isRight = ({ top1, falselyAccused }: Judged): boolean => top1 && falselyAccused.length === 0;

function verdictText(verdict: Judged, { failed, unanswered, own, right, wrong }: Attribution): string {
  const lines = [
    `Truth     ${verdict.expected}`,
    `Verdict   ${verdict.said}`,
    `          ${isRight(verdict) ? "right" : verdict.abstained ? "not found" : "wrong"}`,
    `Requests  ${right} of ${failed} failed requests rightly attributed (${own} failed for the fault's sake, ${unanswered} got no answer), ${wrong} to what is not true of them`,
  ];
  return `${lines.join("\n")}\n\n`;
}

function mendedText(tally: Tally, stillFailing: number): string {
  const end = stillFailing === 0 ? "The failures have stopped." : `${stillFailing} requests still failed.`;
  return `After it was mended:\n\n${tallyTable(tally)}\n\n${end}\n`;
}
