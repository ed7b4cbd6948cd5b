import { visible } from "../../base/text.ts";

/** A line on standard error for each thing a run does, with the seconds since its beginning. */
export function tellProgress(prefix = ""): (text: string) => void {
  const startMs = performance.now();
  return (text) => {
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1).padStart(5);
    process.stderr.write(`${prefix}${seconds} s  ${visible(text)}\n`);
  };
}
