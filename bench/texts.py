"""What customers write, made up: German and English sentences from word lists.

Enough different words that a search index has the size and the shape of a real one: German
compounds, numbers of invoices and orders, part codes, places.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product
from typing import TypeVar

T = TypeVar("T")


def _listed(words: str, separator: str | None = None) -> list[str]:
    return words.split(separator)


_GERMAN_FRONT = _listed(
    "Tür Zimmer Karten Schließ Empfangs Haupt Neben Keller Lager Büro Garagen Aufzug Schranken "
    "Gäste Mitarbeiter Besucher Nacht Brandschutz Hallen Küchen"
)
_GERMAN_BACK = _listed(
    "leser schloss anlage ausweis zylinder beschlag steuerung kontakt schlüssel griff rahmen "
    "verriegelung öffner antrieb melder plan zugang dienst prüfung wartung"
)
_COMPOUNDS = [front + back for front, back in product(_GERMAN_FRONT, _GERMAN_BACK)]
_ENGLISH_THINGS = [
    f"{place} {thing}"
    for place, thing in product(
        _listed("front side back cellar office storage meeting guest staff visitor garage roof"),
        _listed("door lock reader card barrier terminal handle controller battery cylinder hinge"),
    )
]
_PLACES = _listed(
    "Augsburg Bremen Chemnitz Düsseldorf Erfurt Flensburg Göttingen Hürth Ingolstadt Jülich Köln "
    "Lübeck München Nürnberg Osnabrück Püttlingen Rügen Saarbrücken Tübingen Überlingen Würzburg "
    "Zürich Bristol Cardiff Dover Exeter Glasgow Leeds Norwich Oxford Perth Swansea Truro York"
)
_TRADES = _listed(
    "Bäckerei Metzgerei Schreinerei Gärtnerei Spedition Brauerei Druckerei Kanzlei Praxis Klinik "
    "Schule Bücherei Pension Gasthof Hotel Museum Werkstatt Agentur Studio Guesthouse Brewery "
    "Library Clinic Workshop College Gallery Theatre Nursery Bakery Harbour"
)
_BYNAMES = _listed(
    "am Markt,am See,an der Brücke,zur Mühle,Süd,Nord,Grün,Weiß,Höhe,Löwe,Krone,Adler,Sonne,Linde,"
    "Quay,Bridge,Green,Hill,Mill,Station,Garden,Corner,Court,Park",
    ",",
)

_GERMAN_WHAT = (
    "öffnet seit heute früh nicht mehr",
    "reagiert nur noch bei jeder dritten Karte",
    "blinkt gelb, obwohl die Batterien neu sind",
    "klemmt, sobald es draußen kälter wird",
    "wurde geliefert, passt aber nicht in den Rahmen",
    "fehlt in der Lieferung, auf dem Schein steht sie aber",
    "ist nach der Umstellung verschwunden",
    "lässt sich über das Programm nicht mehr sperren",
    "piept während der Führung so laut, dass niemand etwas versteht",
    "soll für den Umzug im Frühjahr mitgenommen werden",
)
_GERMAN_ASK = (
    "Können Sie uns bitte bis {when} zurückrufen?",
    "Wir bräuchten ein Angebot über {n} Stück für {place}.",
    "Rechnung {n} weist {k} Stück aus, geliefert wurden weniger.",
    "Wann dürfen wir mit Auftrag {n} rechnen?",
    "Bitte prüfen Sie das, die Gäste beschweren sich schon.",
    "Die Mahnung zu {n} kam, obwohl wir längst überwiesen haben.",
    "Das Ersatzteil {code} ist bei uns noch nicht angekommen.",
    "Vielen Dank für die schnelle Hilfe beim letzten Mal!",
)
_ENGLISH_WHAT = (
    "does not open since this morning",
    "only takes every third card",
    "blinks yellow although the batteries are new",
    "gets stuck as soon as it is cold outside",
    "was delivered but does not fit the frame",
    "is missing from the parcel although the note lists it",
    "cannot be blocked from the software any more",
    "beeps so loudly that visitors complain",
    "should come along when we move in spring",
    "opened for a card that we took back last year",
)
_ENGLISH_ASK = (
    "Could you please call us back by {when}?",
    "We would like an offer for {n} pieces for our site in {place}.",
    "Invoice {n} lists {k} units, fewer have arrived.",
    "When may we expect order {n}?",
    "Please look into it, our guests are complaining already.",
    "We got a reminder for {n} although we paid weeks ago.",
    "The spare part {code} has not reached us yet.",
    "Thank you for helping so quickly last time!",
)
_NUMBERS = range(1_000, 100_000)
_COUNTS = range(2, 60)
_CODES = range(100, 10_000)
_WHEN = ("morgen", "Freitag", "Mittag", "Ende der Woche", "tomorrow", "Friday", "noon", "tonight")


class Texts:
    """Subjects, messages and names; the same `seed` gives the same ones in the same order."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def pick(self, pool: Sequence[T]) -> T:
        """One of the pool; three times as fast as `random.choice`, and even enough."""
        return pool[int(self._random.random() * len(pool))]

    def subject(self) -> str:
        """One line of a few words."""
        pick = self.pick
        if self._random.random() < 0.5:
            return f"{pick(_COMPOUNDS)} {pick(_PLACES)} {pick(_GERMAN_WHAT)}"
        return f"{pick(_ENGLISH_THINGS).capitalize()} in {pick(_PLACES)} {pick(_ENGLISH_WHAT)}"

    def message(self) -> str:
        """Two sentences: what is wrong, and what is wanted."""
        pick = self.pick
        if self._random.random() < 0.5:
            start = f"{pick(_COMPOUNDS)} {pick(_GERMAN_WHAT)}."
            ask = pick(_GERMAN_ASK)
        else:
            start = f"The {pick(_ENGLISH_THINGS)} {pick(_ENGLISH_WHAT)}."
            ask = pick(_ENGLISH_ASK)
        filled = ask.format(
            when=pick(_WHEN),
            place=pick(_PLACES),
            n=pick(_NUMBERS),
            k=pick(_COUNTS),
            code=f"KX-{pick(_CODES)}",
        )
        return f"{start} {filled}"

    def firm(self) -> str:
        """The name of a customer; two may bear the same, as they do in life."""
        pick = self.pick
        return f"{pick(_TRADES)} {pick(_BYNAMES)} {pick(_PLACES)}"
