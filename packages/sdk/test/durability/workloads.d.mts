import type { InterruptRecord, ModelRequest, Spec } from "@strands/core";

export declare const patternNames: readonly string[];
export declare function workload(name: string): Spec;
export declare function answerTo(request: ModelRequest): string[];
export declare function answerOf(question: InterruptRecord): string;
