"""A faulty wire: frames between two pods come here instead of to the other pod, and are passed on late, or not.

Runs in a network namespace of its own with one device, eth0. Reads the disturbance and the hardware
addresses of both ends as one line of JSON from stdin, says "up", works until stdin ends.
"""

import heapq
import json
import random
import select
import socket
import struct
import sys
import time

SOL_PACKET, PACKET_VNET_HDR, PACKET_OUTGOING = 263, 15, 4
IPV4, TCP = 0x0800, 6
SYN, RST, ACK = 0x02, 0x04, 0x10
# struct virtio_net_hdr: keeps what the kernel has not yet done to a frame (checksum, segments).
VNET = 10
ETHERNET = 14


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Segment:
    """What is looked at of a TCP segment."""

    def __init__(self, packet):
        header = (packet[0] & 0x0F) * 4
        self.source, self.target = packet[12:16], packet[16:20]
        tcp = packet[header:]
        self.sport, self.dport, self.seq, self.ack = struct.unpack("!HHII", tcp[:12])
        self.flags = tcp[13]
        total = struct.unpack("!H", packet[2:4])[0] or len(packet)
        self.size = max(0, total - header - (tcp[12] >> 4) * 4)
        ends = ((self.source, self.sport), (self.target, self.dport))
        self.flow = (min(ends), max(ends))


def reset(source, target, sport, dport, seq, ack, flags):
    tcp = struct.pack("!HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 0, 0, 0)
    pseudo = source + target + struct.pack("!BBH", 0, TCP, len(tcp))
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, TCP, 0) + source + target
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + tcp


class Wire:
    def __init__(self, settings, send):
        self.settings, self.send = settings, send
        self.chance = random.Random(settings.get("seed", 1))
        self.seen, self.carried, self.dead = {}, {}, {}

    def fate(self, segment, now):
        """"pass", "lose" or "reset", by what the flow has been through."""
        flow, idle = segment.flow, self.settings.get("idle")
        if segment.flags & SYN and not segment.flags & ACK:
            self.carried[flow] = 0
            self.dead.pop(flow, None)
        last, self.seen[flow] = self.seen.get(flow, now), now
        if idle and flow not in self.dead and now - last > idle["ms"] / 1000:
            self.dead[flow] = "reset" if idle["answer"] == "reset" else "lose"
        self.carried[flow] = self.carried.get(flow, 0) + segment.size
        limit = self.settings.get("resetAfterBytes")
        if limit is not None and flow not in self.dead and self.carried[flow] >= limit > 0:
            self.dead[flow] = "reset"
        if limit == 0:
            return "reset"
        return self.dead.get(flow, "pass")

    def break_off(self, segment):
        """Both ends are told, each as if by the other."""
        if segment.flags & RST:
            return
        s = segment
        if s.flags & ACK:
            self.send(reset(s.target, s.source, s.dport, s.sport, s.ack, 0, RST), s.source)
            self.send(reset(s.source, s.target, s.sport, s.dport, s.seq, s.ack, RST | ACK), s.target)
        else:
            self.send(reset(s.target, s.source, s.dport, s.sport, 0, s.seq + s.size + 1, RST | ACK), s.source)

    def delay(self):
        jitter = self.settings.get("jitterMs", 0)
        return (self.settings.get("delayMs", 0) + self.chance.uniform(0, jitter)) / 1000

    def loses(self):
        return self.chance.random() < self.settings.get("lossRatio", 0)


def main():
    settings = json.loads(sys.stdin.readline())
    hardware = {socket.inet_aton(a): bytes.fromhex(m.replace(":", "")) for a, m in settings["ends"].items()}
    line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(IPV4))
    line.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    line.bind(("eth0", IPV4))
    own = line.getsockname()[4]
    due, count = [], 0

    def put(frame):
        try:
            line.send(frame)
        except OSError:
            pass  # The device is going away, or the frame is one that no wire would carry.

    def send(packet, target):
        put(bytes(VNET) + hardware[target] + own + struct.pack("!H", IPV4) + packet)

    wire = Wire(settings, send)
    print("up", flush=True)
    while True:
        wait = max(0, due[0][0] - time.monotonic()) if due else None
        ready, _, _ = select.select([line, sys.stdin], [], [], wait)
        now = time.monotonic()
        while due and due[0][0] <= now:
            put(heapq.heappop(due)[2])
        if sys.stdin in ready and not sys.stdin.readline():
            return
        if line not in ready:
            continue
        frame, sender = line.recvfrom(VNET + ETHERNET + 65536)
        packet = frame[VNET + ETHERNET :]
        if sender[2] == PACKET_OUTGOING or len(packet) < 20 or packet[16:20] not in hardware:
            continue
        if packet[9] == TCP and len(packet) >= 40:
            segment = Segment(packet)
            fate = wire.fate(segment, now)
            if fate == "reset":
                wire.break_off(segment)
            if fate != "pass":
                continue
        if wire.loses():
            continue
        count += 1
        passed = frame[:VNET] + hardware[packet[16:20]] + own + frame[VNET + 12 :]
        heapq.heappush(due, (now + wire.delay(), count, passed))


main()
