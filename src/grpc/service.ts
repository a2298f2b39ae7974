import type { Context } from '../call/index.js';

/** The part of a ts-proto method definition that carries its types. */
export interface MethodDefinition {
  path: string;
  requestStream: boolean;
  responseStream: boolean;
  requestSerialize(value: never): Buffer;
  requestDeserialize(value: Buffer): unknown;
  responseSerialize(value: never): Buffer;
  responseDeserialize(value: Buffer): unknown;
}

/** A ts-proto service definition: method name → method. */
export type ServiceDefinition = Readonly<Record<string, MethodDefinition>>;

export type RequestOf<M extends MethodDefinition> = ReturnType<M['requestDeserialize']>;
export type ResponseOf<M extends MethodDefinition> = ReturnType<M['responseDeserialize']>;

type Sent<M extends MethodDefinition> = M['requestStream'] extends true
  ? AsyncIterable<RequestOf<M>>
  : RequestOf<M>;
type Received<M extends MethodDefinition> = M['responseStream'] extends true
  ? AsyncIterable<ResponseOf<M>>
  : Promise<ResponseOf<M>>;

/** A handler: `(request, ctx) => Promise<response>`; a streamed side is an AsyncIterable. */
export type Handler<M extends MethodDefinition> = (request: Sent<M>, ctx: Context) => Received<M>;

/** What implements a service. */
export type Handlers<S extends ServiceDefinition> = { readonly [K in keyof S]: Handler<S[K]> };

/** What a caller may say of a call beside its request. */
export interface CallOptions {
  /** Access token, without `Bearer`. */
  token?: string;
  requestId?: string;
  /** UTC milliseconds. */
  deadline?: number;
  signal?: AbortSignal;
  /** The caller's own socket peer, when it speaks for somebody (the façade does). */
  peer?: string;
}

/** How a service is called, in process or over a channel. */
export type Client<S extends ServiceDefinition> = {
  readonly [K in keyof S]: (request: Sent<S[K]>, options?: CallOptions) => Received<S[K]>;
};
