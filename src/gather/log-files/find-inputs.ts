import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import type { Loss } from "../../evidence/evidence.ts";
import { reasonToLeaveOut } from "./content.ts";
import { failureOf, fileIdOf, lastingIdOf } from "./file-id.ts";
import { LeftOut } from "./left-out.ts";
import type { LogInput } from "./log-input.ts";
import { lookInto } from "./look-into.ts";
import { LogInputProblem } from "./problem.ts";
import { walk } from "./walk.ts";
import { quoted, wrongPath } from "./wrong-path.ts";

/** Where messages say a log comes from when it is standard input. */
export const stdinName = "standard input";

interface Finding {
  readonly inputs: LogInput[];
  readonly losses: Loss[];
  /** By device and inode: the name under which the file is read. */
  readonly nameOf: Map<string, string>;
}

/**
 * The logs that paths mean: each a file, a folder and all below it, or "-" for standard input. What a
 * file is goes by its bytes; of a folder only what looks like a log is taken, and what is left out is
 * told as a loss. A file that two paths lead to is read once.
 *
 * Throws LogInputProblem for a path that is not there, and when nothing is left to read.
 */
export async function findLogInputs(
  paths: readonly string[],
): Promise<{ inputs: LogInput[]; losses: Loss[] }> {
  if (paths.filter((path) => path === "-").length > 1)
    throw new LogInputProblem("standard input (-) was named twice. Type it once: … | why5xx logs -");
  const finding: Finding = { inputs: [], losses: [], nameOf: new Map() };
  for (const path of paths) {
    if (path === "-") finding.inputs.push({ name: stdinName, codec: "none" });
    else await findOne(path, finding);
  }
  if (finding.inputs.length === 0) throw nothingToRead(paths, finding.losses);
  return { inputs: finding.inputs, losses: finding.losses };
}

async function findOne(path: string, finding: Finding): Promise<void> {
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw wrongPath(path, error);
  });
  if (found.isDirectory()) return findBelow(path, finding);
  // Pipes and terminals are used up by a look, so what they are is seen when they are read.
  if (!found.isFile()) {
    finding.inputs.push({ name: path, path, codec: "none" });
    return;
  }
  const first = claim(path, found, finding);
  if (first !== undefined) {
    finding.losses.push({ what: path, why: `is the same file as ${first}: read once` });
    return;
  }
  const look = await lookInto(path).catch((error: unknown) => {
    throw wrongPath(path, error);
  });
  const reason = look.archive === undefined ? reasonToLeaveOut(path, look.head, "named") : undefined;
  if (reason === undefined) finding.inputs.push(inputOf(path, found, look));
  else finding.losses.push({ what: path, why: reason });
}

async function findBelow(folder: string, finding: Finding): Promise<void> {
  const leftOut = new LeftOut();
  for await (const { path, stat: found, isOutside } of walk(folder, leftOut)) {
    if (finding.nameOf.has(fileIdOf(found))) {
      leftOut.add(path, "is the same file as another one that was found: read once");
      continue;
    }
    try {
      const look = await lookInto(path);
      const asked = isOutside ? "foreign" : "found";
      const reason = look.archive === undefined ? reasonToLeaveOut(path, look.head, asked) : undefined;
      if (reason === undefined) {
        claim(path, found, finding);
        finding.inputs.push(inputOf(path, found, look));
      } else leftOut.add(path, reason);
    } catch (error) {
      leftOut.add(path, `could not be read: ${failureOf(error)}`);
    }
  }
  leftOut.tell((loss) => finding.losses.push(loss));
}

/** The name under which the same file is read already, if it is. */
function claim(path: string, found: BigIntStats, { nameOf }: Finding): string | undefined {
  const first = nameOf.get(fileIdOf(found));
  if (first === undefined) nameOf.set(fileIdOf(found), path);
  return first;
}

function inputOf(
  path: string,
  found: BigIntStats,
  { codec, archive, encoding }: Pick<LogInput, "codec" | "archive" | "encoding">,
): LogInput {
  return {
    name: path,
    path,
    codec,
    ...(archive === undefined ? {} : { archive }),
    ...(encoding === undefined ? {} : { encoding }),
    sizeBytes: Number(found.size),
    fileId: lastingIdOf(found),
  };
}

function nothingToRead(paths: readonly string[], losses: readonly Loss[]): LogInputProblem {
  const where = paths.join(", ");
  const reasons = losses.map(({ what, why }) => `\n  ${what} ${why}`).join("");
  const next =
    paths.length === 0
      ? "Name one, or pipe one in: kubectl logs deploy/ingress-nginx-controller -n ingress-nginx | why5xx logs -"
      : `Name a log file, or see what is there with: ls -l ${paths.map(quoted).join(" ")}`;
  return new LogInputProblem(`no log to read${where === "" ? "" : ` in ${where}`}.${reasons}\n${next}`);
}
