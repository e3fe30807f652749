"""What may stand on a paper that she takes home: nothing that endangers her when somebody else finds it (R-628)."""

from portal.core.measures import CtiArea
from portal.core.scan import scan_places

# Beginnings of words, Danish and English, that tell of violence, of a centre, of hiding or of danger. A line with one
# of them is left out whole: too much rather than too little.
GIVES_AWAY = (
    *(
        "vold",
        "krisecent",
        "kvindehjem",
        "kvindekris",
        "krisehjælp",
        "overgreb",
        "trusl",
        "trussel",
        "truer",
        "true ham",
    ),
    *("stalk", "chikan", "forfølg", "tilhold", "opholdsforbud", "bortvis", "politi", "anmeld", "gerningsmand"),
    *("udøver", "slog ", "slået", "slår", "tæv", "kvæl", "bange", "utryg", "tryghed", "sikkerhed", "farlig", "i fare"),
    *("fare for", "risiko", "skjul", "hemmelig", "beskyttet", "alarm", "overfald", "kodeord", "flugt", "flygt", "eks-"),
    *("eksmand", "ekskæreste", "sagsnummer", "sagsnr"),
    *(
        "violen",
        "crisis",
        "shelter",
        "refuge",
        "abus",
        "threat",
        "harass",
        "restrain",
        "police",
        "perpetrat",
        "assault",
    ),
    *("danger", "afraid", "unsafe", "safety", "secur", "risk", "hiding", "hidden", "secret", "protected", "escape"),
    *("ex-", "case number", "case no"),
)
# What she wants in this area tells of danger by itself.
KEPT_OFF = frozenset({CtiArea.SAFETY})


def may_be_found(text: str, names: tuple[str, ...] = ()) -> bool:
    """Whether a line may be found by anybody: no telling word, no place, no number, and none of `names`.

    `names`: of organisations and of the case, which must never stand there.
    """
    said = " ".join(text.casefold().split())
    telling = (*GIVES_AWAY, *(name.casefold() for name in names if name.strip()))
    return not any(word in said for word in telling) and not scan_places(text)


def first_name(name: str) -> str:
    """The first of somebody's names."""
    return name.split()[0] if name.split() else ""
