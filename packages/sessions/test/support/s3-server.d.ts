/** What the front does instead of, or after, passing a request on. */
export type S3Fault = "pass" | "drop" | "drop-answer" | 409 | 412 | 500 | 503;

export interface S3Server {
  readonly endpoint: string;
  /** Asked for every request. */
  fault: (request: {
    readonly method: string;
    readonly key: string;
    readonly isConditional: boolean;
  }) => S3Fault | Promise<S3Fault>;
  /** Whether conditional writes are honoured. */
  isConditional: boolean;
  stop(): Promise<void>;
}

/** A store in this process behind a front that adds conditional writes, which it lacks, and faults. */
export declare function startS3(bucket: string): Promise<S3Server>;
