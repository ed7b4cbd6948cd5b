import { ip } from "../run.ts";
import { type Disturbance, openWire, type Wire } from "./open-wire.ts";

/** All faulty wires of the network, by the names of their ends. */
export interface Wires {
  /** @throws Error when there is one between them */
  put(from: string, to: string, disturbance: Disturbance): Promise<() => Promise<void>>;
  /** Call when this pod is attached. */
  plugIn(pod: string): Promise<void>;
  /** Call when it is not any more. */
  unplug(pod: string): Promise<void>;
  close(): Promise<void>;
}

interface End {
  readonly address: string;
  /** A process of the pod's namespace. */
  readonly pid: number;
}

interface Laid {
  readonly ends: readonly [string, string];
  readonly disturbance: Disturbance;
  wire?: Wire;
}

export function openWires(endOf: (pod: string) => End | undefined): Wires {
  const laid = new Set<Laid>();
  let count = 0;

  const connect = async (one: Laid): Promise<void> => {
    const [from, to] = one.ends.map(endOf);
    if (from === undefined || to === undefined || one.wire !== undefined) return;
    count += 1;
    const wire = await openWire([from.address, to.address], one.disturbance, count);
    one.wire = wire;
    const lead = (end: End, other: End): Promise<void> =>
      ip([`neigh replace ${other.address} lladdr ${wire.mac} dev eth0 nud permanent`], end.pid);
    await Promise.all([lead(from, to), lead(to, from)]);
  };

  const disconnect = async (one: Laid): Promise<void> => {
    const { wire } = one;
    if (wire === undefined) return;
    delete one.wire;
    const [from, to] = one.ends.map(endOf);
    await Promise.all([release(from, to), release(to, from)]);
    await wire.close();
  };

  const ofPod = (pod: string): Laid[] => [...laid].filter(({ ends }) => ends.includes(pod));

  return {
    put: async (from, to, disturbance) => {
      if (ofPod(from).some(({ ends }) => ends.includes(to)))
        throw new Error(`there is a faulty wire between ${from} and ${to} already`);
      const one: Laid = { ends: [from, to], disturbance };
      laid.add(one);
      await connect(one);
      return async () => {
        laid.delete(one);
        await disconnect(one);
      };
    },
    plugIn: async (pod) => {
      await Promise.all(ofPod(pod).map(connect));
    },
    unplug: async (pod) => {
      await Promise.all(ofPod(pod).map(disconnect));
    },
    close: async () => {
      await Promise.all([...laid].map(disconnect));
      laid.clear();
    },
  };
}

/** An end that is gone took its entry along. */
async function release(end: End | undefined, other: End | undefined): Promise<void> {
  if (end !== undefined && other !== undefined)
    await ip([`neigh del ${other.address} dev eth0`], end.pid).catch(() => {});
}
