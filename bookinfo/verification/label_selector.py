"""Kubernetes' label selectors (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors)."""

from __future__ import annotations

from typing import Any


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Whether a LabelSelector, matchLabels and matchExpressions, takes an object with these labels."""
    wanted = selector.get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        holds(expression, labels) for expression in selector.get("matchExpressions") or [])


def holds(expression: dict[str, Any], labels: dict[str, str]) -> bool:
    """Whether one of its expressions holds. An operator that is unknown here holds for nothing."""
    key, operator, values = expression["key"], expression["operator"], expression.get("values") or []
    return {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }.get(operator, False)
