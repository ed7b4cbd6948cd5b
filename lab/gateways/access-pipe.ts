import { execFileSync } from "node:child_process";
import { constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";

/**
 * A named pipe that a gateway logs to: /dev/stdout cannot be opened where a container's stdout is a socket.
 * It is held open for both ways, so that it does not end between two writers.
 */
export function openPipe(path: string, onBytes: (bytes: Buffer) => void): () => void {
  rmSync(path, { force: true });
  execFileSync("mkfifo", [path]);
  const socket = new Socket({
    fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
  socket.on("data", onBytes);
  return () => socket.destroy();
}
