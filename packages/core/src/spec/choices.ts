/** Answers that keep a router's choice. */
export const approvals: readonly string[] = ["approved", "approve", "yes", "ok"];

/** What may be answered at the review of a router with these routes. */
export function reviewChoices(routes: readonly string[]): readonly string[] {
  return [...approvals, ...routes.map((name) => `route:${name}`)];
}

/** Whether an answer is this choice: case and white space do not count. */
export function sameChoice(choice: string, response: string): boolean {
  const plain = (text: string): string => text.replace(/\s+/g, "").toLowerCase();
  return plain(choice) === plain(response);
}
