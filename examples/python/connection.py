"""A channel to the core, and its errors in a readable form."""

import sys
from pathlib import Path

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

# The stubs import each other from the root of the protos.
sys.path.insert(0, str(Path(__file__).parent / "gen"))

# Ten pictures of 8 MiB, and 1 MiB for everything around them: the server's own limit.
MAX_MESSAGE_BYTES = 81 * 1024 * 1024


def connect(address, ca=None, certificate=None, key=None):
    """Returns a channel; plain text without `ca`, mutual TLS with `certificate` and `key` (all PEM files)."""
    options = [
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.keepalive_time_ms", 60_000),
    ]
    if ca is None:
        return grpc.insecure_channel(address, options)
    read = lambda path: None if path is None else Path(path).read_bytes()
    credentials = grpc.ssl_channel_credentials(read(ca), read(key), read(certificate))
    return grpc.secure_channel(address, credentials, options)


def bearer(access_token):
    """Metadata of a call in somebody's name."""
    return [("authorization", f"Bearer {access_token}")]


def reason_of(error):
    """The stable reason of a failed call (`google.rpc.ErrorInfo.reason`), for instance EXAM_NOT_FOUND."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info) and info.domain == "probity":
            return info.reason
    return error.code().name


def violations_of(error):
    """(field, description) of every field that a failed call names (`google.rpc.BadRequest`)."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else ():
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            return [(each.field, each.description) for each in bad.field_violations]
    return []
