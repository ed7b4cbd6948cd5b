/** A change could not be made, or not be undone; the message says why and what to type next. */
export class ActProblem extends Error {
  override readonly name = "ActProblem";
}

/** There is nothing to take back: the object is as it was before the change. */
export class AsBefore extends ActProblem {}

/** The API server said no: nothing was written. */
export class Refused extends ActProblem {}
