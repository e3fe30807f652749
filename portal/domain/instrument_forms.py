"""The forms as data: what is asked, in which words, on which scale, by whom, and whom to credit.

Only instruments that may be embedded stand here. Wording is the source's where it is free, our own elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.core.i18n import _
from portal.core.measures import InstrumentKey, ViolenceForm
from portal.domain.labels import word


class Better(StrEnum):
    """Which end of a scale is the good one."""

    HIGH = "high"
    LOW = "low"


class AnsweredBy(StrEnum):
    CLIENT = "client"
    STAFF = "staff"
    TRAINED_STAFF = "trained_staff"


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `key` is stored with the answer and never changes."""

    key: str
    text: object


@dataclass(frozen=True, slots=True)
class Instrument:
    """A form: items on one whole-number scale from `low` to `high`; `scale` names the steps that have a name."""

    key: InstrumentKey
    title: object
    intro: object
    items: tuple[Item, ...]
    low: int
    high: int
    better: Better
    answered_by: AnsweredBy
    scale: Mapping[int, object]
    credit: str
    # The range of the score, where there is one; single ratings stand for themselves.
    score_low: int | None = None
    score_high: int | None = None
    # A note that must stand beside every result.
    note: object = ""


def _items(prefix: str, *texts: object) -> tuple[Item, ...]:
    return tuple(Item(f"{prefix}{number}", text) for number, text in enumerate(texts, 1))


_AMOUNT = {0: _("Not at all"), 1: _("A little bit"), 2: _("Moderately"), 3: _("Quite a bit"), 4: _("Extremely")}
_OWN = "Own wording."

