"""How a news sentence frames the Kosovo-Serbia dispute, and how outlets differ.

>>> import stance
>>> stance.score("The envoy met both leaders on Monday.").frame
<Frame.NEUTRAL: 'neutral'>
"""

from stance.compare import compare
from stance.figures import Comparison
from stance.labels import Frame, StanceError, Voice
from stance.records import Article, ArticleScore, SentenceScore
from stance.report import render
from stance.scoring import Classifier, classify, score, score_many

__all__ = [
    "Article",
    "ArticleScore",
    "Classifier",
    "Comparison",
    "Frame",
    "SentenceScore",
    "StanceError",
    "Voice",
    "classify",
    "compare",
    "render",
    "score",
    "score_many",
]
