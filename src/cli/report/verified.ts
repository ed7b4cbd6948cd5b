import { readFileSync } from "node:fs";
import { isObject, type JsonObject } from "../../base/json-value.ts";
import { type VerifyReport, verifySchema } from "../../report/verify-report.ts";
import { UsageProblem } from "../usage-problem.ts";

const verdicts = ["fixed", "not-fixed", "cannot-tell"];

/** What `verify -o json` printed. @throws UsageProblem for anything else */
export function readVerified(path: string): VerifyReport {
  let value: unknown;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageProblem(
      `${path} cannot be read: ${(error instanceof Error ? error.message : String(error)).split("\n")[0]}`,
    );
  }
  try {
    value = JSON.parse(text);
  } catch {
    throw notOurs(path, "it is not JSON");
  }
  if (!isObject(value) || value["schema"] !== verifySchema)
    throw notOurs(path, `its schema is not ${verifySchema}`);
  const lacking = lackingIn(value);
  if (lacking !== undefined) throw notOurs(path, `${lacking} is missing or of another type`);
  return value as unknown as VerifyReport;
}

/** The first field that a report of verify has and this has not. */
function lackingIn(value: JsonObject): string | undefined {
  const { target, why, verdict, request, after, before, luck, needed, layers } = value;
  if (typeof target !== "string") return "target";
  if (typeof why !== "string") return "why";
  if (typeof verdict !== "string" || !verdicts.includes(verdict)) return "verdict";
  if (!isObject(request) || typeof request["method"] !== "string" || typeof request["url"] !== "string")
    return "request";
  if (typeof request["perSecond"] !== "number") return "request.perSecond";
  if (!isCount(after) || typeof after["seconds"] !== "number") return "after";
  if (before !== undefined && (!isCount(before) || typeof before["source"] !== "string")) return "before";
  if (luck !== undefined && typeof luck !== "number") return "luck";
  if (layers !== undefined && !hasSentence(layers)) return "layers";
  return needed === undefined || hasNeeds(needed) ? undefined : "needed";
}

const hasSentence = (layers: unknown): boolean =>
  isObject(layers) && isObject(layers["verdict"]) && typeof layers["verdict"]["sentence"] === "string";

const hasNeeds = (needed: unknown): boolean =>
  isObject(needed) && typeof needed["requests"] === "number" && typeof needed["seconds"] === "number";

const isCount = (value: unknown): value is JsonObject =>
  isObject(value) && typeof value["requests"] === "number" && typeof value["failed"] === "number";

const notOurs = (path: string, why: string): UsageProblem =>
  new UsageProblem(`${path} is no result of verify: ${why}. Write one with: verify TARGET -o json > ${path}`);
