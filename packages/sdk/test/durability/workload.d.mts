import type { ModelRequest, Spec } from "@strands/core";

export declare const stepCount: number;
export declare const spec: Spec;
export declare function answerTo(request: ModelRequest): string[];
