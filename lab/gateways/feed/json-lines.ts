import type { Socket } from "node:net";
import { createInterface } from "node:readline";

/** Calls back for every JSON text of a connection; what is none is left out. */
export function onJsonLines(socket: Socket, receive: (value: unknown) => void): void {
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  lines.on("line", (line) => {
    const value = parsed(line);
    if (value !== undefined) receive(value);
  });
  // The socket tells of its own end.
  lines.on("error", () => {});
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
