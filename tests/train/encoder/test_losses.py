"""The two losses: least where vectors are where they should be, and blind to doubles in a batch."""

from __future__ import annotations

import pytest
import torch

from train.encoder import distil
from train.encoder.optimise import Rates

HOW = distil.Distillation(1, 100, 0.0, 0.3, 20.0, Rates(1e-4, 1e-3, 1))


def unit(*rows: list[float]) -> torch.Tensor:
    return torch.nn.functional.normalize(torch.tensor(rows), dim=1)


def test_distillation_is_nearly_nothing_at_the_targets() -> None:
    targets = unit([1.0, 0.0], [0.0, 1.0])
    assert float(distil.loss(targets, targets, torch.tensor([0, 1]), HOW)) == pytest.approx(0.0, abs=1e-6)


def test_distillation_is_the_squared_distance_plus_the_contrast() -> None:
    vectors, targets = unit([1.0, 0.0], [1.0, 0.0]), unit([1.0, 0.0], [0.0, 1.0])
    scores = torch.tensor([[20.0, 0.0], [20.0, 0.0]])
    gold = torch.arange(2)
    cross = torch.nn.functional.cross_entropy
    expected = (0 + 2) / 2 + 0.3 * (cross(scores, gold) + cross(scores.T, gold)) / 2
    assert float(distil.loss(vectors, targets, gold, HOW)) == pytest.approx(float(expected))


def test_texts_of_the_same_english_are_no_contrast_to_each_other() -> None:
    same = unit([1.0, 0.0], [1.0, 0.0])
    assert float(distil.loss(same, same, torch.tensor([7, 7]), HOW)) == pytest.approx(0.0, abs=1e-6)


def test_retrieval_prefers_the_questions_own_passage() -> None:
    questions = unit([1.0, 0.0], [0.0, 1.0])
    right = torch.cat([questions, -questions])
    numbers = torch.tensor([0, 1, 2, 3])
    assert float(distil.contrast(questions, right, numbers, 20.0)) < 1e-6
    assert float(distil.contrast(questions, -right, numbers, 20.0)) > 1


def test_two_questions_about_one_passage_do_not_push_it_away() -> None:
    questions = unit([1.0, 0.0], [1.0, 0.0])
    passages = torch.cat([questions, -questions])
    assert float(distil.contrast(questions, passages, torch.tensor([5, 5, 8, 9]), 20.0)) == pytest.approx(0.0, abs=1e-6)
