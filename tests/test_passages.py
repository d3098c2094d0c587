from __future__ import annotations

from dataclasses import replace

from fabricated import fabricated

from stance.labels import Camp, Voice
from stance.passages import articles_of, evidence_of
from stance.records import Speaker

COMPARISON = fabricated()


def test_pieces_make_the_sentence() -> None:
    by_number = dict(evidence_of(COMPARISON))
    for number, row in enumerate(COMPARISON.outlets):
        texts = ["".join(piece.text for piece in entry.pieces) for entry in by_number[number]]
        assert texts == [item.text for item in COMPARISON.evidence if item.outlet == row.outlet]
    sentences = [entry for article in articles_of(COMPARISON) for entry in article.entries]
    originals = [sentence for shown in COMPARISON.shown for sentence in shown.sentences]
    assert ["".join(piece.text for piece in entry.pieces) for entry in sentences] == [one.text for one in originals]
    assert [entry.probability for entry in sentences] == [one.probabilities[one.frame] for one in originals]


def test_marks_are_the_words_that_moved_the_frame() -> None:
    item = replace(COMPARISON.evidence[0], text="Brutal police acted.", words=((0, 6, 0.4), (7, 13, 0.2), (14, 19, 0.04)))
    ((_, entries),) = evidence_of(replace(COMPARISON, evidence=(item,)))
    assert [(piece.text, piece.strength) for piece in entries[0].pieces if piece.text] == [("Brutal", 3), (" ", 0), ("police", 2), (" acted.", 0)]


def test_speakers() -> None:
    entries = [entry for article in articles_of(COMPARISON) for entry in article.entries]
    named = next(entry for entry in entries if len(entry.pieces) > 1)
    assert [(piece.text, piece.tip) for piece in named.pieces][1] == ("minister", "A. <Minister> (Pristina)")
    assert named.spoken == "attributed to A. <Minister> (Pristina)"
    assert {entry.spoken for entry in entries if entry.voice is Voice.OWN} == {"own voice"}


def test_a_speaker_named_elsewhere_is_told_but_not_marked() -> None:
    shown = COMPARISON.shown[0]
    sentence = replace(shown.sentences[1], voice=Voice.ATTRIBUTED, speaker=Speaker("Kurti", 0, 5, Camp.PRISTINA))
    assert sentence.start > 5
    (article,) = articles_of(replace(COMPARISON, shown=(replace(shown, sentences=(sentence,)),)))
    assert len(article.entries[0].pieces) == 1
    assert article.entries[0].spoken == "attributed to Kurti (Pristina)"


def test_only_web_addresses_become_links() -> None:
    assert {article.url for article in articles_of(COMPARISON)} == {"", "https://example.org/?a=1&b=<2>"}


def test_outlets_take_turns_until_the_limit() -> None:
    taken = articles_of(COMPARISON, most=8 * 7)
    assert [article.outlet for article in taken] == [0, 0, 1, 1, 2, 3, 4]
    assert articles_of(COMPARISON, most=7) == []
