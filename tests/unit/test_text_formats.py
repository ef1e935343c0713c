"""Text formats that are no tables: fastText, svmlight, path lists, CoNLL, ARFF, Open Images."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import dump_svmlight_file
from support import write

from imbweights import analyze
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError


def test_fasttext(tmp_path: Path) -> None:
    """Labels anywhere in the line; a line without any is a row; one each makes classes."""
    several = "__label__a __label__b some text\n__label__a more\nno label here\n\n__label__a x\n"
    found = analyze(write(tmp_path / "a.txt", several)).counts
    assert (found.as_dict(), found.samples) == ({"a": 3, "b": 1}, 4)
    assert (found.label_sets or {})[()] == 1
    single = analyze(write(tmp_path / "b.txt", "__label__a x\n__label__b y\n__label__a\n")).counts
    assert (single.task.value, single.as_dict()) == ("multiclass", {"a": 2, "b": 1})
    packed = tmp_path / "c.txt.gz"
    packed.write_bytes(gzip.compress(several.encode()))
    assert analyze(packed).counts == found


def test_parts_of_which_one_has_single_labels_only(tmp_path: Path) -> None:
    """What the whole is decides, so that parts add up."""
    one = write(tmp_path / "a.txt", "__label__a x\n__label__b y\n")
    two = write(tmp_path / "b.txt", "__label__a __label__b x\n")
    found = analyze([one, two]).counts
    assert found.label_sets == {(0,): 1, (1,): 1, (0, 1): 1}


def test_svmlight_as_scikit_learn_writes_it(tmp_path: Path) -> None:
    """Single and multi-label."""
    x = np.random.default_rng(0).random((6, 3))
    dump_svmlight_file(x, [1, 1, 2, 3, 3, 3], str(tmp_path / "a.txt"), comment="made here")
    assert analyze(tmp_path / "a.txt").counts.as_dict() == {"1": 2, "2": 1, "3": 3}
    y = np.array([[1, 0], [1, 1], [0, 0], [0, 1], [1, 0], [1, 0]])
    dump_svmlight_file(x, y, str(tmp_path / "b.txt"), multilabel=True)
    found = analyze(tmp_path / "b.txt").counts
    assert (found.as_dict(), found.samples) == ({"0": 4, "1": 2}, 6)
    assert (found.label_sets or {})[()] == 1


def test_svmlight_in_the_wild(tmp_path: Path) -> None:
    """Signs, query ids, comments, tabs, the header of Extreme Classification, bad rows."""
    found = analyze(write(tmp_path / "a.txt", "+1 qid:3 1:2 # x\n-1\t1:0.5\n-1 2:1e-3\n")).counts
    assert found.as_dict() == {"+1": 1, "-1": 2}
    header = analyze(write(tmp_path / "b.txt", "3 4 9\n7,8 0:1\n 1:2\n8 3:1\n")).counts
    assert (header.as_dict(), header.samples) == ({"7": 1, "8": 2}, 3)
    bad = write(tmp_path / "c.svm", "1 1:2\n2 1:3\nwhat is this\n1 4:1\n")
    with pytest.raises(SourceError, match="line 3"):
        analyze(bad, kind="svmlight")
    assert analyze(bad, kind="svmlight", on_bad_rows="skip").counts.as_dict() == {"1": 2, "2": 1}


def test_a_regression_target_is_no_class(tmp_path: Path) -> None:
    """Nearly every row its own value."""
    rows = "".join(f"{i * 1.37} 1:{i}\n" for i in range(40))
    with pytest.raises(SourceError, match="target of a regression"):
        analyze(write(tmp_path / "a.txt", rows))


def test_path_lists(tmp_path: Path) -> None:
    """Paths with blanks, several ids, names by position."""
    rows = "a/one cat.jpg 0\nb.PNG 2\nc.jpeg 2\n"
    path = write(tmp_path / "a.txt", rows)
    assert analyze(path).counts.as_dict() == {"0": 1, "2": 2}
    named = analyze(path, classes=["cat", "dog", "cow"]).counts
    assert named.as_dict() == {"cat": 1, "dog": 0, "cow": 2}
    several = analyze(write(tmp_path / "b.txt", "a.jpg 0 2\nb.jpg 1\n")).counts
    assert several.label_sets == {(0, 2): 1, (1,): 1}


CONLL = """-DOCSTART- -X- O O

EU NNP B-NP B-ORG
rejects VBZ B-VP O
German JJ B-NP B-MISC
call NN I-NP I-MISC

