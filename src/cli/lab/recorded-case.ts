import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Evidence } from "../../evidence/evidence.ts";
import { writeBundle } from "../../evidence/write-bundle.ts";
import { openSource } from "../../gather/open-source.ts";
import type { Asked } from "./asked.ts";
import { type KeptRun, keptRun, recordCommand } from "./kept-run.ts";
import { expectationOf } from "./truth.ts";

/** A case of the corpus, compressed. */
const mostBytes = 400 * 1024;

/** Where somebody's own files lie; what a container sees of itself (/usr, /dev) may be told. */
const ownPath = /(?<![\w.~-])\/(?:work|root|home|Users|tmp)\/[\w.-]+/;

/** The folder of a recorded run: of each fault one with its first gateway, and one with each other. */
export const recordedId = ({ fault, gateway }: Asked): string =>
  gateway === fault.gateways[0] ? `lab-${fault.id}` : `lab-${fault.id}-${gateway}`;

/** Why the evidence cannot be a case for its size; undefined when it can. */
export async function sizeProblem(evidence: Evidence, limitBytes = mostBytes): Promise<string | undefined> {
  const sizeBytes = await compressedBytes(evidence);
  return sizeBytes <= limitBytes
    ? undefined
    : `the bundle has ${Math.ceil(sizeBytes / 1024)} KB compressed, more than the ${limitBytes / 1024} KB of a case.`;
}

/** Why a kept run cannot be a case of the corpus, whatever its folder is named. */
export async function runProblems({ asked, bundle, failed }: KeptRun): Promise<string[]> {
  const isShown = asked.fault.causes.length === 0 || failed.some((request) => request.isOwn);
  const size = await sizeProblem(await openSource(bundle, {}));
  return [
    ...(isShown ? [] : ["no request failed for the fault's sake."]),
    ...(size === undefined ? [] : [size]),
    ...filesIn(bundle).flatMap((path) => {
      const found = ownPath.exec(readFileSync(path, "latin1"));
      return found === null ? [] : [`${path} names a path of one machine: ${found[0]}`];
    }),
  ];
}

/**
 * What is wrong with a recorded case as it lies in the corpus.
 * @throws UsageProblem when it cannot be read, or its fault is no longer made
 */
export async function caseProblems(folder: string): Promise<string[]> {
  const kept = keptRun(folder);
  const { asked, expectation } = kept;
  const id = basename(resolve(folder));
  const { recordedBy, ...stated } = expectation;
  const command = recordCommand(asked, id);
  return [
    ...(id === recordedId(asked) ? [] : [`its folder is to be named ${recordedId(asked)}.`]),
    ...(recordedBy === command ? [] : [`recordedBy is to be "${command}".`]),
    ...(isDeepStrictEqual(stated, { ...expectationOf(asked.fault, expectation), id })
      ? []
      : [`expect.json is not what the fault declares. Write it anew: npm run corpus:adopt -- corpus/${id}`]),
    ...(await runProblems(kept)),
  ];
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

async function compressedBytes(evidence: Evidence): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-case-"));
  try {
    const path = join(folder, "case.tar.gz");
    await writeBundle(evidence, path);
    return statSync(path).size;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
