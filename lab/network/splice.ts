import type { Socket } from "node:net";

/** Joins two connections: bytes, ends and breaks of one side are those of the other. */
export function splice(near: Socket, far: Socket): void {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.pipe(to);
    from.on("error", () => breakOff(to));
    from.on("close", (hadError) => (hadError ? breakOff(to) : to.end()));
  }
}

/** The other side gets a reset, as it would have got without anyone in between. */
function breakOff(socket: Socket): void {
  if (socket.destroyed) return;
  // Socket files know no reset.
  if (socket.remoteFamily === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
