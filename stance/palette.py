"""The colours of pages and charts, each for a light and a dark ground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stance.labels import Frame

PALETTE: Final[Mapping[str, tuple[str, str]]] = {
    "paper": ("#fdfdfb", "#14171a"),
    "panel": ("#f3f3ee", "#1e2227"),
    "line": ("#dadbd5", "#363c43"),
    "ink": ("#1c2024", "#e9ebed"),
    "soft": ("#575f68", "#aab2bb"),
    "edge": ("#7f868e", "#828a93"),
    "accent": ("#0d655c", "#62c9ba"),
    "belgrade": ("#b8500f", "#e8833a"),
    "pristina": ("#2473b5", "#4f9ddf"),
    "western": ("#4c2a63", "#e0c3f2"),
    "neutral": ("#c6cbd1", "#4b535c"),
    "on-belgrade": ("#fffffe", "#14171b"),
    "on-pristina": ("#fffeff", "#14171c"),
    "on-western": ("#fffefe", "#14171d"),
    "on-neutral": ("#1c2023", "#e9ebee"),
    "step-0": ("#eef1f2", "#22272d"),
    "step-1": ("#cfdadd", "#2d3f45"),
    "step-2": ("#a3bbc1", "#3b5d66"),
    "step-3": ("#3d6b77", "#6fa7b5"),
    "step-4": ("#123d49", "#c4e6ee"),
    "on-step-low": ("#1c2025", "#e9ebec"),
    "on-step-high": ("#fefeff", "#14171e"),
}
"""(light, dark) by name. A light value stands for its name in a chart until the page puts in the CSS variable, so none may
occur twice. The four frames stay apart under protanopia, deuteranopia and tritanopia, and text stands beside them in any case."""

COLOUR: Final[Mapping[Frame, str]] = {
    Frame.PRO_BELGRADE: "belgrade",
    Frame.PRO_PRISTINA: "pristina",
    Frame.WESTERN_CRITICAL: "western",
    Frame.NEUTRAL: "neutral",
}
"""Each frame's name in ``PALETTE``; ``on-`` before it names the colour of text on it."""


def light(name: str) -> str:
    """A colour's value on a light ground, as charts hold it.

    >>> light("ink")
    '#1c2024'
    """
    return PALETTE[name][0]
