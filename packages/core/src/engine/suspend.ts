/**
 * Unwinds a branch of a run that waits for a person: thrown, and recognised by identity. Private to the engine: users
 * see the status `paused`, never this.
 */
export const suspend: unique symbol = Symbol("suspend");
