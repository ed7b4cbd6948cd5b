import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { expect, it } from "vitest";
import { isOfSameUser, ownerOf } from "../../../lab/machine/same-user.ts";

const header =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const line = (from: string, to: string, uid: number): string =>
  `   0: ${from} ${to} 01 00000000:00000000 00:00000000 00000000  ${uid}        0 1234 1 0000000000000000 20 4 30 10 -1`;

it("finds the user of a connection among all sockets", () => {
  const table = [
    header,
    line("0100007F:0050", "0100007F:C001", 33),
    line("0100007F:C001", "0100007F:0050", 1000),
    line("0000000000000000FFFF00000100007F:C002", "0000000000000000FFFF00000100007F:0050", 1001),
    line("0200000A:C003", "0100007F:0050", 7),
  ].join("\n");
  expect([0xc001, 0xc002, 0xc003, 0xc004].map((port) => ownerOf(table, port, 80))).toEqual([
    1000,
    1001,
    undefined,
    undefined,
  ]);
});

it("knows a connection of its own", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [socket] = (await once(server, "connection")) as [Socket];
  expect(isOfSameUser(socket)).toBe(true);
  client.destroy();
  server.close();
});
