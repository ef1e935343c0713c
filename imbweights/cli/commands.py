"""Which commands there are, in order of use, and the questions that they answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the module that holds it as ``command``, its help line and panel."""

    module: str
    summary: str
    panel: str


_LOOK = "Look at your data"
_CHOOSE = "Choose weights"
_DOUBT = "Find out what is wrong"
_GUARD = "Keep bad data out"

# The modules are imported only when called, so that --help stays instant. In order of use.
COMMANDS = {
    "analyze": Command(
        "imbweights.cli.analyze",
        "Is this data set imbalanced? Class counts, shares, measures, what they mean.",
        _LOOK,
    ),
    "plot": Command(
        "imbweights.cli.plot",
        "How does it look? Counts, splits, weights, labels that come together, for papers and READMEs.",
        _LOOK,
    ),
    "report": Command(
        "imbweights.cli.report",
        "Everything on one page to send or keep: counts, weights with code, forecast, findings.",
        _LOOK,
    ),
    "suggest": Command(
        "imbweights.cli.suggest",
        "Which weights? Class weights or pos_weight, each with the class it belongs to.",
        _CHOOSE,
    ),
    "sweep": Command(
        "imbweights.cli.sweep",
        "Does weighting help on this data? Weights against thresholds, held-out scores, a verdict.",
        _CHOOSE,
    ),
    "audit": Command(
        "imbweights.cli.audit",
        "Are my weights right? Which scheme they are, in which order, what is wrong with them.",
        _DOUBT,
    ),
    "loss": Command(
        "imbweights.cli.loss",
        "Why is the loss NaN? What each framework reports, where it comes from, what to do.",
        _DOUBT,
    ),
    "check": Command(
        "imbweights.cli.check",
        "Is the data set fit to train on? Rules with stable codes, a baseline; made for CI.",
        _GUARD,
    ),
    "init": Command(
        "imbweights.cli.init",
        "Where do I begin? Writes a configuration and a baseline for the data in a folder.",
        _GUARD,
    ),
    "rule": Command(
        "imbweights.cli.rule",
        "What does a code mean? Why it matters, what to do, which threshold decides.",
        _GUARD,
    ),
    "config": Command(
        "imbweights.cli.config",
        "Which configuration is in force here, and where does each value come from?",
        _GUARD,
    ),
    "cache": Command(
        "imbweights.cli.cache",
        "What is kept here between runs, so that files are counted once? Show it, or remove it.",
        _GUARD,
    ),
}

EPILOG = """\
[bold]The question, and the command that answers it[/bold]
Is this data set imbalanced?
  [cyan]imbweights analyze labels.csv[/cyan]
Which weights for counts 198, 436, 710, 272?
  [cyan]imbweights suggest --counts A=198,B=436,C=710,D=272[/cyan]
Which pos_weight per label for a 0/1 table?
  [cyan]imbweights suggest tags.csv --label 'tag_*' --scheme pos-weight[/cyan]
Why is the loss NaN?
  [cyan]imbweights loss predictions.npy --targets labels.csv[/cyan]
In which order do the weights go? (prints index, class and weight)
  [cyan]imbweights suggest labels.csv --scheme balanced[/cyan]
Does weighting help on this data, and how much is right?
  [cyan]imbweights sweep data.csv --label y[/cyan]
Are the weights that I use right?
  [cyan]imbweights audit .12,.26,.43,.17 --on labels.csv[/cyan]
How does CI stop a bad data set?
  [cyan]imbweights check labels.csv --min-count 50[/cyan]
Is there a picture for the paper?
  [cyan]imbweights plot labels.csv -o classes.svg[/cyan]
How do I show all of this to my colleagues?
  [cyan]imbweights report labels.csv -o report.html[/cyan]"""
