"""LightGBM on a table in files: seconds to train, its own binning counted, and AUC on the rows held out."""

import json
import sys
import time

import lightgbm as lgb
import numpy as np

asked = json.load(sys.stdin)


def table(name):
    features = np.fromfile(asked[name]["features"], np.float32).reshape(-1, asked["columns"])
    return features, np.fromfile(asked[name]["labels"], np.float32)


(features, labels), (held, wanted) = table("train"), table("held")
settings = {
    "objective": "binary",
    "num_leaves": asked["leaves"],
    "learning_rate": asked["rate"],
    "max_bin": 255,
    "num_threads": asked["threads"],
    "verbose": -1,
}
started = time.perf_counter()
booster = lgb.train(settings, lgb.Dataset(features, labels), asked["trees"])
seconds = time.perf_counter() - started
order = np.argsort(booster.predict(held, raw_score=True))
ranks = np.flatnonzero(wanted[order] > 0) + 1
positives = len(ranks)
auc = (ranks.sum() - positives * (positives + 1) / 2) / (positives * (len(wanted) - positives))
json.dump({"seconds": seconds, "auc": float(auc)}, sys.stdout)
