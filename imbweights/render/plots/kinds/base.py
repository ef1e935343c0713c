"""What a kind of plot is: data and wishes → a figure, or the reason why there can be none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imbweights.core.profile import Profile
from imbweights.core.weights import ClassWeights
from imbweights.render.plots.lettering import Lettering
from imbweights.render.plots.options import PlotOptions

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is drawn. ``weights``: for the kind that shows them, one per scheme, of the classes of
    ``trained``, the counts that they were computed on.
    """

    profile: Profile
    headline: str
    source: str
    options: PlotOptions
    weights: tuple[ClassWeights, ...] = ()

    @property
    def title(self) -> str:
        """The title: the user's, or what is seen."""
        return self.headline if self.options.title is None else self.options.title

    @property
    def caption(self) -> str:
        """What was counted; who writes no title has a caption of their own."""
        return "" if self.options.title == "" else self.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of plot.

    ``refuses`` gives message and hint when the data have nothing to draw; ``needs_weights``: the
    subject must have some.
    """

    name: str
    summary: str
    draw: Callable[[Subject, Lettering], Figure]
    refuses: Callable[[Profile], tuple[str, str] | None] = lambda profile: None
    needs_weights: bool = False
    has_scale: bool = True
