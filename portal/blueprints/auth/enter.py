"""Signing in: the password and then a second proof, or a passkey alone."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.auth import bp
from portal.blueprints.auth.forms import PasskeyForm, SecondForm, SignInForm
from portal.blueprints.auth.site import half_way, let_in, options, site, visitor
from portal.core.clock import utc_now
from portal.core.sign_in import Ceremony
from portal.services import passkeys
from portal.services import sign_in as service
from portal.services.sign_in import HalfWay
from portal.wall import as_system
from portal.web import attempts, visitors
from portal.web.access import is_second_required, public
from portal.web.pages import next_page
from portal.web.rate_limit import limiter, sign_in_address
from portal.web.submissions import transaction

ADDRESS_LIMIT = "60 per 10 minutes"


def _page(form: SignInForm, status: int = 200) -> ResponseReturnValue:
    target = request.values.get("next", "")
    return render_template("auth/sign_in.html", form=form, passkey_form=PasskeyForm(formdata=None), next=target), status


def _second_page(form: SecondForm, status: int = 200) -> ResponseReturnValue:
    target = request.values.get("next", "")
    return render_template("auth/second.html", form=form, passkey_form=PasskeyForm(formdata=None), next=target), status


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The sign-in page."""
    if g.actor is not None:
        return redirect(url_for("home.start"), 303)
    return _page(SignInForm(formdata=None))


@bp.post("/sign-in")
@public
@limiter.limit(ADDRESS_LIMIT, key_func=sign_in_address)
def sign_in_now() -> ResponseReturnValue:
    """The first step: address and password."""
    form, who, outcome = SignInForm(), visitor(), None
    if form.validate_on_submit():
        key = attempts.key_of(form.email.data)
        attempts.take(key)
        with as_system(), transaction():
            outcome = service.begin(
                form.email.data, form.password.data, who, is_second_required=is_second_required(), now=utc_now()
            )
        if outcome is None:
            form.form_errors.append(_("E-mail or password is not right. Try again."))
    if outcome is None:
        return _page(form, 422)
    target = next_page(request.form.get("next"))
    if isinstance(outcome, HalfWay):
        return half_way(outcome, url_for("auth.second", next=target))
    attempts.forget(key)
    return let_in(outcome, who, target)


@bp.get("/sign-in/second")
@public
def second() -> ResponseReturnValue:
    """The second step: a code, or a passkey."""
    if not visitors.token_in("half"):
        return redirect(url_for("auth.sign_in"), 303)
    return _second_page(SecondForm(formdata=None))


@bp.post("/sign-in/second")
@public
@limiter.limit(ADDRESS_LIMIT, key_func=sign_in_address)
def second_now() -> ResponseReturnValue:
    """Check the code. Whatever was wrong, also in the first step, is told in one sentence."""
    form, who, half = SecondForm(), visitor(), visitors.token_in("half")
    index = service.email_index_of(half, now=utc_now())
    if index is None:
        return redirect(url_for("auth.sign_in"), 303)
    if not form.validate_on_submit():
        return _second_page(form, 422)
    key = attempts.key_of_index(index)
    attempts.take(key)
    with as_system(), transaction():
        outcome = service.finish(half, form.code.data, who, now=utc_now())
    if outcome is None:
        # The page is the same whatever was typed.
        form.code.data = ""
        form.form_errors.append(_("E-mail, password or code is not right. Try again, or begin anew."))
        return _second_page(form, 422)
    attempts.forget(key)
    return let_in(outcome, who, next_page(request.form.get("next")))


@bp.post("/sign-in/passkey/options")
@public
@limiter.limit(ADDRESS_LIMIT, key_func=sign_in_address)
def sign_in_options() -> ResponseReturnValue:
    """A challenge for any passkey of ours: it names nobody."""
    with transaction():
        text = passkeys.ask(Ceremony.SIGN_IN, site(), actor=None, now=utc_now())
    return options(text)


@bp.post("/sign-in/passkey")
@public
@limiter.limit(ADDRESS_LIMIT, key_func=sign_in_address)
def sign_in_with_passkey() -> ResponseReturnValue:
    """Sign in with a passkey: strangers' wrong passwords do not slow it down."""
    form, who, outcome = PasskeyForm(), visitor(), None
    if form.validate_on_submit():
        with as_system(), transaction():
            outcome = service.with_passkey(form.credential.data, site(), who, now=utc_now())
    if outcome is None:
        again = SignInForm(formdata=None)
        again.form_errors.append(_("The passkey was not taken. Try again, or sign in with your password."))
        return _page(again, 422)
    return let_in(outcome, who, next_page(request.form.get("next")))
