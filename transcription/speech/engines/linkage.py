"""Sentences of the same meaning, by average linkage."""

from __future__ import annotations

from collections import defaultdict

from sklearn.cluster import AgglomerativeClustering

from transcription.speech.ports import Meanings

from .failures import engine_errors

FARTHEST = 0.65
"""Two groups become one while the mean cosine distance of their members stays below this.

Chosen on 13 of the 25 intents of tests/data/questions.tsv, where it beat HDBSCAN, complete and Ward's linkage.
"""
SMALLEST = 3


class AverageLinkageGrouper:
    """Hierarchical clustering whose one threshold means the same however many sentences there are."""

    name = f"average linkage {FARTHEST}"

    def group(self, meanings: Meanings) -> list[list[int]]:
        if len(meanings) < SMALLEST:
            return []
        with engine_errors("grouping sentences"):
            labels = AgglomerativeClustering(
                n_clusters=None, metric="cosine", linkage="average", distance_threshold=FARTHEST
            ).fit_predict(meanings)
        members = defaultdict(list)
        for row, label in enumerate(labels):
            members[label].append(row)
        return sorted((rows for rows in members.values() if len(rows) >= SMALLEST), key=len, reverse=True)
