from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.palette import COLOUR, PALETTE

SIGHT = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Linear RGB as it is seen (Machado, Oliveira and Fernandes 2009, severity 1)."""

TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
TEXT = {  # ground: what is written on it
    "paper": ("ink", "soft", "accent"),
    "panel": ("ink", "soft", "accent"),
    "ink": ("paper",),
    "belgrade": ("on-belgrade",),
    "pristina": ("on-pristina",),
    "western": ("on-western",),
    "neutral": ("on-neutral",),
    "step-0": ("on-step-low",),
    "step-1": ("on-step-low",),
    "step-2": ("on-step-low",),
    "step-3": ("on-step-high",),
    "step-4": ("on-step-high",),
}
TINTS = ((0.13, 0.18, 0.30, 0.42), (0.17, 0.20, 0.28, 0.36))
"""Strengths of the tints under sentences and marked words, as in the style sheet, for light and dark."""


def linear(colour: str) -> NDArray[np.float64]:
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    low, high = sorted(float(colour @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def mixed(tone: str, ground: str, strength: float) -> NDArray[np.float64]:
    """As ``color-mix(in srgb, ...)`` mixes: in the encoded values."""
    parts = zip((int(tone[at : at + 2], 16) for at in (1, 3, 5)), (int(ground[at : at + 2], 16) for at in (1, 3, 5)), strict=True)
    return linear("#" + "".join(f"{round(strength * a + (1 - strength) * b):02x}" for a, b in parts))


def lab(colour: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = TO_XYZ @ np.clip(colour, 0, 1) / [0.95047, 1, 1.08883]
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_contrast_is_reckoned_as_the_guidelines_do() -> None:
    assert contrast(linear("#000000"), linear("#ffffff")) == pytest.approx(21)
    assert contrast(linear("#777777"), linear("#ffffff")) == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_meets_level_aa(scheme: int) -> None:
    for ground, names in TEXT.items():
        for name in names:
            found = contrast(linear(PALETTE[ground][scheme]), linear(PALETTE[name][scheme]))
            assert found >= 4.5, f"{name} on {ground}: {found:.2f}"


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_on_tints_meets_level_aa(scheme: int) -> None:
    for name in COLOUR.values():
        for strength in TINTS[scheme]:
            ground = mixed(PALETTE[name][scheme], PALETTE["paper"][scheme], strength)
            found = contrast(ground, linear(PALETTE["ink"][scheme]))
            assert found >= 4.5, f"ink on {name} at {strength}: {found:.2f}"


@pytest.mark.parametrize("scheme", [0, 1])
def test_shapes_stand_out_from_the_ground(scheme: int) -> None:
    for name in ("belgrade", "pristina", "western", "accent", "edge"):
        assert contrast(linear(PALETTE[name][scheme]), linear(PALETTE["paper"][scheme])) >= 3, name


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("sight", sorted(SIGHT))
def test_frames_stay_apart_for_every_sight(scheme: int, sight: str) -> None:
    for one, other in combinations(COLOUR.values(), 2):
        seen = [lab(np.array(SIGHT[sight]) @ linear(PALETTE[name][scheme])) for name in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) >= 20, (one, other)


def test_each_light_value_names_one_colour() -> None:
    values = [light for light, _ in PALETTE.values()]
    assert len(set(values)) == len(values)