EXPOSURE = Instrument(
    InstrumentKey.EXPOSURE,
    word(InstrumentKey.EXPOSURE),
    _("What has happened since the last time you were asked?"),
    tuple(Item(form.value, word(form)) for form in ViolenceForm),
    0,
    1,
    Better.LOW,
    AnsweredBy.CLIENT,
    {0: _("No"), 1: _("Yes")},
    _OWN,
    0,
    1,
)
SAFETY_FEELING = Instrument(
    InstrumentKey.SAFETY_FEELING,
    word(InstrumentKey.SAFETY_FEELING),
    _("How safe do you feel at the moment?"),
    (Item("safety", _("How sure are you that you will not be exposed to violence?")),),
    1,
    7,
    Better.HIGH,
    AnsweredBy.CLIENT,
    {1: _("I fear that it can easily happen"), 7: _("I am sure that it will not happen")},
    _OWN,
    1,
    7,
)
WHO5 = Instrument(
    InstrumentKey.WHO5,
    word(InstrumentKey.WHO5),
    _("How have you been feeling over the last two weeks?"),
    _items(
        "w",
        _("I have felt cheerful and in good spirits"),
        _("I have felt calm and relaxed"),
        _("I have felt active and vigorous"),
        _("I woke up feeling fresh and rested"),
        _("My daily life has been filled with things that interest me"),
    ),
    0,
    5,
    Better.HIGH,
    AnsweredBy.CLIENT,
    {
        5: _("All of the time"),
        4: _("Most of the time"),
        3: _("More than half of the time"),
        2: _("Less than half of the time"),
        1: _("Some of the time"),
        0: _("At no time"),
    },
    "WHO-5 Well-Being Index (World Health Organization, 1998). For non-commercial use.",
    0,
    100,
)
UCLA3 = Instrument(
    InstrumentKey.UCLA3,
    word(InstrumentKey.UCLA3),
    _("The next questions are about how you feel about being alone."),
    _items(
        "u",
        _("How often do you feel that you lack companionship?"),
        _("How often do you feel left out?"),
        _("How often do you feel isolated from others?"),
    ),
    1,
    3,
    Better.LOW,
    AnsweredBy.CLIENT,
    {1: _("Rarely"), 2: _("Sometimes"), 3: _("Often")},
    "Three-item loneliness scale from the UCLA Loneliness Scale (Hughes et al., 2004). For non-commercial use.",
    3,
    9,
)
_ITQ_FIRST = (
    _("Upsetting dreams that replay part of what happened"),
    _("Strong images or memories in which it feels as if it happens again here and now"),
    _("Avoiding thoughts, feelings or sensations that remind you of it"),
    _("Avoiding people, places or situations that remind you of it"),
    _("Being very watchful or on guard"),
    _("Being jumpy or easily startled"),
    _("It has affected your relationships or social life"),
    _("It has affected your work or ability to work"),
    _("It has affected other important parts of your life, such as parenting or education"),
)
_ITQ_SECOND = (
    _("When I am upset, it takes me a long time to calm down"),
    _("I feel numb or shut down"),
    _("I feel like a failure"),
    _("I feel worthless"),
    _("I feel distant or cut off from people"),
    _("I find it hard to stay close to people"),
    _("This has worried you in your relationships or social life"),
    _("This has affected your work or ability to work"),
    _("This has affected other parts of your life, such as parenting or education"),
)
ITQ = Instrument(
    InstrumentKey.ITQ,
    word(InstrumentKey.ITQ),
    _("How much has each of these bothered you in the past month?"),
    (*_items("p", *_ITQ_FIRST), *_items("c", *_ITQ_SECOND)),
    0,
    4,
    Better.LOW,
    AnsweredBy.TRAINED_STAFF,
    _AMOUNT,
    "International Trauma Questionnaire (Cloitre et al., 2018). Free to use.",
    0,
    48,
    _("An indication, not a diagnosis."),
)
PCL5 = Instrument(
    InstrumentKey.PCL5,
    word(InstrumentKey.PCL5),
    _("How much has each of these bothered you in the past month?"),
    _items(
        "q",
        _("Repeated, disturbing and unwanted memories"),
        _("Repeated, disturbing dreams"),
        _("Suddenly feeling or acting as if it were happening again"),
        _("Feeling very upset when something reminded you of it"),
        _("Strong bodily reactions when something reminded you of it"),
        _("Avoiding memories, thoughts or feelings about it"),
        _("Avoiding people, places or situations that remind you of it"),
        _("Trouble remembering important parts of it"),
        _("Strong negative beliefs about yourself, others or the world"),
        _("Blaming yourself or someone else for it"),
        _("Strong fear, horror, anger, guilt or shame"),
        _("Loss of interest in what you used to enjoy"),
        _("Feeling distant or cut off from people"),
        _("Trouble feeling joy or love"),
        _("Irritable or angry behaviour"),
        _("Taking too many risks"),
        _("Being very watchful or on guard"),
        _("Being jumpy or easily startled"),
        _("Difficulty concentrating"),
        _("Trouble falling or staying asleep"),
    ),
    0,
    4,
    Better.LOW,
    AnsweredBy.TRAINED_STAFF,
    _AMOUNT,
    "PTSD Checklist for DSM-5 (Weathers et al., 2013), National Center for PTSD. In the public domain.",
    0,
    80,
    _("An indication, not a diagnosis."),
)
DOMAIN_RATING = Instrument(
    InstrumentKey.DOMAIN_RATING,
    word(InstrumentKey.DOMAIN_RATING),
    _("How do you see her situation in each area? Leave out what does not concern her."),
    (
        Item("violence", _("Violence")),
        Item("mental_health", _("Mental health")),
        Item("housing", _("Housing")),
        Item("finances", _("Finances")),
        Item("network", _("Network")),
        Item("parenting", _("Parenting")),
        Item("work", _("Work and education")),
        Item("prostitution", _("Prostitution")),
        Item("misuse", _("Misuse")),
    ),
    1,
    10,
    Better.HIGH,
    AnsweredBy.STAFF,
    {1: _("Very difficult"), 10: _("Very good")},
    _OWN,
)
PROBLEM_RATING = Instrument(
    InstrumentKey.PROBLEM_RATING,
    word(InstrumentKey.PROBLEM_RATING),
    _("How much of a problem is each of these for you right now?"),
    (
        Item("network", _("Network")),
        Item("communities", _("Communities")),
        Item("health", _("Health")),
        Item("finances", _("Finances")),
        Item("housing", _("Housing")),
        Item("work", _("Work and education")),
    ),
    0,
    4,
    Better.LOW,
    AnsweredBy.CLIENT,
    {0: _("No problem"), 4: _("A complete problem")},
    _OWN,
)

INSTRUMENTS: Mapping[InstrumentKey, Instrument] = {
    form.key: form
    for form in (
        EXPOSURE,
        SAFETY_FEELING,
        WHO5,
        ITQ,
        PCL5,
        UCLA3,
        DOMAIN_RATING,
        PROBLEM_RATING,
    )
}
