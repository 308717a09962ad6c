"""implicit's alternating least squares, epoch by epoch: NDCG@20 of what was held out, and seconds since the training began, without those that asking took."""

import json
import sys
import time

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

K = 20


def main():
    told = json.load(sys.stdin)
    threadpool_limits(1, "blas")  # as implicit asks for: its threads are its own
    shape = (len(told["start"]) - 1, told["itemCount"])
    ones = np.ones(len(told["items"]), np.float32)
    taken = csr_matrix((ones, np.array(told["items"], np.int32), np.array(told["start"], np.int32)), shape)
    model = AlternatingLeastSquares(**told["settings"], num_threads=told["threads"], random_state=told["seed"])
    epochs = []
    begun = time.perf_counter()
    asking = 0.0

    def after_epoch(*_):
        nonlocal asking
        at = time.perf_counter()
        ndcg = ndcg_of(model.user_factors, model.item_factors, taken, told["questions"])
        epochs.append({"s": at - begun - asking, "ndcg": ndcg})
        asking += time.perf_counter() - at

    model.fit(taken, show_progress=False, callback=after_epoch)
    json.dump(epochs, sys.stdout)


def ndcg_of(users, items, taken, questions):
    discounts = 1 / np.log2(np.arange(2, K + 2))
    ideal = np.cumsum(discounts)
    total = 0.0
    for begin in range(0, len(questions), 500):
        block = questions[begin : begin + 500]
        asked = [question["user"] for question in block]
        scores = users[asked] @ items.T
        had = taken[asked].tocoo()
        scores[had.row, had.col] = -np.inf
        best = np.argpartition(-scores, K, 1)[:, :K]
        best = np.take_along_axis(best, np.argsort(-np.take_along_axis(scores, best, 1), 1), 1)
        for row, question in zip(best, block):
            hits = np.isin(row, question["wanted"])
            total += (hits * discounts).sum() / ideal[min(K, len(question["wanted"])) - 1]
    return total / len(questions)


main()
