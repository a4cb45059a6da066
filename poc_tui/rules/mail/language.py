"""The language of a mail, by the small words that every text of a language has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

_LOOKED_AT = 5_000
"""Characters; a text has shown its language by then."""

_SHARE = 0.1
"""Of the words of a text, those that must be of its language; in most it is a third."""

_FEW = 6
"""Words of a text in which one tells: "Vielen Dank", "any news"."""

_GERMAN = """
aber als am an auch auf aus bei beim bin bis bitte da danke das dass dem den der des die diese
dieser doch ein eine einen einer er es für geehrte geehrter gibt gruß grüße guten hab habe haben
hallo hat ich ihnen ihr ihre im in ist ja kann kein keine können leider liebe man mein meine mich
mir mit möchte nach nicht noch nur oder ohne schon sehr sich sie sind so um und uns unser unsere
vielen vom von vor wann war warum was wenn werden wie wir wird wo wurde zu zum zur über
"""
_ENGLISH = """
a about am an and any are as at be because been but by can could dear did do for from get had has
have hello help how i if in is it its just let me my need no not of on or our please regards since
so thank thanks that the their them there these they this to us was we were what when where which
who why will with would you your
"""
_FRENCH = """
au aux avec bonjour ce cela cette cordialement dans de des du elle en est et il j'ai je la le les
leur mais merci ne nous ou par pas pour que qui sans ses si son sont sur un une votre vous
"""
_DUTCH = """
aan als bij dat de deze die dit een en er geen graag groet heb het hoe ik in is je kan maar met
mijn naar niet nog of om onze ook op over te u uit uw van voor wanneer we wij zijn
"""
_ITALIAN = """
a al alla anche che ci con cordiali da dei del della di e grazie ho i il in io la le lo ma mi nel
non per più quando saluti se si sono su un una vi
"""
_SPANISH = """
a al como con cuando de del el en es esta este gracias ha hola la las le lo los me mi no nos para
pero por que se si sin su un una y
"""
_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "de": frozenset(_GERMAN.split()), "en": frozenset(_ENGLISH.split()),
    "fr": frozenset(_FRENCH.split()), "nl": frozenset(_DUTCH.split()),
    "it": frozenset(_ITALIAN.split()), "es": frozenset(_SPANISH.split()),
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_CODE = re.compile(r"\s*([a-z]{2,3})(?![a-z])", re.IGNORECASE)


def language_of(text: str, declared: str = "") -> str:
    """The code of the language in which a text is written, such as `de`; empty if it is not known.

    `declared` is what its sender's program says (Content-Language, RFC 3282). That is often the
    language of the program, so it counts only where the words do not say.
    """
    words = [word.lower() for word in _WORD.findall(text[:_LOOKED_AT])]
    counts = Counter(
        {language: sum(word in small for word in words) for language, small in _SMALL_WORDS.items()}
    )
    if counts["de"] and any(char in "äöüß" for word in words for char in word):
        counts["de"] += 1  # as many in "die" alone, which is Dutch as well
    (first, most), (_, next_most) = counts.most_common(2)
    enough = most >= (1 if len(words) <= _FEW else max(2, _SHARE * len(words)))
    if enough and most > next_most:
        return first
    found = _CODE.match(declared)
    return found[1].lower() if found else ""
