"""A code from the telephone, and a forgotten password."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.auth import bp
from portal.blueprints.auth.enter import ADDRESS_LIMIT
from portal.blueprints.auth.forms import CodeForm, ForgottenForm
from portal.blueprints.auth.site import let_in, visitor
from portal.core.clock import utc_now
from portal.services import account_codes, code_answers
from portal.services import sign_in as service
from portal.services.sign_in import Opened
from portal.wall import as_system
from portal.web import attempts
from portal.web.access import is_second_required, public
from portal.web.rate_limit import limiter, sign_in_address
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/code")
@public
def code() -> ResponseReturnValue:
    """Where somebody goes who was given a code by telephone: nothing in the address, nothing done by opening it."""
    return render_template("auth/code.html", form=CodeForm(formdata=None))


@bp.post("/code")
@public
@limiter.limit(ADDRESS_LIMIT, key_func=sign_in_address)
def code_now() -> ResponseReturnValue:
    """Do what the code is for. Whoever has no second factor yet comes in; all others sign in as always."""
    form, who = CodeForm(), visitor()
    outcome = None

    def act() -> None:
        nonlocal outcome
        given = code_answers.Answer(form.email.data, form.code.data, form.new.data, form.again.data)
        with as_system():
            code_answers.answer(given, now=utc_now())
            outcome = service.begin(given.email, given.new, who, is_second_required=is_second_required(), now=utc_now())

    if form.email.data:
        key = attempts.key_of(form.email.data)
        attempts.take(key)
    if not saved(form, act, then=url_for("auth.sign_in")):
        return render_template("auth/code.html", form=form), form.status
    attempts.forget(key)
    if isinstance(outcome, Opened):
        return let_in(outcome, who, url_for("home.start"))
    flash(_("Done. Sign in with your password and your passkey or code."), "success")
    return redirect(url_for("auth.sign_in"), 303)


@bp.get("/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """What to do about a forgotten password."""
    return render_template("auth/forgotten.html", form=ForgottenForm(formdata=None), is_sent=False)


@bp.post("/forgotten")
@public
@limiter.limit(ADDRESS_LIMIT, key_func=sign_in_address)
def forgotten_now() -> ResponseReturnValue:
    """Note the wish. The answer is the same for every address."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render_template("auth/forgotten.html", form=form, is_sent=False), 422
    with transaction():
        account_codes.wish(form.email.data, now=utc_now())
    return render_template("auth/forgotten.html", form=ForgottenForm(formdata=None), is_sent=True)
