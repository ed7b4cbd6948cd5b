import type { FixPlan } from "../report/fix-plan.ts";
import type { Call } from "./command.ts";
import { type Diagnosed, diagnosed } from "./diagnosed.ts";
import { standardStyle } from "./diagnose.ts";
import { exitCode } from "./exit-code.ts";
import { chosenChange } from "./fix/chosen-change.ts";
import { type FlagValues, requestFlags } from "./flags.ts";
import { typed, warn, writeOut } from "./output.ts";
import { standardProgress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";

export async function run(call: Call): Promise<number> {
  const { values, operands } = call;
  checkFlags(values);
  if (values.rollback === true) {
    const { rollback } = await import("./fix/rollback.ts");
    return rollback(call);
  }
  const progress = standardProgress(values.verbose === true);
  try {
    const before = await diagnosed(values, operands[0], progress);
    const { planFixes } = await import("../fix/plan.ts");
    const plan = planFixes(before.report, before.evidence);
    progress.end();
    if (values.apply === true) {
      const { apply } = await import("./fix/apply.ts");
      return await apply(call, plan, before, progress);
    }
    if (values.manifests !== undefined) {
      const { manifestsEdited } = await import("./fix/edit-manifests.ts");
      return await manifestsEdited(call, plan, before, values.manifests);
    }
    return await print(call, plan, before);
  } finally {
    progress.end();
  }
}

async function print(call: Call, plan: FixPlan, { report, target }: Diagnosed): Promise<number> {
  const { values } = call;
  const code = exitCode(report, target.kind !== "all");
  if (values.output === "json") {
    const { renderJson } = await import("../render/json.ts");
    await writeOut(renderJson(plan));
  } else if (values.output === "patch") {
    await writePatch(plan, values);
  } else {
    const { renderFixes } = await import("../render/fix-terminal.ts");
    await writeOut(renderFixes(plan, standardStyle(values)));
    const first = plan.targets.find((t) => t.first !== undefined);
    if (first !== undefined && values.from === undefined)
      await writeOut(`\nTo make change ${first.first}: ${call.program} fix ${typed(first.target)} --apply\n`);
  }
  return code;
}

/** Only the body goes to standard output, for a file; the command that takes it is told beside it. */
async function writePatch(plan: FixPlan, values: FlagValues): Promise<void> {
  const { patch, number } = chosenChange(plan, values.change);
  const { object, type, body } = patch;
  const { jsonText } = await import("../render/json.ts");
  await writeOut(jsonText(body));
  const { kubectl } = await import("../gather/cluster/problem.ts");
  if (type === "create")
    return void warn(`Change ${number}. Apply it with: ${kubectl("create -f FILE", values)}`);
  const where = object.namespace === undefined ? "" : ` -n ${typed(object.namespace)}`;
  const name = `${object.kind.toLowerCase()} ${typed(object.name)}${where}`;
  warn(
    `Change ${number}. Apply it with: ${kubectl(`patch ${name} --type ${type} --patch-file FILE`, values)}`,
  );
}

/** Of the change that is made, not of one that is printed. */
const withApply = ["yes", "no-verify", ...requestFlags] as const;

/** @throws UsageProblem for flags that do not go together */
function checkFlags(values: FlagValues): void {
  const { output, apply, from, manifests, rollback } = values;
  if (apply === true && from !== undefined)
    throw new UsageProblem("--apply changes a cluster, and --from reads a bundle: leave out one of them.");
  if (apply === true && manifests !== undefined)
    throw new UsageProblem("--apply changes the cluster and --manifests the files: one at a time.");
  if (output !== undefined && output !== "text" && manifests !== undefined)
    throw new UsageProblem(`-o ${output} prints what would be changed: leave out --manifests, or -o.`);
  if (output === "patch" && apply === true)
    throw new UsageProblem("-o patch prints a patch and changes nothing: leave out --apply, or -o.");
  if (rollback === true && (apply === true || manifests !== undefined || from !== undefined))
    throw new UsageProblem(
      "--rollback takes back a change made before: leave out --apply, --manifests and --from.",
    );
  if (apply === true || rollback === true) return;
  const misplaced = withApply.find((name) => values[name] !== undefined);
  if (misplaced !== undefined) throw new UsageProblem(`--${misplaced} is for --apply.`);
}
