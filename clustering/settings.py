"""Every tunable number of the method, with its unit and its source.

`MapSettings` holds what may differ between conversations; the constants are the published method's and the
same for everybody, so that two maps with the same method version can be compared.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from clustering.errors import SettingsError
from clustering.vocabulary import GROUP_LETTERS

ENGINE_VERSION = "0.1.0"
"""Version of this implementation; equal to the distribution's version."""

METHOD_VERSION = 1
"""Moves when the same votes would give another map; the stamp of a map is (method version, sequence)."""

Method = Literal["classic", "ideal", "strict"]

# Who is placed on the map. Source: Polis, conversation.clj `:in-conv` (commit 19af6644).
MIN_VOTES_TO_BE_PLACED = 7
"""Votes after which a participant is placed, or as many as there are statements if that is fewer."""
TOP_UP_TO = 15
"""When fewer participants than this are placed, the most active others join them up to this number."""

# What can be said at all. Ours: Polis draws a map of two people.
MIN_PARTICIPANTS_PLACED = 7
"""Placed participants below which no opinion groups are reported."""
MIN_STATEMENTS = 2
"""Statements with votes, not moderated out, below which there is nothing to compare."""

# Axes. Source: Polis, pca.clj; solved exactly here.
N_AXES = 2
"""Axes of the map: what fits on a page."""
RANK_TOLERANCE = 1e-10
"""Share of the first axis' variance below which the second axis is rounding noise and is left empty."""

# Opinion groups. Source: Polis, conversation.clj `max-k-fn` and `:group-clusterings`.
MIN_GROUPS = 2
"""Groups at least, where the number is chosen."""
MAX_GROUPS = len(GROUP_LETTERS)
"""Groups at most, however many people there are."""
PLACED_PER_EXTRA_GROUP = 12
"""One more group is considered for every this many placed participants (or base clusters)."""
KMEANS_STARTS = 20
"""Random starts of k-means for each number of groups; the division with the least spread is kept."""
KMEANS_MAX_ITERATIONS = 300
"""Iterations of k-means at most; it comes to rest in some ten."""
EXACT_UP_TO = 3_000
"""Distinct places up to which k-means starts and silhouettes use every place; beyond, a grid of cells."""
ALWAYS_COLLAPSED = 50_000
"""People up to which equal places are found by sorting; beyond, a grid takes their part."""
GRID_CELLS = 64
"""Cells across the wider axis of the grid for silhouettes, between the 0.1 % and 99.9 % quantiles."""
START_GRID_CELLS = 32
"""Cells across the grid for k-means starts."""
FINE_GRID_CELLS = 256
"""Cells across the grid on which the best start comes to rest, before it is polished over all places."""
POLISH_ITERATIONS = 2
"""Lloyd iterations over all places after the rest on the fine grid; measured: objective within 0.001 %."""

# The published k-means path, for parity. Source: Polis, clusters.clj `kmeans` (commit 314d5325).
STRICT_BASE_CLUSTERS = 100
"""Base clusters that people are put in first; groups are made of them."""
STRICT_BASE_ITERATIONS = 100
"""Iterations for the base clusters at most."""
STRICT_GROUP_ITERATIONS = 20
"""Iterations for the groups at most."""
STRICT_CENTRE_TOLERANCE = 0.01
"""Distance that every centre moves less than when the iterations rest."""

# Representative and consensus statements. Source: Polis, stats.clj and repness.clj (commit 2679ba7f).
Z_90 = 1.2816
"""One-sided 90 % point of the normal distribution, as Polis rounds it."""
N_REPRESENTATIVE = 5
"""Representative statements of a group at most."""
N_CONSENSUS = 5
"""Consensus statements at most, in either direction."""
PRIOR_SUCCESSES = 1
"""Imagined votes in the direction asked about, in every share."""
PRIOR_TRIALS = 2
"""A share is (votes + 1) / (seen + 2): one imagined agree and one imagined disagree."""

