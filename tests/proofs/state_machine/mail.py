"""Mail that comes, from anybody, about anything; what is said goes out as mail."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import note, strategies as st
from hypothesis.stateful import initialize, rule

from poc_tui.rules.mail.message import Mail, MailAddress, Nature
from poc_tui.store import drafts, raw_mail as store
from poc_tui.store.delivery import Attachment, Delivery
from poc_tui.store.desk import Desk
from tests.helpers import state
from tests.helpers.mail_setup import account_policy
from tests.helpers.subjects import token_of
from tests.proofs.state_machine import given
from tests.proofs.state_machine.looking import in_use, lives
from tests.proofs.state_machine.machine import ACTOR, DeskMachine

OURS = "desk@poc.example"
INSIDE = "inside@poc.example"
"""An address that departments are given."""

SENDERS = st.sampled_from(
    ("info@krone.example", "kontakt@meyer.example", INSIDE, OURS, "nobody@elsewhere.example", "")
)
MAIL_WORDS = st.sampled_from(
    ("The invoice is wrong.", "Vielen Dank!", "10 units were delivered", "\x1b[31m", "")
)
SUBJECTS = st.sampled_from(("Re: Invoice 4711", "Re: Invoice 4711", "A new lamp", ""))
FILES = st.sampled_from(((), (), (Attachment("a.txt", b"abc"),), (Attachment("", b"abc"),) * 2))
TO = st.sampled_from(("", "", "info@krone.example", "Else@Elsewhere.example"))
COPIES = st.sampled_from(((), (), ("a@x.example",), ("a@x.example", "A@x.example", INSIDE)))
NATURES = st.sampled_from((*[Nature.ORDINARY] * 5, *Nature))


class Post(DeskMachine):
    """Mail comes in, and forwards, answers and chases are queued."""

    def open_desk(self) -> Desk:
        """A desk that writes mail."""
        mail_policy = account_policy(sends=True, address=OURS, mine=(OURS,), signature="Your desk")
        return Desk(
            str(self.store), self.clock, self.deadlines, actor=ACTOR, mail_policy=mail_policy
        )

    @initialize()
    def a_department_has_an_address(self) -> None:
        """Otherwise nothing that is asked of one would go out."""
        self.do(drafts.EditDepartment, must=True, id=1, contact=f"Workshop <{INSIDE}>, ext. 21")

    @rule(
        sender=SENDERS,
        words=MAIL_WORDS,
        nature=NATURES,
        refers=st.none() | given.PICK,
        named=st.none() | given.PICK,
        proved=given.YES,
        to=st.none() | given.PICK,
        lists=given.YES,
        wanted=given.YES,
        passed_on=given.YES,
        subject=SUBJECTS,
        apart=given.YES,
        reply_to=SENDERS,
        forged=given.YES,
    )
    def mail_comes(
        self,
        *,
        sender: str,
        words: str,
        nature: Nature,
        refers: int | None,
        named: int | None,
        proved: bool,
        to: int | None,
        lists: bool,
        wanted: bool,
        passed_on: bool,
        subject: str,
        apart: bool,
        reply_to: str,
        forged: bool,
    ) -> None:
        """It is filed, or set aside; its bytes are kept whatever becomes of it."""
        mails = self.table("mail")
        ids = [row["message_id"] for row in self.table("outbox").values()]
        ids += [row["message_id"] for row in self.table("mail_read").values()]
        known = None if refers is None or not ids else sorted(ids)[refers % len(ids)]
        number = 0 if named is None else self.pick("request", named, lives)
        written = token_of(self.eye, number) if proved else f"[#{number}]"
        token = "" if named is None else f" {written}"
        mail = Mail(
            message_id=f"{len(mails)}@elsewhere.example",
            refs=() if known is None else (known,),
            sender=MailAddress("", sender) if sender else None,
            reply_to=MailAddress("Somebody", reply_to) if reply_to else None,
            cc=(MailAddress("", "a@x.example"), MailAddress("", INSIDE)),
            headers=(("from", "a@x.example"), ("from", "b@x.example")) if forged else (),
            subject=f"{subject}{token}",
            nature=nature,
            text=words,
            original=MailAddress("", "info@krone.example") if passed_on else None,
            bounced=() if known is None or nature != Nature.BOUNCE else (known,),
            bounce_why="no such mailbox" if nature == Nature.BOUNCE else "",
        )
        raw = b"\xff mail %d" % len(mails)
        kept = store.keep(self.eye, [raw], "test", self.clock.now())
        store.keep_read(self.eye, [(kept.new[0], mail)])
        self.present = state.read(self.eye)
        note(f"    {mail}")
        before = self.table("request").keys()
        self.do(
            drafts.FileMails,
            mail_ids=kept.new,
            lists=lists,
            wanted=wanted,
            to=None if to is None else self.pick("request", to),
            apart=apart and to is None,
        )
        self.came |= dict.fromkeys((n for (n,) in self.table("request").keys() - before), raw)

    @rule(pick=given.PICK)
    def accept_mail(self, pick: int) -> None:
        """A mail in doubt counts as what it would have been; nothing is in doubt there then."""
        filed = self.table("mail_filed").values()
        doubted = sorted({row["request_id"] for row in filed if row["doubt"]})
        if doubted:
            number = doubted[pick % len(doubted)]
            self.do(drafts.AcceptMails, [number])
            rows = self.table("mail_filed").values()
            assert not any(row["doubt"] for row in rows if row["request_id"] == number)

    @rule(pick=given.PICK)
    def split_mail(self, pick: int) -> None:
        """A mail becomes a request of its own, or it is refused whole."""
        filed = sorted(key for (key,) in self.table("mail_filed"))
        id = filed[pick % len(filed)] if filed else pick
        before = self.table("request").keys()
        self.do(drafts.SplitMail, mail_id=id)
        for number in (n for (n,) in self.table("request").keys() - before):
            self.came[number] = self.table("mail")[(id,)]["raw"]
            assert self.table("mail_filed")[(id,)]["request_id"] == number

    @rule(picks=given.PICKS)
    def see_remarks(self, picks: list[int]) -> None:
        """Nothing that intake remarked on them is left to be seen."""
        numbers = self.requests(picks)
        if self.do(drafts.Seen, numbers):
            rows = self.table("remark").values()
            assert not any(row["request_id"] in numbers and not row["seen_at"] for row in rows)

    @rule(
        pick=given.PICK,
        words=given.SEEN,
        to=TO,
        everybody=given.PERHAPS,
        copies=COPIES,
        files=FILES,
        later=st.none() | given.SPANS,
        unless=given.PERHAPS,
    )
    def answer_with_care(
        self,
        *,
        pick: int,
        words: str,
        to: str,
        everybody: bool | None,
        copies: tuple[str, ...],
        files: tuple[Attachment, ...],
        later: timedelta | None,
        unless: bool | None,
    ) -> None:
        """An answer to somebody, with files, that goes out later, perhaps only if they are silent:
        one mail is queued, or it is refused whole."""
        if later is None:
            at, unless = None, None
        else:
            at = self.clock.now() + later
        delivery = Delivery(to, everybody, copies, files, at, unless)
        before = len(self.table("outbox"))
        number = self.pick("request", pick, lives)
        answered = self.do(drafts.Answer, [number], text=words, delivery=delivery)
        assert len(self.table("outbox")) - before == len(answered)

    @rule(picks=given.PICKS, words=given.SEEN, mail=given.PERHAPS)
    def answer_by_mail(self, picks: list[int], words: str, mail: bool | None) -> None:
        """An answer is queued in the step that gives it, or the step is refused whole."""
        before = len(self.table("outbox"))
        numbers = self.requests(picks, lives)
        answered = self.do(drafts.Answer, numbers, text=words, mail=mail)
        queued = len(self.table("outbox")) - before
        assert queued <= len(answered)
        assert mail is not True or queued == len(answered)
        assert mail is not False or queued == 0

    @rule(pick=given.PICK, department=given.PICK, words=given.SEEN, files=FILES)
    def forward_by_mail(
        self, pick: int, department: int, words: str, files: tuple[Attachment, ...]
    ) -> None:
        """A question goes out where the department has an address."""
        id = self.pick("department", department, in_use)
        number = self.pick("request", pick, lives)
        self.do(drafts.ForwardDraft, [number], department_id=id, question=words, files=files)
