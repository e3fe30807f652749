"""The list with its filters, a new enquiry, the page of one, and a month in numbers."""

from datetime import date
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.enquiries import bp
from portal.blueprints.enquiries.forms import CaseForm, EnquiryForm, LinkForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, local_time, utc_now
from portal.core.enquiries import Conclusion, RejectReason
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.domain.enquiries import shares
from portal.domain.permissions import can
from portal.queries import enquiries as queries
from portal.queries import stays, teamless
from portal.queries.visibility import relation_of
from portal.services import enquiries as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url
from portal.web.fields import PortalForm
from portal.web.htmx import after_change
from portal.web.periods import asked_month, month_pages
from portal.web.saving import saved
from portal.web.versions import against


@bp.get("/")
@access(Permission.ENQUIRY_RECORD)
def index() -> ResponseReturnValue:
    """The enquiries of a month, the newest first."""
    month, conclusion = asked_month(local_date(utc_now())), _conclusion()
    try:
        rows, following = queries.list_enquiries(
            current_actor(), month=month, conclusion=conclusion, after=request.args.get("after")
        )
    except ValueError:
        abort(400)

    return render_template(
        "enquiries/index.html",
        rows=rows,
        month=month[0],
        next_url=_address(f"{month[0]:%Y-%m}", conclusion, following) if following else None,
        **_filters(month[0], conclusion),
    )


def _address(month: str, conclusion: str | None, after: str | None = None) -> str:
    return url_for(".index", month=month, conclusion=conclusion, after=after)


def _filters(first: date, chosen: Conclusion | None) -> dict[str, Any]:
    """The months beside this one, and a pill for each conclusion."""
    earlier, later = month_pages(first, lambda text: _address(text, chosen))
    month = f"{first:%Y-%m}"
    return {
        "earlier": earlier,
        "later": later,
        "every": {"label": _("All"), "url": _address(month, None), "is_current": chosen is None},
        "tabs": [{"label": one, "url": _address(month, one.value), "is_current": one is chosen} for one in Conclusion],
    }


def _conclusion() -> Conclusion | None:
    text = request.args.get("conclusion", "")
    try:
        return Conclusion(text) if text else None
    except ValueError:
        abort(400)


@bp.get("/counts")
@access(Permission.ENQUIRY_COUNT)
def counts() -> ResponseReturnValue:
    """How a month's enquiries ended. Numbers alone."""
    actor, month = current_actor(), asked_month(local_date(utc_now()))
    counted = queries.count_month(actor, month)
    rejected = counted.conclusions.get(Conclusion.REJECTED.value, 0)
    earlier, later = month_pages(month[0], lambda text: url_for(".counts", month=text))
    return render_template(
        "enquiries/counts.html",
        month=month[0],
        earlier=earlier,
        later=later,
        base=counted.base,
        rates=stays.repeat_rates(actor, *month),
        rejected=rejected,
        is_mixed=len(counted.editions) > 1,
        conclusions=_said(counted.conclusions, counted.base, Conclusion),
        reasons=_said(counted.reject_reasons, rejected, RejectReason),
    )


def _said(counts: dict[str, int], base: int, kind: Any) -> list[tuple[Any, Any]]:
    return [(kind(row.code), row) for row in shares(counts, base, [one.value for one in kind])]


@bp.get("/new")
@access(Permission.ENQUIRY_RECORD)
def new() -> ResponseReturnValue:
    """Take an enquiry down."""
    return _form_page(EnquiryForm(formdata=None), url_for(".create"))


@bp.post("/new")
@access(Permission.ENQUIRY_RECORD, audit=Audit.ENQUIRY_RECORDED)
def create() -> ResponseReturnValue:
    """Save it."""
    form, made = EnquiryForm(), []

    def save() -> None:
        now = utc_now()
        made.append(service.record(form.told(now), actor=current_actor(), now=now).public_id)

    if not saved(form, save, then=url_for(".index")):
        return _form_page(form, url_for(".create"), status=form.status)
    return after_change(url_for(".detail", public_id=made[0]), message=_("The enquiry has been taken down."))