# Next statement. Source: Polis, conversation.clj `importance-metric`, `priority-metric`.
META_PRIORITY = 7
"""Root of the priority of a statement about the conversation itself."""
NEW_STATEMENT_BOOST = 8
"""Times that a statement nobody has voted on yet is shown more often for its newness, less one."""
NEW_STATEMENT_HALF_LIFE = 5
"""Votes after which the boost of a new statement has halved."""

# What everybody may see. Source: the product's privacy rule: bubbles of at least ten, floor five.
BUBBLE_SIZE = 10
"""Participants in a bubble of the map, at least."""
SMALLEST_GROUP_SHOWN = 5
"""Participants below which a group's size, outline and counts are not shown in public."""
MAX_BUBBLES = 160
"""Bubbles on one map; larger conversations get larger bubbles."""
AXIS_END_STATEMENTS = 3
"""Statements that explain each end of an axis."""

# The ideal-point model. Source: measured on held-out votes of the open Polis data (docs/method.md).
IDEAL_ALTERNATIONS = 8
"""Rounds of moving statements, then people; more rounds fit the votes at hand better and others worse."""
IDEAL_EARLY_ROUNDS = 2
"""Rounds in which two Newton steps are made instead of one."""
IDEAL_MAX_STEP = 1.5
"""Longest Newton step, in standard deviations of people's places."""
IDEAL_MIN_STEP = 1e-9
"""Newton step, in standard deviations of people's places, after which somebody rests."""
IDEAL_MIN_WEIGHT = 1e-3
"""Smallest information p (1 − p) of a vote, so that a sure thing can't make a step endless."""
IDEAL_LOADING_PRECISION = 4.0
"""Prior precision of a statement's loadings around their mean: standard deviation ½."""
IDEAL_EASINESS_PRECISION = 0.3
"""Prior precision of a statement's easiness around the mean."""
IDEAL_MIN_DECIDED = 5
"""Agrees and disagrees below which a statement says nothing about places."""
IDEAL_PERSON_STEPS = 25
"""Newton steps at most to place somebody with the statements fixed."""
IDEAL_MIN_PLACED = 50
"""Placed participants from which the ideal-point model is recommended."""

# A map that starts from an earlier one. Source: measured after 1 % new votes (docs/benchmarks.md).
STARTED_RESIDUAL = 3e-4
"""Residual at which axes rest that were sought from earlier ones, as a share of the first axis' variance."""
STARTED_ROUNDS = 2
"""Last rounds of the ideal-point model, which are made anew; the others are taken over."""
STARTED_PERSON_STEPS = 6
"""Newton steps at most with which people find their places among the statements taken over; mostly two."""
STARTED_MIN_STEP = 0.03
"""Such a step, in standard deviations of places, after which somebody rests: the next is about its square."""
STARTED_PEOPLE = 1_000
"""People from which rounds are taken over: fewer are quickly placed anew, and each of them weighs more."""
STARTED_PLANE = 0.9
"""Cosine between the planes of the earlier axes and the new ones, below which nothing else is taken over."""
STARTED_STRENGTH_MARGIN = 0.05
"""Distance of a prediction strength from 0.8 from which on it is taken over."""
STARTED_CENTRES = 0.1
"""How far a group's centre may have moved for that, as a share of the distance between the nearest two."""

# Coordinated ballots. Source: measured base rates (docs/method.md).
DUPLICATE_MIN_VOTES = 10
"""Votes from which equal ballots are taken for copies; short ballots are equal by chance."""

# Honest statements. Source: docs/method.md, measured on column-permuted open Polis data.
INTERVAL_LEVEL = 0.9
"""Chance that an interval of a share covers it."""
BOUND_LEVEL = 0.1
"""Quantile of a share that statements are ranked by: nine chances in ten that it is higher."""
N_FOLDS = 5
"""Parts of the statements; each part is judged by groups made from the other parts."""
FALSE_DISCOVERY_RATE = 0.05
"""Expected share of false ones among the representative statements named."""
VETO_GROUP_SHARE = 0.05
"""Share of the placed people below which a group has no veto on what all groups share."""
SEEN_BY_FEW = 10
"""People of a group who saw a statement below which nothing is claimed of that group."""
N_LISTED = 10
"""Statements on each of the lists: shared by all, by most, dividing, unsure."""

