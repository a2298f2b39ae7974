"""Plays one exam against a running Probity core, over the network, from registration to the instructor's review.

A student enrols a face, is identified, joins the exam and is watched; in the middle somebody else sits down. The
program ends with status 0 when the swap was noticed, and nothing was said of the student before it.
"""

import argparse
import datetime
import os
import secrets
import sys
from pathlib import Path

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from camera import Camera
from connection import bearer, connect, reason_of, violations_of
from monitor import MonitorStream
from probity.biometrics.v1 import finding_pb2 as findings
from probity.biometrics.v1 import reference_service_pb2 as references
from probity.biometrics.v1 import reference_service_pb2_grpc as references_grpc
from probity.compliance.v1 import consent_service_pb2 as consents
from probity.compliance.v1 import consent_service_pb2_grpc as consents_grpc
from probity.exams.v1 import exam_service_pb2 as exams
from probity.exams.v1 import exam_service_pb2_grpc as exams_grpc
from probity.exams.v1 import identification_service_pb2 as identification
from probity.exams.v1 import identification_service_pb2_grpc as identification_grpc
from probity.exams.v1 import monitor_service_pb2 as monitor
from probity.exams.v1 import proctoring_service_pb2 as proctoring
from probity.exams.v1 import proctoring_service_pb2_grpc as proctoring_grpc
from probity.identity.v1 import authentication_service_pb2 as authentication
from probity.identity.v1 import authentication_service_pb2_grpc as authentication_grpc
from probity.identity.v1 import user_service_pb2 as users
from probity.identity.v1 import user_service_pb2_grpc as users_grpc

HONEST_FRAMES = 4


def main():
    options = parse_arguments()
    with connect(options.address, options.ca, options.cert, options.key) as channel:
        try:
            return play(channel, options)
        except grpc.RpcError as error:
            print(f"{reason_of(error)}: {error.details()}", file=sys.stderr)
            for field, description in violations_of(error):
                print(f"  {field}: {description}", file=sys.stderr)
            return 2


def play(channel, options):
    organisation = f"organisations/{options.organisation}"
    instructor = new_instructor(channel, organisation, options)
    student, student_email = new_student(channel, organisation)
    print(f"student     {student_email}")

    consent_to_face_recognition(channel, student)
    enrol_face(channel, student, options.enrol)
    exam = begin_exam(channel, instructor, student_email, options.interval)
    print(f"exam        {exam}")
    identify(channel, student, exam, options.identify)

    proctor = proctoring_grpc.ProctoringServiceStub(channel)
    session = proctor.JoinExam(proctoring.JoinExamRequest(exam=exam), metadata=bearer(student))
    print(f"joined      {session.name}")
    before, after = watch_with_a_swap(channel, student, exam, options)
    proctor.LeaveExam(proctoring.LeaveExamRequest(exam=exam), metadata=bearer(student))

    review(proctor, instructor, exam)
    swap_noticed = proctoring.ALERT_TYPE_DIFFERENT_PERSON in after
    false_alarm = proctoring.ALERT_TYPE_DIFFERENT_PERSON in before
    print("the swap was noticed" if swap_noticed else "the swap was NOT noticed")
    if false_alarm:
        print("the student was taken for somebody else BEFORE the swap")
    return 0 if swap_noticed and not false_alarm else 1


def new_instructor(channel, organisation, options):
    """Creates an instructor as the administrator and signs them in."""
    admin = log_in(channel, organisation, options.admin_email, os.environ["PROBITY_ADMIN_PASSWORD"])
    email, password = f"instructor-{secrets.token_hex(4)}@example.org", secrets.token_urlsafe(12)
    users_grpc.UserServiceStub(channel).CreateUser(
        users.CreateUserRequest(
            email=email, given_name="Ada", family_name="Instructor", password=password, role=users.ROLE_INSTRUCTOR
        ),
        metadata=bearer(admin),
    )
    return log_in(channel, organisation, email, password)


def new_student(channel, organisation):
    """Registers a student and signs them in."""
    email, password = f"student-{secrets.token_hex(4)}@example.org", secrets.token_urlsafe(12)
    users_grpc.UserServiceStub(channel).RegisterUser(
        users.RegisterUserRequest(
            organisation=organisation,
            email=email,
            given_name="Sam",
            family_name="Student",
            password=password,
            role=users.ROLE_STUDENT,
        )
    )
    return log_in(channel, organisation, email, password), email


def log_in(channel, organisation, email, password):
    """Returns an access token; it lasts 15 minutes."""
    request = authentication.LogInRequest(organisation=organisation, email=email, password=password)
    return authentication_grpc.AuthenticationServiceStub(channel).LogIn(request).access_token


def consent_to_face_recognition(channel, student):
    stub = consents_grpc.ConsentServiceStub(channel)
    for policy in stub.ListPolicies(consents.ListPoliciesRequest()).policies:
        if policy.modality == references.MODALITY_FACE:
            stub.GrantConsent(
                consents.GrantConsentRequest(
                    modality=policy.modality, purpose=policy.purpose, policy_version=policy.version
                ),
                metadata=bearer(student),
            )
            print(f"consented   to the policy {policy.version}")


def enrol_face(channel, student, pictures):
    answer = references_grpc.ReferenceServiceStub(channel).EnrolFace(
        references.EnrolFaceRequest(user="users/me", images=[picture.read_bytes() for picture in pictures]),
        metadata=bearer(student),
    )
    for picture, image in zip(pictures, answer.images):
        verdict = "accepted" if image.accepted else "refused: " + "; ".join(image.reasons)
        print(f"enrolled    {picture.name}: {verdict}")
    if not answer.reference.complete:
        sys.exit("The reference is not complete: more pictures are needed.")


