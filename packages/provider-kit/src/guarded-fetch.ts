import type { ProviderError } from "@strands/core";
import type { ResponseLimits } from "./body-meter.js";
import { follow } from "./follow.js";
import { defaultLimits, limitBody } from "./limit-body.js";
import { providerFailure } from "./provider-failure.js";
import type { ProviderIdentity } from "./provider-identity.js";

type Fetch = typeof globalThis.fetch;

export interface GuardedFetchOptions {
  /** What carries the requests. @defaultValue the platform's `fetch` */
  readonly fetch?: Fetch | undefined;
  readonly limits?: Partial<ResponseLimits> | undefined;
  /** Is shown a response before its body is read, and gives what is to see the bytes of the body as they come. */
  readonly observe?: ((response: Response) => (bytes: Uint8Array) => void) | undefined;
  /**
   * Looks at a response before its body is read. It throws when the response is none of this protocol, or gives another
   * one to go on with. Redirects never get here.
   */
  readonly inspect?:
    | ((response: Response, request: Request | URL | string) => Response | Promise<Response>)
    | undefined;
}

/** A `fetch` for a vendor's SDK, and the way to end what it has under way. */
export interface GuardedFetch {
  readonly fetch: Fetch;
  /** Fails all calls under way and all later ones, bodies that are being read included. */
  close(): void;
}

/**
 * A `fetch` that follows no redirect (keys would go along), bounds what it reads, and can be closed. Its own failures are
 * {@link ProviderError}s, which SDKs may wrap: see `ownFailure`.
 */
export function guardedFetch(identity: ProviderIdentity, options: GuardedFetchOptions = {}): GuardedFetch {
  const limits = { ...defaultLimits, ...options.limits };
  const calls = new Set<AbortController>();
  let closed: ProviderError | undefined;

  const fetch: Fetch = async (input, init = {}) => {
    if (closed !== undefined) throw closed;
    const call = new AbortController();
    const end = follow(init.signal ?? (input instanceof Request ? input.signal : undefined), call);
    calls.add(call);
    const done = (): void => {
      calls.delete(call);
      end();
    };
    try {
      const send = options.fetch ?? globalThis.fetch;
      const response = await send(input, { ...init, redirect: "manual", signal: call.signal });
      refuseRedirect(identity, response);
      let observer: ((bytes: Uint8Array) => void) | undefined;
      const limited = limitBody(identity, response, limits, {
        done,
        bytes: (bytes) => observer?.(bytes),
        stop: (reason) => {
          done();
          call.abort(reason);
        },
      });
      observer = options.observe?.(limited);
      return options.inspect === undefined ? limited : await options.inspect(limited, input);
    } catch (error) {
      done();
      // Whatever is left of the answer is not wanted.
      call.abort(error);
      throw error;
    }
  };
  const close = (): void => {
    closed ??= closedFailure(identity);
    for (const call of calls) call.abort(closed);
    calls.clear();
  };
  return { fetch, close };
}

function refuseRedirect(identity: ProviderIdentity, response: Response): void {
  const { status, type, headers } = response;
  const redirected = type === "opaqueredirect" || (status >= 300 && status < 400);
  if (!redirected) return;
  const target = originOf(headers.get("location"));
  throw providerFailure(identity, {
    code: "PROVIDER_BAD_RESPONSE",
    statusCode: status === 0 ? undefined : status,
    message: `a redirect${target === undefined ? "" : ` to \`${target}\``}, which is not followed`,
    hint: "Set `host` to the address the service has moved to. Redirects are not followed: the key would go along.",
  });
}

function originOf(location: string | null): string | undefined {
  if (location === null || !URL.canParse(location)) return undefined;
  return new URL(location).origin;
}

function closedFailure(identity: ProviderIdentity): ProviderError {
  return providerFailure(identity, {
    code: "PROVIDER_UNAVAILABLE",
    retryable: false,
    message: "the provider was closed while the call was under way",
    hint: "Close the client only when its runs have ended.",
  });
}
