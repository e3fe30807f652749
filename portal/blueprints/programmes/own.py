"""The programmes that a lead's organisation has made: the list, one with its versions, and what is done with them."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.blueprints.programmes import bp
from portal.blueprints.programmes.build_forms import PublishForm
from portal.blueprints.programmes.building import MANAGE, opened, press, url_of
from portal.blueprints.programmes.questions import answers_of
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.errors import NotNow
from portal.core.programmes import VersionState
from portal.domain.disclosure import FieldGroup
from portal.domain.labels import label
from portal.domain.labels.programmes import AUDIENCES
from portal.domain.programme_clocks import sample
from portal.domain.programme_forms import most_visible
from portal.domain.programme_lint import FIELD_BUDGET, lint
from portal.domain.programmes import Question, Rules, read
from portal.domain.referral_sources import said
from portal.queries import programme_versions as queries
from portal.services import programme_drafts as drafts
from portal.services import programme_versions as service
from portal.web.access import access, current_actor
from portal.web.filters import said_point
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import against

COLOURS = {VersionState.IN_FORCE: "green", VersionState.SCHEDULED: "warm", VersionState.DRAFT: "warm"}


@bp.get("/own")
@access(MANAGE)
def own() -> ResponseReturnValue:
    """The programmes that the own organisation has made."""
    return render_template("programmes/own.html", rows=queries.list_own(current_actor()))


@bp.get("/own/<public_id>")
@access(MANAGE)
def built(public_id: str) -> ResponseReturnValue:
    """One of them with its versions, and how many are under way on each."""
    programme = queries.get_own(current_actor(), public_id)
    rows = queries.list_versions(programme)
    states = {row.state for row in rows}
    return render_template(
        "programmes/built.html",
        programme=programme,
        rows=[(row, COLOURS.get(row.state, "neutral")) for row in rows],
        spread=_spread(rows),
        has_draft=VersionState.DRAFT in states,
        is_scheduled=VersionState.SCHEDULED in states,
        is_in_force=VersionState.IN_FORCE in states,
        is_empty=not rows,
    )


def _spread(rows: list[queries.VersionRow]) -> str:
    """How the courses spread over the versions: "12 on v3, 4 on v4"."""
    used = sorted((row.number, row.courses + row.requests) for row in rows if row.courses + row.requests)
    return ", ".join(_("%(num)d on v%(version)d", num=count, version=number) for number, count in used)


@bp.get("/own/<public_id>/versions/<int:number>")
@access(MANAGE)
def version(public_id: str, number: int) -> ResponseReturnValue:
    """A version as its readers meet it, with a sample case; a draft also with what is to be put right."""
    return _page(public_id, number)


def _page(public_id: str, number: int, sent: PublishForm | None = None) -> ResponseReturnValue:
    programme = queries.get_own(current_actor(), public_id)
    found = queries.get_version(programme, number)
    rules, language, today = read(found.content), str(get_locale()), local_date(utc_now())
    is_draft = found.state is VersionState.DRAFT
    known = PublishForm(formdata=None, data={"version": found.version, "valid_from": today})
    form = against(sent, lambda: known) if sent else known
    page = render_template(
        "programmes/version.html",
        programme=programme,
        version=found,
        content=found.content,
        rules=rules,
        language=language,
        colour=COLOURS.get(found.state, "neutral"),
        is_draft=is_draft,
        findings=[(finding, url_of(public_id, finding.section)) for finding in lint(found.content)] if is_draft else [],
        audiences=[AUDIENCES[name] for name in rules.eligibility if name in AUDIENCES],
        senders=said(rules.sources),
        questions=[(one, _condition(one, rules, language), answers_of(one, language)) for one in rules.questions],
        hidden=[label(FieldGroup(group)) for group in sorted(rules.hidden)],
        days=_days(sample(found.content, today), language),
        shown=most_visible(rules),
        budget=FIELD_BUDGET,
        form=form,
    )
    return page, sent.status if sent else 200


def _condition(one: Question, rules: Rules, language: str) -> str:
    """When a question is shown, in words."""
    if one.when is None:
        return ""
    on = next((other for other in rules.questions if other.key == one.when.question), None)
    if on is None:
        return ""
    words = [words for key, words in answers_of(on, language) if key in one.when.answers]
    return _("Shown when “%(question)s” is: %(answers)s", question=on.said(language), answers=", ".join(words))


def _days(seen: Any, language: str) -> list[tuple[Any, str]]:
    """The days of the sample case, in order."""
    found = [
        (seen.sent_on, _("The referral is sent")),
        (seen.answer_on, _("It is answered at the latest")),
        (seen.contact_on, _("First contact at the latest; the course begins")),
        *((due, _("Follow-up: %(when)s", when=said_point(one.point, one.span))) for one, due in seen.asked),
        *((due, clock.said(language)) for clock, due in seen.clocks),
    ]
    if seen.end_on:
        found.append((seen.end_on, _("Planned end")))
    return sorted(found, key=lambda row: row[0])


@bp.post("/own/<public_id>/publish")
@access(MANAGE, audit=Audit.PROGRAMME_PUBLISHED)
def publish(public_id: str) -> ResponseReturnValue:
    """Let the draft count from a day on."""
    form = PublishForm()
    programme, draft = opened(public_id)
    then, number = url_for("programmes.built", public_id=public_id), draft.number

    def act() -> None:
        given: dict[str, Any] = {"seen": form.seen, "actor": current_actor(), "now": utc_now()}
        service.publish(draft, programme, form.valid_from.data, **given)

    if saved(form, act, then=then):
        return after_change(then, message=_("It is published. Who is under way keeps her version."))
    return _page(public_id, number, form)


@bp.post("/own/<public_id>/change")
@access(MANAGE, audit=Audit.PROGRAMME_BEGUN)
def change(public_id: str) -> ResponseReturnValue:
    """Begin the next version as a draft."""
    then = url_of(public_id, "about")
    with transaction(then=then):
        programme = queries.get_own(current_actor(), public_id)
        drafts.begin_change(programme, actor=current_actor(), now=utc_now())
    return redirect(then, 303)


@bp.post("/own/<public_id>/discard")
@access(MANAGE, audit=Audit.PROGRAMME_DISCARDED)
def discard(public_id: str) -> ResponseReturnValue:
    """Throw the draft away."""
    return press(
        public_id,
        lambda programme, draft, given: drafts.discard(draft, programme, **given),
        then=url_for("programmes.own"),
        message=_("The draft is gone."),
    )


@bp.post("/own/<public_id>/take-back")
@access(MANAGE, audit=Audit.PROGRAMME_TAKEN_BACK)
def take_back(public_id: str) -> ResponseReturnValue:
    """Make a published version a draft again before its day."""
    then = url_for("programmes.built", public_id=public_id)
    programme = queries.get_own(current_actor(), public_id)
    last = queries.find_last(programme.id)
    if last is None:
        raise NotNow
    with transaction(then=then):
        service.take_back(last, programme, actor=current_actor(), now=utc_now())
    return after_change(then, message=_("It is a draft again."))


@bp.post("/own/<public_id>/retire")
@access(MANAGE, audit=Audit.PROGRAMME_RETIRED)
def retire(public_id: str) -> ResponseReturnValue:
    """Take nobody new in."""
    then = url_for("programmes.built", public_id=public_id)
    programme = queries.get_own(current_actor(), public_id)
    with transaction(then=then):
        service.retire(programme, actor=current_actor(), now=utc_now())
    count = sum(row.courses + row.requests for row in queries.list_versions(programme))
    told = ngettext("Retired. %(num)d goes on as agreed.", "Retired. %(num)d go on as agreed.", count)
    return after_change(then, message=told)
