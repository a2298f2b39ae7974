const MIB = 1024 * 1024;

/**
 * Largest message that must pass where pictures have at most this many bytes: ten of them, the most one call may
 * carry (ReferenceService.EnrolFace), and 1 MiB for everything around them.
 */
export function messageBytesFor(maxImageBytes: number): number {
  return 10 * maxImageBytes + MIB;
}

/** Largest message either side sends or takes unless configured: 81 MiB. grpc-js takes 4 MiB by default. */
export const DEFAULT_MAX_MESSAGE_BYTES = messageBytesFor(8 * MIB);

/** How long a connection may be silent before it is asked whether it lives, and for the answer. Milliseconds. */
export const KEEPALIVE = {
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
} as const;

/** gRPC's channel and server options for messages up to this size in both directions. */
export function messageLimits(maxMessageBytes: number) {
  return {
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
  };
}
