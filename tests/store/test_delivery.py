"""What a person decides of the mail that carries an answer: who gets it, with what, and when."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from poc_tui.errors import NotUnderstood, Refused
from poc_tui.mail import own_files
from poc_tui.mail.enclosures import enclosures
from poc_tui.mail.message import compose
from poc_tui.mail.worker.reader import MailReader
from poc_tui.models.values import Channel
from poc_tui.rules.mail.message import MailAddress, Nature, Part
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts, outbox
from poc_tui.store.connection import connect
from poc_tui.store.delivery import Attachment, Delivery
from poc_tui.store.desk import Desk
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.request_mail import outgoing_of_request
from poc_tui.store.queries.requests import request
from poc_tui.store.records import Done, OutgoingRow, RequestDetail
from tests.helpers.mail_desks import DESK, MEYER, Post

SENDS = 'send = "smtp"\nsmtp.host = "localhost"\nsmtp.security = "none"'
US = MailAddress("", DESK)
PAUL = MailAddress("Paul", "paul@meyer.example")
LAWYER = MailAddress("", "kanzlei@recht.example")
HOUR = timedelta(hours=1)


@pytest.fixture
def post(tmp_path: Path, path: str, clock: FixedClock, deadlines: Deadlines) -> Post:
    return Post(tmp_path, path, clock, deadlines, SENDS)


@pytest.fixture
def at(post: Post, deadlines: Deadlines) -> Desk:
    """A desk that stays open, so that its steps can be taken back."""
    return Desk(post.path, post.clock, deadlines, mail_policy=post.settings.mail.policy)


def queued(post: Post, number: int) -> outbox.QueuedMail:
    """The newest mail of ours on a request, which waits."""
    with closing(connect(post.path)) as connection:
        found = outbox.queued_mail(connection, all_of(post, number)[-1].id)
    assert found is not None
    return found


def all_of(post: Post, number: int) -> tuple[OutgoingRow, ...]:
    with closing(Reader(post.path)) as reader:
        return outgoing_of_request(reader, number)


def composed(post: Post, number: int) -> EmailMessage:
    """The newest mail of ours on a request as somebody else reads it."""
    mail = queued(post, number)
    with closing(connect(post.path)) as connection, MailReader() as reader:
        going = enclosures(connection, reader, mail)
        data = compose.message(mail, post.settings.mail.first, post.clock.zone, going)
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    return message


def detail(post: Post, number: int) -> RequestDetail:
    with closing(Reader(post.path)) as reader:
        return request(reader, number, mine=post.settings.mail.mine)


def answered(at: Desk, number: int, text: str = "It was 10.", **delivery: object) -> Done:
    decided = Delivery(**delivery) if delivery else None  # type: ignore[arg-type]
    return at.do(drafts.Answer(text, delivery=decided), [number])


# Who gets it


def test_who_else_got_a_mail_stands_on_the_timeline_without_us(post: Post) -> None:
    number = post.a_mail(recipients=(US, PAUL, LAWYER, PAUL), cc=(LAWYER, PAUL))
    (came,) = [each.mail for each in detail(post, number).activities if each.mail]
    assert came.others == (PAUL, LAWYER)


def test_everybody_who_got_the_customer_s_mail_gets_the_answer(post: Post, at: Desk) -> None:
    number = post.a_mail(recipients=(US, PAUL, MEYER), cc=(PAUL,))
    answered(at, number)
    message = composed(post, number)
    assert (message["To"], message["Cc"]) == (MEYER.address, PAUL.address)


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ((US, PAUL, MailAddress("", "w@workshop.example")), "Technical is among them"),
        ((PAUL,), "we were not named among them"),
        ((US, *(MailAddress("", f"{n}@many.example") for n in range(11))), "they are 11"),
    ],
)
def test_answering_all_is_left_to_a_person_where_it_needs_a_second_look(
    post: Post, at: Desk, others: tuple[MailAddress, ...], why: str
) -> None:
    post.do(drafts.EditDepartment(1, contact="Workshop <w@workshop.example>"))
    number = post.a_mail(recipients=others)
    done = answered(at, number)
    assert queued(post, number).copies == ()
    assert any(remark.endswith(why) for remark in done.remarks)
    answered(at, number, everybody=True)
    assert PAUL.address in queued(post, number).copies or "many" in queued(post, number).copies[0]


def test_nobody_who_was_named_by_a_mail_that_is_in_doubt_gets_a_copy_unasked(
    post: Post, at: Desk
) -> None:
    number = post.a_mail(recipients=(US, PAUL))
    with closing(connect(post.path)) as connection:
        connection.execute("UPDATE mail_filed SET doubt = 'its From was forged'")
    answered(at, number)
    assert queued(post, number).copies == ()


def test_an_answer_can_be_for_the_customer_alone_or_for_others_by_name(
    post: Post, at: Desk
) -> None:
    number = post.a_mail(recipients=(US, PAUL))
    answered(at, number, everybody=False, copies=(LAWYER.address,))
    assert queued(post, number).copies == (LAWYER.address,)
    answered(at, number, to=LAWYER.address)
    mail = queued(post, number)
    assert (mail.recipient, mail.copies) == (LAWYER.address, (PAUL.address,))


def test_what_is_no_address_is_refused_and_so_is_our_own(post: Post, at: Desk) -> None:
    number = post.a_mail()
    with pytest.raises(NotUnderstood, match="is no mail address"):
        Delivery("Paul")
    with pytest.raises(Refused, match="is ours"):
        answered(at, number, to=DESK)
    with pytest.raises(NotUnderstood, match="are for a mail"):
        drafts.Answer("told by phone", mail=False, delivery=Delivery(copies=(PAUL.address,)))


def test_to_name_somebody_asks_for_a_mail_whatever_the_channel(post: Post, at: Desk) -> None:
    (number,) = post.do(drafts.Capture("Called about an invoice", channel=Channel.PHONE))
    answered(at, number, to=LAWYER.address)
    assert queued(post, number).recipient == LAWYER.address
    assert detail(post, number).activities[-1].channel == Channel.EMAIL


def test_a_forward_goes_to_nobody_who_got_the_customer_s_mail(post: Post, at: Desk) -> None:
    at.do(drafts.EditDepartment(1, contact="w@workshop.example"))
    number = post.a_mail(recipients=(US, PAUL), cc=(PAUL,))
    at.do(drafts.ForwardDraft(1, "SECRET question"), [number])
    assert queued(post, number).copies == ()
    answered(at, number)
    assert b"SECRET" not in composed(post, number).as_bytes()


def test_a_copy_that_came_back_is_said_and_nothing_else_moves(post: Post, at: Desk) -> None:
    number = post.a_mail(recipients=(US, PAUL))
    answered(at, number)
    mail = queued(post, number)
    post.stands_sent(number)
    bounce = {
        "sender": MailAddress("", "mailer-daemon@mx.example"), "nature": Nature.BOUNCE,
        "bounced": (mail.message_id,), "text": f"Sorry: {PAUL.address}", "subject": "Undelivered",
    }  # fmt: skip
    post.a_mail(bounce_why=f"{PAUL.address}: 550 no such user", **bounce)
    (row,) = all_of(post, number)
    now = detail(post, number)
    assert (row.state, now.court) == ("sent", "customer")
    assert now.activities[-1].text == f"{PAUL.address}: {PAUL.address}: 550 no such user"
    assert post.value("SELECT count(*) FROM remark WHERE seen_at IS NULL") == 1
    post.a_mail(bounce_why=f"{MEYER.address}: 550 no such user", **bounce)
    (row,) = all_of(post, number)
    assert (row.state, detail(post, number).court) == ("failed", "me")


# With what


def test_a_file_goes_as_it_was_when_the_answer_was_given(
    post: Post, at: Desk, tmp_path: Path
) -> None:
    number = post.a_mail()
    file = tmp_path / "Rechnung für Öl.pdf"
    file.write_bytes(b"%PDF\0\xff")
    answered(at, number, files=own_files.read([str(file)] * 2))
    file.unlink()
    sent = list(composed(post, number).iter_attachments())
    assert [(part.get_filename(), part.get_content_type()) for part in sent] == [
        ("Rechnung für Öl.pdf", "application/pdf")
    ] * 2
    assert [part.get_content() for part in sent] == [b"%PDF\0\xff"] * 2
    assert all_of(post, number)[0].files == ("Rechnung für Öl.pdf",) * 2
    assert post.value("SELECT count(*) FROM outgoing_file") == 1
    assert "base64" not in post.value("SELECT changes FROM journal ORDER BY id DESC LIMIT 1")


def test_a_file_is_still_there_when_an_answer_is_taken_back_and_given_again(
    post: Post, at: Desk
) -> None:
    number = post.a_mail()
    answered(at, number, files=(Attachment("a.txt", b"one"),))
    at.undo()
    assert all_of(post, number) == ()
    at.redo()
    (part,) = composed(post, number).iter_attachments()
    assert part.get_content().strip() == "one"


def test_a_department_gets_our_files_besides_the_customer_s(post: Post, at: Desk) -> None:
    at.do(drafts.EditDepartment(1, contact="w@workshop.example"))
    number = post.a_mail(parts=(Part(1, "photo.png", "image/png", 4),))
    at.do(drafts.ForwardDraft(1, "right?", files=(Attachment("plan.txt", b"x"),)), [number])
    mail = queued(post, number)
    assert ([name for _, name, _ in mail.files], len(mail.enclosed)) == (["plan.txt"], 1)
    with pytest.raises(NotUnderstood, match="files are for a mail"):
        drafts.ForwardDraft(1, mail=False, files=(Attachment("plan.txt", b"x"),))


def test_what_cannot_go_with_a_mail_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_files, "LARGEST_FILES", 10)
    for name, content in (("empty", b""), ("six", b"123456"), ("eleven", b"12345678901")):
        (tmp_path / name).write_bytes(content)
    six = str(tmp_path / "six")
    for paths, sentence in (
        ([str(tmp_path / "empty")], "is empty"),
        ([str(tmp_path)], "is a folder"),
        ([str(tmp_path / "none")], "cannot be read: No such file"),
        ([six, six], "have 12 B together, and a mail takes 10 B"),
        ([str(tmp_path / "eleven")], "have 11 B together"),
        (["a\0b"], "that is no name of a file"),
    ):
        with pytest.raises(NotUnderstood, match=sentence):
            own_files.read(paths)


def test_paths_stand_in_one_line_parted_by_commas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a, b.txt", "plan one.pdf", "plan two.pdf", "Meyer's.txt", ".hidden"):
        Path(name).write_bytes(b"x")
    Path("folder").mkdir()
    for words, meant in (
        ("", []),
        ("plan one.pdf, Meyer's.txt", ["plan one.pdf", "Meyer's.txt"]),
        ("a, b.txt", ["a, b.txt"]),
        ('"a, b.txt", plan one.pdf', ["a, b.txt", "plan one.pdf"]),
    ):
        assert own_files.paths_in(words) == meant
    for words, goes_on in (
        ("pl", "plan "),
        ("plan o", "plan one.pdf"),
        ("plan one.pdf, fol", "plan one.pdf, folder/"),
        ("x", ""),
        ("", ""),
    ):
        assert own_files.completed(words) == goes_on


# When


def test_what_goes_out_later_waits_until_then_and_counts_as_said_then(
    post: Post, at: Desk, clock: FixedClock
) -> None:
    number = post.a_mail()
    at.wind()
    later = clock.now() + 50 * HOUR
    done = answered(at, number, send_at=later)
    row = post.outgoing(number)
    assert (row.next_try_at, row.send_at, row.unless_answered) == (later, later, False)
    now = detail(post, number)
    assert (now.first_answered_at, now.court) == (later, "customer")
    assert now.next_at is not None
    assert now.next_at > later
    assert any("that is late" in remark for remark in done.remarks)
    with closing(connect(post.path)) as connection:
        assert outbox.waiting(connection, clock.now(), at_once=True) == []
        assert outbox.waiting(connection, later, at_once=False) == [row.id]
    at.undo()
    assert all_of(post, number) == ()
    assert detail(post, number).first_answered_at is None


def test_a_moment_that_has_passed_is_refused_and_so_is_one_for_mails_that_are_handed_over(
    post: Post, at: Desk, clock: FixedClock, deadlines: Deadlines
) -> None:
    number = post.a_mail()
    with pytest.raises(Refused, match="has passed"):
        answered(at, number, send_at=clock.now())
    post.set('send = "mailto"')
    hands_over = post.settings.mail.policy
    with (
        closing(Desk(post.path, clock, deadlines, mail_policy=hands_over)) as desk,
        pytest.raises(Refused, match="handed over here"),
    ):
        answered(desk, number, send_at=clock.now() + HOUR)


def test_a_follow_up_is_not_sent_if_they_write_first_and_nothing_is_silently_unsaid(
    post: Post, at: Desk, clock: FixedClock
) -> None:
    number = post.a_mail(message_id="1@meyer.example")
    answered(at, number)
    answered(at, number, "Did it arrive?", send_at=clock.now() + 50 * HOUR)
    assert [row.unless_answered for row in all_of(post, number)] == [False, True]
    clock.advance(HOUR)
    at.do(drafts.FileMails((post.read(refs=("1@meyer.example",), text="It arrived."),)))
    assert [row.state for row in all_of(post, number)] == ["queued", "withdrawn"]
    now = detail(post, number)
    assert now.court == "me"
    (said,) = (post.value("SELECT text FROM remark"),)
    assert said.startswith("they wrote first, so what was to go out later")
    with closing(connect(post.path)) as connection:
        assert len(outbox.waiting(connection, clock.now() + 100 * HOUR, at_once=True)) == 1
    at.undo()
    assert [row.state for row in all_of(post, number)] == ["queued", "queued"]


@pytest.mark.parametrize("by_mail", [True, False])
def test_a_first_answer_that_was_kept_back_is_still_due(
    post: Post, at: Desk, clock: FixedClock, *, by_mail: bool
) -> None:
    number = post.a_mail(message_id="1@meyer.example")
    at.wind()
    before = detail(post, number).due_at
    assert before is not None
    answered(at, number, send_at=clock.now() + HOUR, unless_answered=True)
    if by_mail:
        at.do(drafts.FileMails((post.read(refs=("1@meyer.example",), text="Well?"),)))
    else:
        at.do(drafts.CustomerWrote("called: never mind the invoice"), [number])
    now = detail(post, number)
    assert (now.first_answered_at, now.court, now.due_at) == (None, "me", before)


def test_what_is_to_go_out_all_the_same_does(post: Post, at: Desk, clock: FixedClock) -> None:
    number = post.a_mail()
    answered(at, number)
    answered(at, number, send_at=clock.now() + HOUR, unless_answered=False)
    at.do(drafts.CustomerWrote("again"), [number])
    assert [row.state for row in all_of(post, number)] == ["queued", "queued"]


# In which language


def test_an_answer_has_its_fixed_words_and_signature_in_the_customer_s_language(
    post: Post, clock: FixedClock, deadlines: Deadlines
) -> None:
    post.set(SENDS + '\nsignature = "Your desk"\nsignatures.de = "Ihr Team"')
    with closing(Desk(post.path, clock, deadlines, mail_policy=post.settings.mail.policy)) as desk:
        for text, wrote, signature in (
            ("Die Rechnung zeigt 12 Stück.", "schrieb Meyer AG:", "Ihr Team"),
            ("The invoice shows 12 units.", "Meyer AG wrote:", "Your desk"),
            ("4711", "Meyer AG wrote:", "Your desk"),
        ):
            number = post.a_mail(text=text)
            answered(desk, number)
            assert wrote in queued(post, number).text
            assert f"-- \n{signature}" in queued(post, number).text


def test_a_department_is_asked_in_the_language_in_which_it_answered_last(
    post: Post, clock: FixedClock, deadlines: Deadlines
) -> None:
    post.set(SENDS + '\nlanguage = "de"')
    workshop = MailAddress("", "w@workshop.example")
    with closing(Desk(post.path, clock, deadlines, mail_policy=post.settings.mail.policy)) as desk:
        desk.do(drafts.EditDepartment(1, contact=workshop.address))
        number = post.a_mail(text="The invoice shows 12 units.")
        desk.do(drafts.ForwardDraft(1, "right?"), [number])
        asked = queued(post, number)
        assert "Bitte antworten Sie auf diese Mail" in asked.text
        post.a_mail(
            sender=workshop, refs=(asked.message_id,), text="We have sent them 10 of these."
        )
        desk.do(drafts.ForwardDraft(1, "sure?"), [number])
        assert "Please reply to this mail" in queued(post, number).text


# In HTML


def test_an_answer_is_in_html_only_where_that_is_set_and_theirs_was(
    post: Post, clock: FixedClock, deadlines: Deadlines
) -> None:
    for setting, theirs, ours in (
        ("", True, False), ('\nhtml = "like-theirs"', True, True),
        ('\nhtml = "like-theirs"', False, False),
    ):  # fmt: skip
        post.set(SENDS + setting)
        mail_policy = post.settings.mail.policy
        with closing(Desk(post.path, clock, deadlines, mail_policy=mail_policy)) as desk:
            number = post.a_mail(html=theirs)
            desk.do(drafts.Note("SECRET note"), [number])
            answered(desk, number, "See https://poc.example")
        html = composed(post, number).get_body(("html",))
        assert (html is not None) == ours
        assert b"SECRET" not in composed(post, number).as_bytes()
        if html is not None:
            assert '<a href="https://poc.example">' in html.get_content()
            assert "The invoice shows 12 units." in html.get_content()
