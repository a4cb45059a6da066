"""First guesses at a request from its words, English or German: kind, department, priority.

A guess fills a dialog in advance, and is stored when a person takes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from poc_tui.rules.text import words

_ENDINGS = ("ungen", "ings", "ung", "ing", "ies", "en", "er", "es", "ed", "em", "e", "s", "n", "y")
_LOOKED_AT = 2000
"""Characters; who writes more has said what it is about by then."""
_SHORTEST_STEM = 4
"""Letters; a shorter stem would make different words one."""

# Beginnings of folded words, or of several words in a row, and how much each says.
_COMPLAINT = (
    "wrong", "broken", "fault", "defect", "damag", "complain", "refund", "disappoint", "unaccept",
    "missing", "angry", "terribl", "overcharg", "fail", "not work", "doesn t work",
    "does not work", "stopped working", "charged twice", "still not", "still waiting",
    "falsch", "kaputt", "defekt", "beschaedig", "beschwer", "reklam", "mangel", "fehlt",
    "fehlerhaft", "unzufried", "enttaeusch", "aerger", "unverschaemt", "doppelt", "geht nicht",
    "funktioniert nicht", "immer noch nicht",
)  # fmt: skip
_WANTS_TO_ORDER = (
    "want to order", "like to order", "place an order", "want to buy", "like to buy",
    "moechten bestellen", "wir bestellen", "ich bestelle", "hiermit bestell",
)  # fmt: skip
_INFORMATION = (
    "informat", "infos", "brochure", "catalog", "datasheet", "price list", "send me", "details",
    "prospekt", "katalog", "unterlagen", "datenblatt", "preisliste", "schicken sie mir",
)  # fmt: skip
_FEEDBACK = (
    "feedback", "suggest", "prais", "thank", "great", "love", "wonderful", "lob", "danke",
    "vorschlag", "anregung", "verbesser", "toll", "zufrieden",
)  # fmt: skip
_ASKING = (
    "how", "what", "when", "where", "why", "who", "which", "can", "could", "is", "are", "do",
    "does", "wie", "was", "wann", "wo", "warum", "wer", "welche", "kann", "koennen", "ist", "gibt",
)  # fmt: skip

_KIND_CUES: Mapping[str, Mapping[str, int]] = {
    "complaint": dict.fromkeys(_COMPLAINT, 3),
    "order": {
        **dict.fromkeys(_WANTS_TO_ORDER, 3),
        **dict.fromkeys(("purchas", "bestellen", "auftrag", "nachbestell"), 2),
        **dict.fromkeys(("order", "bestell", "kaufen", "buy"), 1),
    },
    "information": dict.fromkeys(_INFORMATION, 2),
    "feedback": dict.fromkeys(_FEEDBACK, 2),
    "question": {
        **dict.fromkeys(("where is", "wo bleibt", "wo ist", "question", "frage"), 2),
        **dict.fromkeys(_ASKING, 1),
    },
}
"""In the order in which a tie is decided: what is worse when overlooked comes first."""

_WHOLE_WORDS = frozenset((*_ASKING, "buy", "lob", "toll", "great", "love"))
"""Cues too short to be the beginning of anything: `who` is not in `whole`."""

_PRIORITY_CUES: Mapping[str, tuple[str, ...]] = {
    "critical": (
        "emergency", "danger", "injur", "on fire", "data breach", "data leak", "notfall", "gefahr",
        "verletzt", "datenpanne", "stromschlag", "electric shock",
    ),
    "high": (
        "urgent", "immediately", "asap", "at once", "right away", "lawyer", "deadline",
        "dringend", "sofort", "eilig", "eilt", "umgehend", "unverzueglich", "anwalt", "frist",
    ),
    "low": (
        "no hurry", "not urgent", "whenever", "when you have time", "no rush", "keine eile",
        "nicht dringend", "nicht eilig", "eilt nicht", "bei gelegenheit",
    ),
}  # fmt: skip

# What a remit calls by its English name, by the stem of what a German customer calls it.
_ALSO = {
    "rechn": "invoice", "gutschrift": "invoice", "zahl": "payment", "bezahl": "payment",
    "ueberweis": "payment", "mahn": "payment", "mehrwertsteuer": "vat", "umsatzsteuer": "vat",
    "iban": "bank", "liefer": "delivery", "ersatzteil": "parts", "einbau": "installation",
    "montag": "installation", "stoer": "fault", "defekt": "fault", "kaputt": "fault",
    "broken": "fault", "defect": "fault", "bedien": "using", "konto": "account",
    "zugang": "access", "passwort": "access", "password": "access", "login": "access",
    "oeffnungszeit": "opening", "rueckgab": "returns", "ruecksend": "returns", "preis": "price",
    "angebot": "offer", "quot": "offer", "bestell": "order", "verfuegbar": "availability",
    "vertrag": "contract", "werb": "campaign", "press": "press", "webseit": "web", "websit": "web",
    "datenschutz": "protection", "dsgvo": "protection", "gdpr": "protection",
    "privac": "protection", "haft": "liability", "anwalt": "lawyer", "agb": "terms",
    "kulanz": "goodwill", "ausnahm": "exceptions", "geschaeftsfuehr": "management",
}  # fmt: skip

_SAYS_NOTHING = frozenset((
    "the", "and", "for", "with", "our", "that", "this", "what", "about", "from", "have", "has",
    "not", "you", "your", "which", "made", "name", "der", "die", "das", "und", "fuer", "mit",
    "ist", "ein", "eine", "wir", "ihr", "sie", "nicht", "von", "auf", "bei", "was", "ich",
))  # fmt: skip


def kind_of(text: str) -> str:
    """The likeliest kind: complaint, order, information, feedback, else question."""
    line = words(text[:_LOOKED_AT])
    scores = {kind: _score(line, cues) for kind, cues in _KIND_CUES.items()}
    scores["question"] += text.count("?") > 0
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] else "question"


def priority_of(text: str, vip: bool) -> str:
    """The likeliest priority: low, normal, high or critical; a VIP is at least high.

    "Not urgent" is looked for before "urgent" is.
    """
    line = words(text[:_LOOKED_AT])
    told = "normal"
    for priority in ("critical", "low", "high"):
        if _score(line, dict.fromkeys(_PRIORITY_CUES[priority], 1)):
            told = priority
            break
    return "high" if vip and told in ("low", "normal") else told


def triaged(words: str, kind: str, priority: str, *, vip: bool) -> tuple[str, str]:
    """The kind and the priority of a new request, which has these.

    What nobody has said yet is guessed from its words; what was said stands. What every request
    has when it is taken down, a question of normal priority, counts as not said.
    """
    return (
        kind_of(words) if kind == "question" else kind,
        priority_of(words, vip) if priority == "normal" else priority,
    )


def department_of(
    text: str, departments: Sequence[tuple[int, str, str]], past: Sequence[tuple[int, str]]
) -> int | None:
    """The id of the department that `text` most likely belongs to; None if nothing points to one.

    `departments` are (id, name, remit), `past` is what was forwarded before, as (id of the
    department, words). A word counts by how far it tells the departments apart: one that stands
    in every remit says nothing.
    """
    known = {department for department, _, _ in departments}
    wanted = _stems(text)
    scores: dict[int, float] = {}
    _add_shares(scores, wanted, [(id, _stems(name)) for id, name, _ in departments], 3.0)
    _add_shares(scores, wanted, [(id, _stems(remit)) for id, _, remit in departments], 2.0)
    before = [(id, _stems(asked)) for id, asked in past if id in known]
    _add_shares(scores, wanted, before, 2.0)
    if not scores:
        return None
    best = max(scores.values())
    return next(id for id, _, _ in departments if scores.get(id) == best)


def _add_shares(
    scores: dict[int, float], wanted: set[str], texts: Sequence[tuple[int, set[str]]], weight: float
) -> None:
    """Give each department its share of `weight` for every wanted stem that it is known by.

    The share is how often of all times the stem stood for it; a stem that several are known by
    says less, by how many they are.
    """
    for stem in sorted(wanted):
        holders = Counter(id for id, stems in texts if stem in stems)
        total = sum(holders.values())
        for id, count in holders.items():
            scores[id] = scores.get(id, 0.0) + weight * count / total / len(holders)


def _score(line: Sequence[str], cues: Mapping[str, int]) -> int:
    return sum(weight for cue, weight in cues.items() if _has(line, cue))


def _has(line: Sequence[str], cue: str) -> bool:
    """Whether the words of the cue stand in a row; the last one may go on."""
    *first, last = cue.split()
    for start in range(len(line) - len(first)):
        end = line[start + len(first)]
        if line[start : start + len(first)] == first and (
            end == last if cue in _WHOLE_WORDS else end.startswith(last)
        ):
            return True
    return False


def _stems(text: str) -> set[str]:
    stems: set[str] = set()
    for word in words(text[:_LOOKED_AT]):
        if len(word) > 2 and word not in _SAYS_NOTHING:
            stem = _stem(word)
            stems.add(stem)
            stems.update(_stem(also) for cue, also in _ALSO.items() if _begins(word, stem, cue))
    return stems


def _begins(word: str, stem: str, cue: str) -> bool:
    return stem == cue if len(cue) <= _SHORTEST_STEM else word.startswith(cue)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
