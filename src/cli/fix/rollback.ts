import { AsBefore } from "../../act/act-problem.ts";
import { entryToUndo, type JournalEntry } from "../../act/journal.ts";
import { makeUndo, tryUndo } from "../../act/undo-change.ts";
import { isWorkload, rolledOut } from "../../act/rollout.ts";
import { visible } from "../../base/text.ts";
import { connect } from "../../gather/cluster/connection.ts";
import { type AppliedReport, appliedSchema } from "../../report/applied-report.ts";
import type { Call } from "../command.ts";
import { standardStyle } from "../diagnose.ts";
import { clusterOptions } from "../evidence-from.ts";
import { warn, writeOut } from "../output.ts";
import { confirmed } from "./confirm.ts";

/** Takes back the last change of this cluster, or the one that was named. */
export async function rollback({ values, operands, program }: Call): Promise<number> {
  const connection = await connect(clusterOptions(values));
  const { renderJson } = await import("../../render/json.ts");
  try {
    const entry = entryToUndo(connection.server.href, operands[0]);
    const done = doneReport(entry);
    const tried = await tryUndo(connection, entry).catch((error: unknown) => {
      if (error instanceof AsBefore) return error;
      throw error;
    });
    if (tried instanceof AsBefore) {
      warn(visible(tried.message));
      if (values.output === "json") await writeOut(renderJson({ ...done, warnings: [tried.message] }));
      return 0;
    }
    const { id, object } = entry;
    const { title } = done;
    const style = standardStyle(values);
    const { renderTried } = await import("../../render/applied-terminal.ts");
    const shown = renderTried({ title, diff: tried.diff }, connection.contextName, tried.warnings, style);
    if (values.output === "json") warn(shown.trimEnd());
    else await writeOut(shown);
    if (!(await confirmed("Take the change back?", program, values.yes === true))) {
      warn("Nothing was changed.");
      return 2;
    }
    await makeUndo(connection, tried, entry);
    warn(`Taken back: ${id}.`);
    const isOut = isWorkload(object) ? await rolledOut(connection, object) : undefined;
    if (values.output === "json") {
      const { diff, warnings } = tried;
      const rolledOutNow = isOut === undefined ? {} : { rolledOut: isOut };
      await writeOut(renderJson({ ...done, diff, warnings, ...rolledOutNow }));
    }
    return isOut === false ? 2 : 0;
  } finally {
    connection.agent.destroy();
  }
}

const doneReport = ({ id, target, cause, object, title }: JournalEntry): AppliedReport => ({
  schema: appliedSchema,
  act: "rolled-back",
  id,
  target,
  cause,
  title: `Take back: ${title}`,
  object,
  diff: [],
  warnings: [],
});
