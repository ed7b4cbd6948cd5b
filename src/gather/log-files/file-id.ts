import type { BigIntStats } from "node:fs";

/** Tells two files apart, and one file under two names from two. */
export const fileIdOf = (stat: BigIntStats): string => `${stat.dev}:${stat.ino}`;

/** The same over time: a file system gives a new file the number of one that was removed. */
export const lastingIdOf = (stat: BigIntStats): string => `${fileIdOf(stat)}:${stat.birthtimeNs}`;

/** What a failed read means, without the path the operating system repeats. */
export function failureOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "it is not there";
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  return error instanceof Error ? error.message : String(error);
}
