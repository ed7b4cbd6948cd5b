import { type Counted, failureInterval } from "../base/statistics/fall.ts";
import { version } from "../base/version.ts";
import { type CountedRate, type VerifyReport, verifySchema } from "../report/verify-report.ts";
import type { Failing } from "./failing-request.ts";
import { type Judgement, judgeRate, type Measured } from "./judge-rate.ts";

/** What is known of the time before. */
export type Before =
  | { readonly kind: "counted"; readonly counted: Counted; readonly source: string }
  /** The request was sent in the same way before the change, and did not fail. */
  | { readonly kind: "unshown"; readonly requests: number }
  | Exclude<Failing, { readonly kind: "found" }>;

export interface MeasuredAnswers extends Measured {
  readonly seconds: number;
  readonly answers: VerifyReport["after"]["answers"];
  readonly settling?: NonNullable<VerifyReport["settling"]>;
}

interface Plan {
  readonly target: string;
  readonly shot: {
    readonly method: string;
    readonly url: URL;
    readonly connectTo?: { readonly host: string; readonly port: number };
  };
  readonly perSecond: number;
  readonly before: Before;
  readonly lacksRollout: boolean;
  readonly lacksIdleness: boolean;
}

/** Puts the counts before and after side by side and says what follows. */
export function verifyReport(
  plan: Plan,
  measured: MeasuredAnswers,
  { startedAt, isRolloutOver }: { readonly startedAt: string; readonly isRolloutOver: boolean },
): VerifyReport {
  const { target, shot, perSecond, before } = plan;
  const counted = before.kind === "counted" ? before.counted : undefined;
  const judged = judgeRate(counted, measured);
  const { verdict, why, luck, neededRequests } = withDoubts(judged, plan, isRolloutOver);
  const { requests, failed, seconds, answers, settling } = measured;
  const { connectTo, method, url } = shot;
  return {
    schema: verifySchema,
    tool: { version },
    target,
    request: {
      method,
      url: url.href,
      ...(connectTo === undefined ? {} : { connectTo: addressText(connectTo) }),
      perSecond,
    },
    startedAt,
    ...(before.kind === "counted" ? { before: { ...rateOf(before.counted), source: before.source } } : {}),
    after: { ...rateOf({ requests, failed }), seconds, answers },
    ...(settling === undefined ? {} : { settling }),
    verdict,
    why,
    ...(luck === undefined ? {} : { luck }),
    ...(neededRequests === undefined || !Number.isFinite(neededRequests)
      ? {}
      : { needed: { requests: neededRequests, seconds: neededRequests / perSecond } }),
  };
}

/** Reasons for which no failure is no proof. */
function withDoubts(judged: Judgement, plan: Plan, isRolloutOver: boolean): Judgement {
  if (judged.verdict === "not-fixed") return judged;
  const doubt = doubtOf(plan, isRolloutOver);
  return doubt === undefined ? judged : { verdict: "cannot-tell", why: doubt };
}

function doubtOf({ before, lacksRollout, lacksIdleness }: Plan, isRolloutOver: boolean): string | undefined {
  if (!isRolloutOver) return "the time was over before the rollout was";
  if (lacksRollout)
    return 'none failed, but these failures come when pods are replaced, and none was: --during "rollout restart deployment/NAME" replaces them meanwhile';
  if (lacksIdleness)
    return "none failed, but these failures strike connections that were idle, and requests at a steady pace leave none idle: --idle 5s lets connections rest that long before each request (as long as the application keeps them), or look at the gateway's log after an hour of ordinary traffic";
  if (before.kind === "unshown")
    return `none failed, but none of ${before.requests} did before the change either, on connections that were idle as long: --idle takes the time after which the application closes them`;
  if (before.kind === "others" && before.methods.length > 0)
    return `none failed, but what failed was ${before.methods.join(" and ")}, which gateways do not try again as they do GET: --method ${before.methods[0]} sends that, where it does no harm`;
  if (before.kind === "others")
    return `none failed, but none had for clients: ${before.masked} failures were hidden by a second try, which a client cannot see`;
  if (before.kind === "unread")
    return `none failed, but how often they failed before is not known (${before.reason}): say it with --before FAILED/REQUESTS`;
  if (before.kind === "none")
    return `none failed, but none of ${before.requests} had in the log that was read: give the time before with --from, --since or --before FAILED/REQUESTS`;
  return undefined;
}

const rateOf = (counted: Counted): CountedRate => {
  const { low, high } = failureInterval(counted);
  return { requests: counted.requests, failed: counted.failed, low, high };
};

const addressText = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;
