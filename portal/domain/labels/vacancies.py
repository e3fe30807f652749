"""Words for what has room and who waits."""

from portal.core.i18n import _
from portal.domain.labels.words import Words
from portal.domain.vacancies import Room, Spoken
from portal.domain.waiting import Band

WORDS: Words = (
    (Room.NOW, _("Room now")),
    (Room.SOON, _("Room soon")),
    (Room.ASK, _("Ask")),
    (Room.WAITING, _("Waiting list")),
    (Room.CLOSED, _("Closed for referrals")),
    (Spoken.DANISH, _("Danish")),
    (Spoken.ENGLISH, _("English")),
    (Spoken.ARABIC, _("Arabic")),
    (Spoken.DARI, _("Dari")),
    (Spoken.FARSI, _("Farsi")),
    (Spoken.KURDISH, _("Kurdish")),
    (Spoken.POLISH, _("Polish")),
    (Spoken.RUSSIAN, _("Russian")),
    (Spoken.SOMALI, _("Somali")),
    (Spoken.THAI, _("Thai")),
    (Spoken.TURKISH, _("Turkish")),
    (Spoken.UKRAINIAN, _("Ukrainian")),
    (Spoken.URDU, _("Urdu")),
    (Band.NEXT, _("among the next")),
    (Band.SOON, _("among the next ten")),
    (Band.LATER, _("further down the list")),
)
