"""A student's Monitor stream: frames and heartbeats go up, findings and alerts come down.

A broken stream is taken up again where it broke: the server repeats every event we have not seen, and we send
again the frame it has not committed.
"""

import queue
import threading
import time

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from connection import bearer
from probity.exams.v1 import monitor_service_pb2 as monitor
from probity.exams.v1 import monitor_service_pb2_grpc as monitor_grpc

RECONNECT_SECONDS = 1.0


class MonitorStream:
    def __init__(self, channel, access_token, exam):
        self._stub = monitor_grpc.MonitorServiceStub(channel)
        self._metadata = bearer(access_token)
        self._exam = exam
        self._last_event = 0

    def watch(self, pictures):
        """Sends each of `pictures` (an iterator of JPEGs), one at a time; yields every FrameFinding and Alert.

        Ends when the pictures do. Raises grpc.RpcError for everything that a new stream cannot mend.
        """
        pictures = iter(pictures)
        unanswered = None
        while True:
            outgoing = queue.SimpleQueue()
            heartbeat = _Heartbeat(outgoing)
            try:
                yield from self._stream(outgoing, heartbeat, pictures, unanswered)
                return
            except _Broken as broken:
                unanswered = broken.unanswered
                time.sleep(RECONNECT_SECONDS)
            finally:
                heartbeat.stop()
                outgoing.put(None)  # Ends the request stream.

    def _stream(self, outgoing, heartbeat, pictures, picture):
        open_message = monitor.OpenMonitor(exam=self._exam, resume_after=self._last_event)
        outgoing.put(monitor.MonitorRequest(open=open_message))
        responses = self._stub.Monitor(iter(outgoing.get, None), metadata=self._metadata)
        try:
            opened = next(responses).opened
            heartbeat.start(_seconds(opened.heartbeat_interval))
            interval = _seconds(opened.frame_interval)
            number = opened.next_frame
            if picture is None:
                picture = next(pictures, None)
            due = time.monotonic()
            while picture is not None:
                time.sleep(max(0.0, due - time.monotonic()))
                due = time.monotonic() + interval
                outgoing.put(_frame(number, picture))
                answered = False
                while not answered:
                    response = next(responses)
                    self._last_event = max(self._last_event, response.event_number)
                    kind = response.WhichOneof("message")
                    if kind == "rejected":
                        time.sleep(_seconds(response.rejected.retry_after))
                        outgoing.put(_frame(number, picture))
                    elif kind == "alert":
                        yield response.alert
                    elif kind == "finding":
                        yield response.finding
                        answered = response.finding.frame == number
                number += 1
                picture = next(pictures, None)
        except StopIteration as end:
            raise _Broken(picture) from end
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
            raise _Broken(picture) from error
        finally:
            responses.cancel()


class _Broken(Exception):
    """The stream ended; `unanswered` is the picture that has no finding yet."""

    def __init__(self, unanswered):
        super().__init__()
        self.unanswered = unanswered


class _Heartbeat:
    """Says every few seconds that the capture lives."""

    def __init__(self, outgoing):
        self._outgoing = outgoing
        self._stopped = threading.Event()

    def start(self, interval):
        threading.Thread(target=self._beat, args=(interval,), daemon=True).start()

    def stop(self):
        self._stopped.set()

    def _beat(self, interval):
        while not self._stopped.wait(interval):
            event = monitor.ClientEvent(type=monitor.CLIENT_EVENT_TYPE_HEARTBEAT, time=_now())
            self._outgoing.put(monitor.MonitorRequest(event=event))


def _frame(number, picture):
    frame = monitor.Frame(number=number, image=picture, capture_time=_now())
    return monitor.MonitorRequest(frame=frame)


def _now():
    now = Timestamp()
    now.GetCurrentTime()
    return now


def _seconds(duration):
    return duration.ToTimedelta().total_seconds()
