/** Something a person can mend, told in one sentence or a few; no stack is of use. */
export class LabProblem extends Error {
  override readonly name = "LabProblem";
}
