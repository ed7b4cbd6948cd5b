import type { AppSignal, AppSignalKind } from "../traffic.ts";

/** Details a rule reads out of a line. */
export type AppDetails = Partial<Pick<AppSignal, "address" | "port" | "peer" | "detail">>;

/** Words of an application's log and what they mean. The first rule that matches a line names its kind. */
export interface AppRule {
  readonly kind: AppSignalKind;
  readonly words: RegExp;
  /** Lines that match this as well are not meant. */
  readonly unless?: RegExp;
  /** Lines for which it says no are not meant: for numbers, which words cannot compare. */
  readonly when?: (match: RegExpExecArray) => boolean;
  /** `text` is the whole message, for what stands elsewhere in it. */
  readonly details?: (match: RegExpExecArray, text: string) => AppDetails;
  /** Only counts before the process said that it listens or has started: later such words are of one request. */
  readonly atStart?: true;
}

/** Rules of one topic. */
export interface AppTopic {
  /** Every line that a rule of the topic matches has one of these, in any case; four characters or more. */
  readonly stems: readonly string[];
  readonly rules: readonly AppRule[];
}

/** An object without its undefined values, as exact optional properties ask for. */
export function known(details: { [K in keyof AppDetails]: AppDetails[K] | undefined }): AppDetails {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)) as AppDetails;
}
