import type { IncomingMessage } from "node:http";
import { StringDecoder } from "node:string_decoder";

/** A line longer than this is no object that we keep: a pod is 11 kB, a slice of 1,000 endpoints 400 kB. */
const longestLine = 4 << 20;

/** Calls `take` with each line of a body as it comes, too long ones left out; resolves when the body ends, for whatever reason. */
export function eachLine(incoming: IncomingMessage, take: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let isTooLong = false;
  return new Promise((resolve) => {
    incoming.on("data", (chunk: Buffer) => {
      const parts = (rest + decoder.write(chunk)).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        if (!isTooLong && part !== "") take(part);
        isTooLong = false;
      }
      if (rest.length > longestLine) {
        isTooLong = true;
        rest = "";
      }
    });
    incoming.on("error", () => resolve());
    incoming.on("close", () => resolve());
    incoming.on("end", () => resolve());
  });
}
