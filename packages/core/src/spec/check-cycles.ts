/**
 * Every group of nodes that can reach one another, and every node with an edge to itself (Tarjan's algorithm, without
 * recursion: a chain of ten thousand tasks must not end the stack). Members and groups come in ascending order.
 */
export function findCycles(edges: readonly (readonly number[])[]): number[][] {
  const count = edges.length;
  const order = new Array<number>(count).fill(-1);
  const low = new Array<number>(count).fill(0);
  const onStack = new Array<boolean>(count).fill(false);
  const stack: number[] = [];
  const cycles: number[][] = [];
  let next = 0;

  const enter = (node: number) => {
    order[node] = low[node] = next++;
    stack.push(node);
    onStack[node] = true;
  };
  const lower = (node: number, value: number) => {
    if (value < (low[node] ?? 0)) low[node] = value;
  };
  const leave = (node: number) => {
    if (low[node] !== order[node]) return;
    const members: number[] = [];
    let member: number | undefined;
    do {
      member = stack.pop();
      if (member === undefined) break;
      onStack[member] = false;
      members.push(member);
    } while (member !== node);
    if (members.length > 1 || edges[node]?.includes(node)) cycles.push(members.sort((a, b) => a - b));
  };

  for (let start = 0; start < count; start++) {
    if (order[start] !== -1) continue;
    const work = [{ node: start, edge: 0 }];
    enter(start);
    for (let frame = work.at(-1); frame !== undefined; frame = work.at(-1)) {
      const target = edges[frame.node]?.[frame.edge++];
      if (target === undefined) {
        work.pop();
        leave(frame.node);
        const parent = work.at(-1);
        if (parent !== undefined) lower(parent.node, low[frame.node] ?? 0);
      } else if (order[target] === -1) {
        enter(target);
        work.push({ node: target, edge: 0 });
      } else if (onStack[target]) lower(frame.node, order[target] ?? 0);
    }
  }
  return cycles.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}
