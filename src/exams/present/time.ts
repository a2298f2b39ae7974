/** google.protobuf.Duration. */
export function presentDuration(ms: number): { seconds: bigint; nanos: number } {
  return { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}

export function time(at: number | null): Date | undefined {
  return at === null ? undefined : new Date(at);
}
