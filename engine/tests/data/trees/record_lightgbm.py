"""Records small LightGBM models and what the library predicts with them, for engine/src/trees to be checked against.

    python3 -m venv venv && venv/bin/pip install lightgbm==4.7.0 numpy scipy
    venv/bin/python record_lightgbm.py          # writes *.model.txt and *.cases.tsv beside itself

A line of cases: the features, tab-separated, then the raw score. "nan" is a missing value.
"""

import pathlib

import lightgbm
import numpy as np

HERE = pathlib.Path(__file__).parent
ROWS, FEATURES, CASES = 1500, 6, 200


def features(rng, rows):
    x = rng.normal(size=(rows, FEATURES))
    x[:, 1] = rng.integers(0, 40, rows)            # a category
    x[:, 2] = np.where(rng.random(rows) < 0.4, 0.0, x[:, 2])
    x[rng.random((rows, FEATURES)) < 0.15] = np.nan
    return x


def target(rng, x):
    known = np.nan_to_num(x)
    y = known[:, 0] + (known[:, 1] % 3 == 0) - np.isnan(x[:, 3]) + np.abs(known[:, 4]) * known[:, 5]
    return y + rng.normal(scale=0.2, size=len(x))


def record(name, params, labels, rng, **data):
    x = features(rng, ROWS)
    y = labels(target(rng, x))
    names = [f"signal_{n}" for n in range(FEATURES)]
    train = lightgbm.Dataset(x, y, feature_name=names, categorical_feature=[1], **data)
    common = {"num_leaves": 15, "verbose": -1, "seed": 7, "deterministic": True, "num_threads": 1}
    model = lightgbm.train(common | params, train, num_boost_round=25)
    text = model.model_to_string()
    (HERE / f"{name}.model.txt").write_text(text)
    cases = features(rng, CASES)
    cases[0], cases[1] = 0.0, np.nan
    cases[2, 1], cases[3, 1], cases[4, 1] = -1, 1e9, 3.7
    cases[5], cases[6] = 1e-36, -1e300
    scores = model.predict(cases, raw_score=True)
    lines = ["\t".join(repr(float(v)) for v in [*row, score]) for row, score in zip(cases, scores)]
    (HERE / f"{name}.cases.tsv").write_text("\n".join(lines) + "\n")


def main():
    rng = np.random.default_rng(20)
    grades = lambda y: np.clip(np.round(y + 1), 0, 4).astype(int)
    record("lambdarank", {"objective": "lambdarank"}, grades, rng, group=[30] * (ROWS // 30))
    record("regression", {"objective": "regression"}, lambda y: y, rng)
    record("binary", {"objective": "binary"}, lambda y: (y > 0).astype(int), rng)
    record("zero_is_missing", {"objective": "regression", "zero_as_missing": True}, lambda y: y, rng)
    record("forest", {"boosting": "rf", "objective": "regression", "bagging_freq": 1,
                      "bagging_fraction": 0.7}, lambda y: y, rng)


main()