Peter NNP B-NP B-PER
Blackburn NNP I-NP I-PER
EU NNP I-NP B-ORG
"""


def test_conll(tmp_path: Path) -> None:
    """Tags as written with O apart; entities by type."""
    path = write(tmp_path / "a.txt", CONLL)
    found = analyze(path, kind="conll")
    assert found.counts.as_dict() == {"B-MISC": 1, "B-ORG": 2, "B-PER": 1, "I-MISC": 1, "I-PER": 1}
    assert found.counts.ignored == 1
    assert "O (no entity)" in found.profile.source.notes[0]
    entities = analyze(path, kind="conll", count="objects").counts
    assert entities.as_dict() == {"MISC": 1, "ORG": 2, "PER": 1}
    with_o = analyze(path, kind="conll", classes=["O", *found.counts.classes]).counts
    assert with_o.as_dict()["O"] == 1
    plain = write(tmp_path / "b.txt", "a PER\nb PER\nc O\nd LOC\n\ne LOC\n")
    assert analyze(plain, kind="conll", count="objects").counts.as_dict() == {"LOC": 2, "PER": 1}
    with pytest.raises(SourceError, match="no token and tag"):
        analyze(write(tmp_path / "c.txt", "alone\n"), kind="conll")


ARFF = """% a comment
@relation 'x y'
@attribute 'sepal length' numeric
@attribute color {red, 'dark blue', "x, y"}
@ATTRIBUTE class {yes,no}
@data
% another
1, red, yes
2.5,'dark blue',no
?, "x, y" , yes
3,red,?
"""


def test_arff(tmp_path: Path) -> None:
    """Quoted names and values, comments, missing values; the class by its name or asked for."""
    path = write(tmp_path / "a.arff", ARFF)
    found = analyze(path).counts
    assert (found.as_dict(), found.missing) == ({"no": 1, "yes": 2}, 1)
    colors = analyze(path, label="color").counts
    assert colors.as_dict() == {"dark blue": 1, "red": 2, "x, y": 1}
    other = write(tmp_path / "b.arff", ARFF.replace("class", "kind"))
    with pytest.raises(AmbiguousSourceError, match="which of the 3 columns"):
        analyze(other)
    with pytest.raises(SourceError, match=r"line 8.*2 values for 3 attributes"):
        analyze(write(tmp_path / "c.arff", ARFF.replace("1, red, yes", "1, red")))
    with pytest.raises(SourceError, match="no rows below @data"):
        analyze(write(tmp_path / "d.arff", "@relation x\n@attribute class {a}\n@data\n"))


SPARSE = """@relation 'set: -C 2'
@attribute lab1 {0,1}
@attribute lab2 {0,1}
@attribute word numeric
@data
{0 1, 2 3.5}
{}
{1 1,0 1}
{2 1}
"""


def test_sparse_arff_with_labels_named_by_meka_or_mulan(tmp_path: Path) -> None:
    """-C counts from the front; an XML beside the file comes first."""
    path = write(tmp_path / "a.arff", SPARSE)
    found = analyze(path)
    assert found.counts.as_dict() == {"lab1": 2, "lab2": 1}
    assert found.counts.samples == 4
    assert "-C 2" in found.profile.source.details[0]
    xml = '<labels xmlns="http://mulan.sourceforge.net/labels"><label name="lab2"/></labels>'
    write(tmp_path / "a.xml", xml)
    assert analyze(path).counts.as_dict() == {"0": 3, "1": 1}
    write(tmp_path / "a.xml", xml.replace("lab2", "lab9"))
    with pytest.raises(SourceError, match="'lab9', which is no attribute"):
        analyze(path)
    write(tmp_path / "a.xml", "<annotation/>")
    assert analyze(path).counts == found.counts


def test_a_relation_that_was_filtered_is_not_believed(tmp_path: Path) -> None:
    """Weka's filters leave -C behind although the columns have moved."""
    text = SPARSE.replace("-C 2'", "-C 2-weka.filters.unsupervised.attribute.Remove-R1'")
    with pytest.raises(AmbiguousSourceError):
        analyze(write(tmp_path / "a.arff", text))


def test_keel(tmp_path: Path) -> None:
    """The output is named in the header."""
    text = ARFF.replace("@data", "@inputs color\n@outputs color\n@data").replace("class", "kind")
    assert analyze(write(tmp_path / "a.dat", text)).counts.as_dict()["red"] == 2


BOXES = """ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax
a,x,/m/1,1,0,1,0,1
a,x,/m/1,1,0,1,0,1
a,x,/m/2,1,0,1,0,1
b,x,/m/1,0.7,0,1,0,1
c,x,/m/2,0,0,1,0,1
"""


def test_open_images(tmp_path: Path) -> None:
    """Confidence 0 says that the label is not there; the image still counts."""
    path = write(tmp_path / "boxes.csv", BOXES)
    found = analyze(path)
    assert found.counts.as_dict() == {"/m/1": 3, "/m/2": 1}
    assert found.counts.present.tolist() == [2, 1]
    assert found.counts.extent.tolist() == [4, 3]
    assert (found.counts.samples, found.counts.task.value) == (3, "detection")
    assert "1 row of confidence 0" in found.profile.source.notes[0]
    images = analyze(path, count="images").counts
    assert images.label_sets == {(0, 1): 1, (0,): 1, (): 1}
    named = write(
        tmp_path / "names.csv", "ImageID,Source,LabelName,Confidence\na,v,/m/1,1\nb,v,/m/1,0\n"
    )
    labels = analyze(named).counts
    assert labels.label_sets == {(0,): 1, (): 1}
    with pytest.raises(UsageError, match="labels whole images"):
        analyze(named, count="objects")
    assert analyze(path, ignore_label="/m/2").counts.ignored == 1
    plain = analyze(path, label="LabelName").counts
    assert plain.as_dict() == {"/m/1": 3, "/m/2": 2}
