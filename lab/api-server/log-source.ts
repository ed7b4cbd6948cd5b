/** Logs of containers that live: what the kubelet of a running lab has written so far. */
export interface LogSource {
  /** By the id in the container's status ("containerd://…"), which names one life of it. */
  read(containerId: string): LiveLog | undefined;
}

export interface LiveLog {
  /** Lines so far, each after its time in RFC 3339 with nine digits and a space. */
  bytes(): Uint8Array;
  /** Tells of the lines that come, in the same form, and of the end; until the returned function is called. */
  follow(onLine: (line: Uint8Array) => void, onEnd: () => void): () => void;
}