# The presented map. Ours; Polis waits four updates, which depends on how busy its worker is.
STEADY_VOTES_SHARE = 0.15
"""Another number of groups is presented once it has won while the votes grew by this share: four wins in a row,
each with 5 % more votes than the one before."""
STEADY_VOTES_MIN = 20
"""And by at least this many votes."""

# The written form.
DECIMALS = 10
"""Decimals kept in the written form: coarser than rounding noise between processors, finer than any use."""

# How sure the map is. Source: docs/certainty.md, which gives each figure's formula and paper.
PREDICTION_HALVES = 10
"""Random halves of the people for prediction strength. Source: measured on the open Polis data."""
PREDICTION_STRENGTH_NEEDED = 0.8
"""Prediction strength from which groups are reported. Source: Tibshirani and Walther (2005), section 3."""
SMALLEST_GROUP = 5
"""People below which a group is not reported."""
SMALLEST_GROUP_SHARE = 0.03
"""Share of the placed participants below which a group is not reported."""
MIN_PLACED_TO_JUDGE = 20
"""Placed participants below which nothing is judged: either half must have room for two groups of five."""
RESAMPLED_PEOPLE = 2_000
"""People at most that halves, resamples and mixtures are made from; beyond, a random choice of so many."""
RESAMPLED_STARTS = 8
"""k-means starts in each half, resample and simulation: many divisions, of which no single one counts."""
SHARED_PATTERN_PERMUTATIONS = 39
"""Permutations of the votes within each statement: enough for a test at 5 % with one draw to spare."""
SHARED_PATTERN_PEOPLE = 2_000
"""People at most whose votes are permuted; beyond, a random choice of so many."""
SIGNIFICANCE_LEVEL = 0.05
"""Chance of claiming a shared pattern, or more than one peak, where there is none."""
DENSITY_POINTS = 91
"""Grid points of the density of people along an axis."""
DENSITY_ROUNDS = 150
"""EM rounds of a one-peaked density; more change its log-likelihood by less than 0.1."""
ANY_DENSITY_ROUNDS = 15
"""EM rounds of a density of any shape, from an even one: more of them fit single people, and draw spikes."""
DENSITY_SPLITS = 15
"""Places of the single peak that a one-peaked density is tried from."""
DENSITY_SPLIT_ROUNDS = 25
"""EM rounds from each of these places, before the best two go on."""
MODALITY_SIMULATIONS = 200
"""Conversations with one peak drawn for comparison."""
MODALITY_PEOPLE = 1_000
"""People at most in the test for more than one peak; beyond, a random choice of so many."""
VALLEY_AT_MOST = 0.5
"""Density in the valley, as a share of the lower peak, up to which groups are called distinct."""
MEMBERSHIP_SURE = 0.8
"""Probability of belonging to the own group below which somebody stands in between."""
MEMBERSHIP_ROUNDS = 100
"""EM rounds of the mixture at most."""
MEMBERSHIP_TOLERANCE = 1e-6
"""Change of a membership probability below which the mixture rests."""
MEMBERSHIP_PRIOR_PEOPLE = 10
"""Imagined people with the spread of all groups together, in each group's spread."""
BOOTSTRAP_RESAMPLES = 30
"""Resamples of the people for the Jaccard similarity of each group. Source: Hennig (2007) uses 50 to 100."""


