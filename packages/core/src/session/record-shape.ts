import type { SessionRecord } from "./record.js";
import { members, optional, shape, text, textMembers, time } from "./shape.js";

const record = shape<SessionRecord>({
  id: text,
  workflowName: text,
  patternType: text,
  specHash: text,
  spec: members,
  variables: members,
  createdAt: time,
  labels: optional(textMembers),
});

/** The members from a record to the first field that is not what it must be; `undefined` when all are. */
export function findBadRecordField(value: unknown): readonly string[] | undefined {
  return record(value);
}
