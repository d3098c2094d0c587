"""Macro-F1 over the labels that occur in the references, as a metric of the ``evaluate`` library, loaded by path."""

import datasets
import evaluate
from sklearn.metrics import f1_score


class MacroF1(evaluate.Metric):
    """Mean of the labels' F1 scores; a label never predicted counts 0."""

    def _info(self) -> evaluate.MetricInfo:
        features = datasets.Features({"predictions": datasets.Value("int64"), "references": datasets.Value("int64")})
        return evaluate.MetricInfo(description=__doc__, citation="", inputs_description="class indices", features=features)

    def _compute(self, predictions: list[int], references: list[int]) -> dict[str, float]:
        labels = sorted(set(references))
        return {"macro_f1": float(f1_score(references, predictions, labels=labels, average="macro", zero_division=0))}
