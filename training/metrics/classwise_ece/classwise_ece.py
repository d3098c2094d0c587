"""Class-wise expected calibration error, as a metric of the ``evaluate`` library, loaded by path."""

import datasets
import evaluate
import numpy as np

from stance.evaluation import calibration_error


class ClasswiseECE(evaluate.Metric):
    """Mean over classes of the gap between probability and frequency in 10 bins (Nixon et al. 2019)."""

    def _info(self) -> evaluate.MetricInfo:
        features = datasets.Features({"predictions": datasets.Sequence(datasets.Value("float64")), "references": datasets.Value("int64")})
        return evaluate.MetricInfo(description=__doc__, citation="", inputs_description="probabilities and class indices", features=features)

    def _compute(self, predictions: list[list[float]], references: list[int]) -> dict[str, float]:
        return {"classwise_ece": calibration_error(np.asarray(predictions), np.asarray(references))}