def begin_exam(channel, instructor, student_email, interval):
    """Creates an exam, enrols the student and starts it; returns its resource name."""
    stub = exams_grpc.ExamServiceStub(channel)
    metadata = bearer(instructor)
    schedule = Timestamp()
    schedule.FromDatetime(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=1))
    exam = stub.CreateExam(
        exams.CreateExamRequest(
            exam=exams.Exam(
                display_name="Example",
                type=exams.EXAM_TYPE_WRITTEN,
                schedule_time=schedule,
                duration=Duration(seconds=3600),
                monitoring=exams.MonitoringPolicy(frame_interval=Duration(seconds=interval)),
            )
        ),
        metadata=metadata,
    )
    entries = [exams.StudentEntry(email=student_email)]
    stub.BatchEnrolStudents(exams.BatchEnrolStudentsRequest(exam=exam.name, students=entries), metadata=metadata)
    return stub.StartExam(exams.StartExamRequest(name=exam.name), metadata=metadata).name


def identify(channel, student, exam, picture):
    answer = identification_grpc.IdentificationServiceStub(channel).IdentifyStudent(
        identification.IdentifyStudentRequest(
            exam=exam, image=picture.read_bytes(), operating_system=sys.platform
        ),
        metadata=bearer(student),
    )
    print(f"identified  {comparison(answer.comparison)}")
    if answer.verification.state != exams.VERIFICATION_STATE_VERIFIED:
        sys.exit("The student could not be identified: " + "; ".join(answer.finding.quality.advice))


def watch_with_a_swap(channel, student, exam, options):
    """Sends a few frames of the student, then of the impostor until the alert; returns the alert types of both."""
    genuine, impostor = Camera(options.watch), Camera(options.impostor)
    alerted = {"before": set(), "after": set()}

    def pictures():
        for _ in range(HONEST_FRAMES):
            yield genuine.capture()
        for _ in range(options.impostor_frames):
            if proctoring.ALERT_TYPE_DIFFERENT_PERSON in alerted["after"]:
                return
            yield impostor.capture()

    for message in MonitorStream(channel, student, exam).watch(pictures()):
        if isinstance(message, monitor.FrameFinding):
            when = "before" if message.frame <= HONEST_FRAMES else "after"
            alerted[when].update(alert.type for alert in message.alerts)
            alerts = "".join(f"  ! {alert.reason}" for alert in message.alerts)
            print(
                f"frame {message.frame:<5} {comparison(message.comparison)}, "
                f"impostor evidence {message.impostor_evidence:.1f}{alerts}"
            )
        else:
            print(f"alert       {message.reason}")
    return alerted["before"], alerted["after"]


def review(proctor, instructor, exam):
    """What the instructor does: reads the alerts, looks at the evidence and decides."""
    metadata = bearer(instructor)
    for alert in proctor.ListAlerts(proctoring.ListAlertsRequest(exam=exam), metadata=metadata).alerts:
        kind = proctoring.AlertType.Name(alert.type).removeprefix("ALERT_TYPE_")
        evidence = "no evidence"
        if alert.has_evidence:
            request = proctoring.GetEvidenceRequest(alert=alert.name)
            picture = proctor.GetEvidence(request, metadata=metadata)
            evidence = f"{picture.content_type}, {len(picture.image)} bytes"
        decided = proctor.ReviewAlert(
            proctoring.ReviewAlertRequest(
                alert=alert.name, decision=proctoring.ALERT_DECISION_CONFIRMED, note="Seen in the example."
            ),
            metadata=metadata,
        )
        decision = proctoring.AlertDecision.Name(decided.decision).removeprefix("ALERT_DECISION_")
        print(f"reviewed    {kind}: {alert.reason} ({evidence}) -> {decision}")


def comparison(finding):
    outcome = findings.Outcome.Name(finding.outcome).removeprefix("OUTCOME_")
    return f"{outcome} ({finding.score:.3f}, threshold {finding.threshold:.3f})"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--address", default="localhost:50051", help="host:port of the core")
    add("--ca", type=Path, help="PEM of the authority to trust: TLS instead of plain text")
    add("--cert", type=Path, help="PEM of our own certificate, for mutual TLS")
    add("--key", type=Path, help="PEM of its private key")
    add("--organisation", default="UCY", help="code of the organisation")
    add("--admin-email", default="admin@ucy.probity.local", help="its password is in PROBITY_ADMIN_PASSWORD")
    add("--enrol", type=Path, nargs="+", required=True, help="pictures of the student to enrol")
    add("--identify", type=Path, required=True, help="another picture of the student, for the identification")
    add("--watch", type=Path, required=True, help="another picture of the student, before the camera")
    add("--impostor", type=Path, required=True, help="a picture of somebody else")
    add("--interval", type=int, default=10, help="seconds between frames, 1 to 60")
    add("--impostor-frames", type=int, default=30, help="at most this many frames of the impostor")
    options = parser.parse_args()
    if "PROBITY_ADMIN_PASSWORD" not in os.environ:
        parser.error("set PROBITY_ADMIN_PASSWORD; the first one is in <data>/initial-admins.json")
    return options


if __name__ == "__main__":
    sys.exit(main())
