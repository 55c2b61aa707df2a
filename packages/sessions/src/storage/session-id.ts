import { InputError, SessionError } from "@strands/core";

/** Whether an id can be a session's: checked before any path, key or statement is made of it. */
export function isSessionId(id: string): boolean {
  return typeof id === "string" && /^[A-Za-z0-9_-]{1,128}$/.test(id);
}

export function unusableId(id: string): InputError {
  return new InputError(`The session id \`${String(id).slice(0, 64)}\` is not usable`, {
    hint: "Use 1 to 128 letters, digits, `_` and `-`.",
  });
}

export function notFound(sessionId: string): SessionError {
  const shown = isSessionId(sessionId) ? ` \`${sessionId}\`` : " of that name";
  return new SessionError("SESSION_NOT_FOUND", `There is no session${shown}`, {
    sessionId,
    hint: "It may have been deleted, or be kept in another place: list the sessions of this one to see their ids.",
  });
}

export function takenError(sessionId: string): SessionError {
  return new SessionError("SESSION_EXISTS", `There is a session \`${sessionId}\` already`, { sessionId });
}

export function conflict(sessionId: string, what: string): SessionError {
  return new SessionError("SESSION_CONFLICT", `The session \`${sessionId}\` ${what}`, {
    sessionId,
    hint: "Load the session again to see where it stands.",
  });
}

export function versionUnknown(sessionId: string, place: string, what: string): SessionError {
  return new SessionError("SESSION_VERSION_UNKNOWN", `The session \`${sessionId}\` has ${what} in ${place}`, {
    sessionId,
    hint: "It was written by a newer version of Strands: update, then try again.",
  });
}