@dataclass(frozen=True, slots=True)
class MapSettings:
    """What may differ between conversations.

    Attributes
    ----------
    method
        `classic`: scaled principal axes and k-means on the participants; `ideal`: places from the ideal-point
        model; `strict`: Polis's own path over 100 base clusters.
    seed
        Start of every random choice; the same seed and votes give the same map, bit for bit.
    n_groups
        Number of groups to form (1 to 5), or None to choose: by silhouette in `classic` and `strict`; in
        `ideal` only a division that comes back in halves of the people, maybe none.
    """

    method: Method = "classic"
    seed: int = 0
    n_groups: int | None = None

    def __post_init__(self) -> None:
        """Refuse settings out of range.

        Raises
        ------
        SettingsError
            Names the setting, its range and what came.
        """
        if self.method not in get_args(Method):
            raise SettingsError(f"method: expected one of {', '.join(get_args(Method))}, got {self.method!r}")
        if not _is_whole(self.seed) or not 0 <= self.seed < 2**32:
            raise SettingsError(f"seed: expected a whole number from 0 to 2³²-1, got {self.seed!r}")
        if self.n_groups is not None and (not _is_whole(self.n_groups) or not 1 <= self.n_groups <= MAX_GROUPS):
            raise SettingsError(
                f"groups: expected a whole number from 1 to {MAX_GROUPS}, got {self.n_groups!r}"
            )

    def to_document(self) -> dict[str, Any]:
        """Return the settings as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "MapSettings":
        """Return settings from their written form; absent ones take their default.

        Raises
        ------
        SettingsError
            For an unknown setting or one out of range.
        """
        unknown = set(document) - set(cls.__slots__)
        if unknown:
            raise SettingsError(
                f"settings: unknown {', '.join(sorted(unknown))}; known: {', '.join(cls.__slots__)}"
            )
        return cls(**document)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# Which statement teaches most. Source: chosen on replays of the open Polis data (docs/benchmarks.md).
ROUTER_RANDOM_SHARE = 0.1
"""Share of the choices made at random among all unseen statements, so that shares can be unbiased."""
ROUTER_NEW_SHARE = 0.1
"""Share of the choices kept for statements that too few people have seen, while there are any."""
ROUTER_WELL_SEEN = 20
"""People who saw a statement from which it is no longer new."""

ROUTER_MIN_VOTES = 2
"""Votes from which somebody's votes shape the statements for choosing: the map itself asks for seven."""
ROUTER_PEOPLE = 50_000
"""People that statements are learned from for choosing, at most."""

# Coordinated ballots as evidence. Source: measured on planted bots and honest people (docs/method.md).
ALIKE_Z = 5.0
"""Standard deviations by which two people agree more often than their places let expect."""
ALIKE_SHARE = 0.9
"""Share of the statements both decided on that they agree on, at least."""
ALIKE_MIN_SHARED = 20
"""Statements both decided on, at least."""
ALIKE_MIN_PEOPLE = 3
"""People in a set of ballots that look alike, at least."""
ALIKE_BLOCK = 512
"""People compared with all others at a time: memory grows with this, not with the square of everybody."""
BURST_SECONDS = 60
"""Length of the window in which first votes are counted."""
BURST_SURROUNDINGS_SECONDS = 3_600
"""Stretch of time around it whose rate of first votes is taken for usual."""
BURST_MIN_PEOPLE = 10
"""First votes in a window below which it is never a burst: open conversations have up to 8 outside launches."""
BURST_CHANCE = 0.01
"""Chance of one such window in the whole conversation, if people came evenly at the surrounding rate."""

# What became of a group. Source: own thresholds; the idea of MONIC (Spiliopoulou et al. 2006).
EVENT_MAIN_SHARE = 0.5
"""Share of a group's people that another group must hold to be its successor or its origin."""
EVENT_PART_SHARE = 0.25
"""Share of a group's people that a part must hold to count as one of the parts it split into."""

# Weights that make up for who took part. Source: docs/reports.md.
SMALLEST_CELL = 5
"""People below which answers are counted together: as for groups, so that nobody is singled out."""
LARGEST_WEIGHT = 5.0
"""Most people that one person may stand for.

Source: DeBell and Krosnick (2009), ANES, trim at five times the mean.
"""
RAKING_TOLERANCE = 0.0005
"""Gap between a weighted and a known share that counts as none: a twentieth of a percentage point."""
MOST_RAKING_ROUNDS = 200
"""Rounds after which raking gives up; it takes five to twenty."""
