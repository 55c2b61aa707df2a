/** Model calls that one unit of work may come to, when no call fails. */
export const callLimits = {
  /** Of one turn: an agent that keeps calling tools is in a loop. */
  perTurn: 64,
  /** To get an answer that fits the agent's output schema. */
  perAnswer: 3,
  /** In a row whose tool calls are all impossible: of a tool that is not there, or with arguments that do not fit. */
  badToolCalls: 5,
  /** To get a readable evaluation. */
  perEvaluation: 2,
  /** To get a readable list of tasks. */
  perTaskList: 3,
} as const;
