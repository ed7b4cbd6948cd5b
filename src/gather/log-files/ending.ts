/** How a decoder's output ended: the reason when something is missing, undefined when all is there. */
export type Ending = string | undefined;

/** Yields what could be decoded and returns how it ended; never throws for content. */
export type Decoded = AsyncGenerator<Buffer, Ending, undefined>;

export const endsEarly = "ends early";
