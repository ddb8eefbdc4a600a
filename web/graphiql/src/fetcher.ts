// How GraphiQL reaches the service: one POST to this page's own address, with the token as bearer. A
// subscription is the same POST, answered as an event stream (the graphql-sse protocol, distinct
// connections).

import type { Fetcher, FetcherOpts, FetcherParams, Observable } from "@graphiql/toolkit";
import { getOperationAST, OperationTypeNode, type ExecutionResult } from "graphql";
import { readEvents } from "./events";
import type { Standing } from "./words";

const RESULT = "application/graphql-response+json, application/json";
const STREAM = "text/event-stream";

export function makeFetcher(token: string, onStanding: (standing: Standing) => void): Fetcher {
  const post = async (
    params: FetcherParams,
    options: FetcherOpts | undefined,
    accept: string,
    signal?: AbortSignal,
  ): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(location.pathname, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept,
          ...(token && { authorization: `Bearer ${token}` }),
          ...options?.headers,
        },
        body: JSON.stringify(params),
        redirect: "error",
        signal: signal ?? null,
      });
    } catch (error) {
      if (!signal?.aborted) onStanding("unreachable");
      throw error;
    }
    onStanding(standingAfter(response, token));
    return response;
  };

  return (params, options) => {
    if (!isSubscription(params, options)) {
      return post(params, options, RESULT).then(resultOf);
    }
    return observe((signal) => post(params, options, STREAM, signal));
  };
}

function standingAfter(response: Response, token: string): Standing {
  if (response.status === 401) return token ? "refused" : "signed-out";
  if (response.status >= 500) return "unreachable";
  return token ? "signed-in" : "open";
}

function isSubscription(params: FetcherParams, options: FetcherOpts | undefined): boolean {
  if (!options?.documentAST) return false;
  const operation = getOperationAST(options.documentAST, params.operationName);
  return operation?.operation === OperationTypeNode.SUBSCRIPTION;
}

/** The answer as GraphQL, or in GraphQL's shape where a proxy or a fault answered something else. */
async function resultOf(response: Response): Promise<ExecutionResult> {
  const text = await response.text();
  try {
    return JSON.parse(text) as ExecutionResult;
  } catch {
    const message = `HTTP ${response.status} ${response.statusText}: ${text.slice(0, 500)}`;
    return { errors: [{ message }] } as unknown as ExecutionResult;
  }
}

/** Results as they come. Stopping in GraphiQL ends the request. */
function observe(open: (signal: AbortSignal) => Promise<Response>): Observable<ExecutionResult> {
  return {
    subscribe(
      first: unknown,
      second?: unknown,
      third?: unknown,
    ) {
      const observer = (typeof first === "object" ? first : { next: first, error: second, complete: third }) as {
        next?: (value: ExecutionResult) => void;
        error?: (error: unknown) => void;
        complete?: () => void;
      };
      const controller = new AbortController();
      const run = async () => {
        const response = await open(controller.signal);
        const isStream = response.headers.get("content-type")?.startsWith(STREAM);
        if (!isStream || !response.body) {
          observer.next?.(await resultOf(response));
          return;
        }
        for await (const { event, data } of readEvents(response.body)) {
          if (event === "complete") return;
          if (event === "next") observer.next?.(JSON.parse(data) as ExecutionResult);
        }
      };
      run().then(
        () => observer.complete?.(),
        (error: unknown) => {
          if (!controller.signal.aborted) observer.error?.(error);
        },
      );
      return { unsubscribe: () => controller.abort() };
    },
  };
}
