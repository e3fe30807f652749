"""One's own second factors: passkeys, a code app, recovery codes."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.auth import bp
from portal.blueprints.auth.forms import AppForm, NewPasskeyForm
from portal.blueprints.auth.site import options, site
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.sign_in import Ceremony, FactorKind
from portal.domain.labels import label
from portal.domain.sign_in import PASSKEY_ROLES
from portal.queries import sign_in as queries
from portal.services import code_app, passkeys, recovery
from portal.services import factors as service
from portal.web.access import access, current_actor, current_session
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.square import path_of
from portal.web.submissions import transaction


@bp.get("/account/set-up")
@access(Permission.ACCOUNT_MANAGE)
def set_up() -> ResponseReturnValue:
    """What somebody sees who must show a second factor before anything else."""
    actor = current_actor()
    kinds = service.kinds_of(actor.user_id)
    return render_template(
        "auth/set_up.html",
        must_be_passkey=actor.role in PASSKEY_ROLES,
        has_passkey=FactorKind.PASSKEY in kinds,
        has_app=FactorKind.TOTP in kinds,
        roles=queries.count_roles(actor),
    )


@bp.post("/account/code-app")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.FACTOR_STARTED, step_up=True)
def begin_app() -> ResponseReturnValue:
    """Make the secret of a new code app."""
    with transaction(then=url_for("auth.app")):
        code_app.begin(current_session(), name=label(FactorKind.TOTP), now=utc_now())
    return after_change(url_for("auth.app"))


@bp.get("/account/code-app")
@access(Permission.ACCOUNT_MANAGE, step_up=True)
def app() -> ResponseReturnValue:
    """The square picture for the app, and the field for its first code."""
    return _app_page(AppForm(formdata=None))


def _app_page(form: AppForm, status: int = 200) -> ResponseReturnValue:
    waiting = code_app.waiting(current_actor().user_id)
    if waiting is None:
        return redirect(url_for("auth.account"), 303)
    setup = code_app.setup_of(waiting, queries.get_email(current_actor()))
    picture, size = path_of(setup.address)
    spoken = " ".join(setup.secret[at : at + 4] for at in range(0, len(setup.secret), 4))
    return render_template("auth/code_app.html", form=form, picture=picture, size=size, secret=spoken), status


@bp.post("/account/code-app/confirm")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.FACTOR_ADDED, step_up=True)
def confirm_app() -> ResponseReturnValue:
    """Take the app into use when it shows the right code."""
    form, codes = AppForm(), []

    def act() -> None:
        code_app.confirm(current_session(), recovery.plain(form.code.data), now=utc_now())
        codes.extend(_first_codes())

    if saved(form, act, then=url_for("auth.account")):
        return _added(codes, _("The code app is ready. You are signed out on all other devices."))
    return _app_page(form, form.status)


@bp.get("/account/passkeys/new")
@access(Permission.ACCOUNT_MANAGE, step_up=True)
def new_passkey() -> ResponseReturnValue:
    """A new passkey: the browser asks the device for it."""
    return render_template("auth/new_passkey.html", form=NewPasskeyForm(formdata=None))


@bp.post("/account/passkeys/options")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.PASSKEY_ASKED, step_up=True)
def passkey_options() -> ResponseReturnValue:
    """A challenge for a new passkey."""
    with transaction():
        text = passkeys.ask(Ceremony.REGISTER, site(), actor=current_actor(), now=utc_now())
    return options(text)


@bp.post("/account/passkeys")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.FACTOR_ADDED, step_up=True)
def add_passkey() -> ResponseReturnValue:
    """Take a new passkey into use."""
    form, codes = NewPasskeyForm(), []

    def act() -> None:
        passkeys.register(current_session(), form.credential.data, site(), name=form.name.data, now=utc_now())
        codes.extend(_first_codes())

    if saved(form, act, then=url_for("auth.account")):
        return _added(codes, _("The passkey is ready. You are signed out on all other devices."))
    return render_template("auth/new_passkey.html", form=form), form.status


@bp.post("/account/factors/<public_id>/remove")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.FACTOR_REMOVED, step_up=True)
def remove_factor(public_id: str) -> ResponseReturnValue:
    """Take one of one's own factors away."""
    with transaction(then=url_for("auth.account")):
        service.remove(public_id, current_session(), now=utc_now())
    return after_change(url_for("auth.account"), message=_("It is removed. You are signed out on all other devices."))


@bp.post("/account/recovery-codes")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.RECOVERY_CODES_MADE, step_up=True)
def make_recovery_codes() -> ResponseReturnValue:
    """Ten new recovery codes, shown once."""
    with transaction(then=url_for("auth.account")):
        codes = recovery.make(current_session(), now=utc_now())
    return render_template("auth/recovery_codes.html", codes=codes)


def _first_codes() -> list[str]:
    """Recovery codes for whoever has none yet: they come with the first factor."""
    if queries.count_recovery_codes(current_actor()):
        return []
    return recovery.make(current_session(), now=utc_now(), is_first=True)


def _added(codes: list[str], message: str) -> ResponseReturnValue:
    if codes:
        return render_template("auth/recovery_codes.html", codes=codes)
    return after_change(url_for("auth.account"), message=message)
