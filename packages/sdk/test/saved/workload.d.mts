import type { ModelFunction, Tool } from "@strands/core";

export declare function savedModel(options?: { failing?: boolean; asked?: (stepKey: string) => void }): ModelFunction;
export declare const weather: Tool;
