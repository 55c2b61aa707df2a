/**
 * Unwinds a branch of a run that waits for a person. Private to the engine: users see the status `paused`, never this.
 */
export class Suspend {
  /** The same one for every pause, so that throwing it costs nothing. */
  static readonly signal: Suspend = new Suspend();
}
