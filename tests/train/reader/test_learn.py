"""The reader's loss and its layout, against hand-computed cases."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from train.reader.learn import _filled, loss


def test_the_loss_is_the_cross_entropy_of_the_answer_beside_all_others_and_none() -> None:
    evidence = torch.tensor([2.0, -1.0, 0.5])
    gold = torch.tensor([True, False, False])
    whole = math.exp(2.0) + math.exp(-1.0) + math.exp(0.5) + 1
    assert loss(evidence, gold).item() == pytest.approx(-math.log(math.exp(2.0) / whole), abs=1e-5)


def test_two_answers_do_not_compete_with_each_other() -> None:
    evidence = torch.tensor([2.0, 1.0, 0.0])
    gold = torch.tensor([True, True, False])
    first = -math.log(math.exp(2) / (math.exp(2) + 1 + 1))
    second = -math.log(math.exp(1) / (math.exp(1) + 1 + 1))
    assert loss(evidence, gold).item() == pytest.approx((first + second) / 2, abs=1e-5)


def test_without_an_answer_none_is_right() -> None:
    evidence = torch.tensor([-3.0, 0.0])
    gold = torch.tensor([False, False])
    assert loss(evidence, gold).item() == pytest.approx(math.log(1 + math.exp(-3) + 1), abs=1e-5)
    assert loss(torch.full((5,), -20.0), torch.zeros(5, dtype=torch.bool)).item() == pytest.approx(0, abs=1e-4)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60), st.integers(20, 120))
def test_batches_hold_every_task_once_and_keep_to_the_budget(lengths: list[int], budget: int) -> None:
    batches = _filled(range(len(lengths)), lengths, budget)
    assert [i for batch in batches for i in batch] == list(range(len(lengths)))
    assert all(sum(lengths[i] for i in batch) <= budget or len(batch) == 1 for batch in batches)