def _form_page(form: EnquiryForm, action: str, *, public_id: str | None = None, status: int = 200) -> Any:
    back = url_for(".detail", public_id=public_id) if public_id else url_for(".index")
    page = render_template("enquiries/new.html", form=form, action=action, back=back, is_new=public_id is None)
    return page, status


@bp.get("/<public_id>")
@access(Permission.ENQUIRY_RECORD)
def detail(public_id: str) -> ResponseReturnValue:
    """One enquiry, and what is done with it."""
    return detail_page(public_id)


def detail_page(public_id: str, refused: PortalForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page; `refused` is the form that comes back."""
    actor = current_actor()
    enquiry = queries.get(actor, public_id)
    case = queries.case_of(actor, enquiry)
    is_admitted = Conclusion.ADMITTED in enquiry.conclusions and enquiry.case_id is None
    works = can(actor, Permission.CASE_VIEW)
    shown = {
        "enquiry": enquiry,
        "said": queries.written(enquiry),
        "same": queries.list_same_phone(actor, enquiry),
        "case": (case_url(case[0]), case[1]) if case else None,
        "can_change": enquiry.case_id is None,
        "becomes": is_admitted,
        "links": is_admitted and works,
        "opening": refused if isinstance(refused, CaseForm) else case_form(),
        "linking": refused if isinstance(refused, LinkForm) else LinkForm(formdata=None),
        "works": works,
        "waits": enquiry.call_back_on is not None and enquiry.called_back_at is None,
        "public_id": public_id,
    }
    if enquiry.case_id is not None:
        log_view(case_id=enquiry.case_id, relation=relation_of(actor), page=Page.ENQUIRY)
    return render_template("enquiries/detail.html", **shown), status


def case_form() -> CaseForm:
    """The choice of who works on the case, for somebody who cannot do so herself."""
    form, actor = CaseForm(), current_actor()
    takers = [] if can(actor, Permission.CASE_VIEW) else teamless.list_takers(actor)
    form.taker.choices = [("", _("Nobody yet")), *takers]
    return form


@bp.get("/<public_id>/change")
@access(Permission.ENQUIRY_RECORD)
def edit(public_id: str) -> ResponseReturnValue:
    """Put an enquiry right."""
    enquiry = queries.get(current_actor(), public_id)
    return _form_page(_known(enquiry), url_for(".change", public_id=public_id), public_id=public_id)


def _known(enquiry: Any) -> EnquiryForm:
    names = (
        *("asker", "channel", "conclusions", "reject_reasons", "call_back_on"),
        *("child_count", "child_bands", "violence_forms", "region", "version"),
    )
    said = queries.written(enquiry)
    known = {name: getattr(enquiry, name) for name in names}
    known |= {name: getattr(said, name) for name in ("name", "phone", "wish", "offered_instead")}
    moment = {"received_on": local_date(enquiry.received_at), "received_at": local_time(enquiry.received_at)}
    return EnquiryForm(formdata=None, data=known | moment)


@bp.post("/<public_id>/change")
@access(Permission.ENQUIRY_RECORD, audit=Audit.ENQUIRY_CHANGED)
def change(public_id: str) -> ResponseReturnValue:
    """Save what was put right."""
    actor, form = current_actor(), EnquiryForm()
    enquiry, then = queries.get(actor, public_id), url_for(".detail", public_id=public_id)

    def save() -> None:
        now = utc_now()
        service.change(enquiry, form.told(now), version=form.seen, actor=actor, now=now)

    if not saved(form, save, then=then):
        form = against(form, lambda: _known(queries.get(actor, public_id)))
        return _form_page(form, url_for(".change", public_id=public_id), public_id=public_id, status=form.status)
    return after_change(then, message=_("Saved."))
