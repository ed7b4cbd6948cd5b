import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeReply, parseQuestion } from "../../../lab/network/dns/message.ts";

/** "cart." A IN, with EDNS for 4096 bytes and the DO bit. */
const withEdns = Buffer.from(
  "1234" +
    "0100" +
    "0001000000000001" +
    "046361727400" +
    "00010001" +
    "00" +
    "0029" +
    "1000" +
    "00008000" +
    "0000",
  "hex",
);

describe("DNS messages", () => {
  it("reads a question and its extension", () => {
    expect(parseQuestion(withEdns)).toMatchObject({
      id: 0x1234,
      name: "cart.",
      type: 1,
      recursionDesired: true,
      bufferSize: 4096,
      dnssecOk: true,
      sizeBytes: withEdns.length,
    });
  });

  it("cuts an answer that is too long to none, and says so", () => {
    const question = parseQuestion(withEdns)!;
    const record = { name: "cart.", ttl: 30, data: { type: "A", address: "10.42.1.1" } as const };
    const reply = {
      rcode: "NOERROR",
      answers: Array.from({ length: 40 }, () => record),
      authority: [],
      isAuthoritative: true,
    } as const;
    const cut = encodeReply(question, reply, 512);
    expect([cut.readUInt16BE(2) & 0x0200, cut.readUInt16BE(6)]).toEqual([0x0200, 0]);
    const whole = encodeReply(question, reply, 4096);
    expect([whole.readUInt16BE(2) & 0x0200, whole.readUInt16BE(6)]).toEqual([0, 40]);
  });

  it("answers no message that is none, and never throws", () => {
    const cutOff = Array.from({ length: withEdns.length - 12 }, (_, n) => withEdns.subarray(0, n));
    for (const message of cutOff) expect(parseQuestion(message)).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const message = Buffer.concat([Buffer.from("000101000001000000000000", "hex"), bytes]);
        // The question it finds, if any, is all inside the message.
        expect(parseQuestion(message)?.wire.length ?? 0).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
