"""The login library's forms with our labels and hints."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "16"}


def _plain(field: forms.Field, label: Any, **attributes: str) -> None:
    field.label = label
    field.widget.attrs = {
        name: value for name, value in field.widget.attrs.items() if name not in {"placeholder", "style", "class"}
    } | attributes
    field.error_messages["required"] = _("请填写“%(label)s”。") % {"label": label}


class StaffLoginForm(LoginForm):  # type: ignore[misc]
    """Login name and password of staff and department officers."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["login"], _("登录名"), autocomplete="username", autocapitalize="none", spellcheck="false")
        _plain(self.fields["password"], _("密码"), autocomplete="current-password")
        self.fields["password"].help_text = ""


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something sensitive."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["password"], _("密码"), autocomplete="current-password")


class PasswordChangeForm(ChangePasswordForm):  # type: ignore[misc]
    """Old and new password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["oldpassword"], _("当前密码"), autocomplete="current-password")
        _plain(self.fields["password1"], _("新密码"), autocomplete="new-password")
        _plain(self.fields["password2"], _("再次输入新密码"), autocomplete="new-password")
        self.fields["password1"].help_text = _("不少于12个字符，不能全是数字，不要使用姓名、登录名或常见密码。")


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]
    """The code of the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["code"], _("动态码"), **_CODE)
        self.fields["code"].help_text = _("身份验证器上显示的6位数字；无法使用验证器时可填写恢复码。")


class SecondFactorAgainForm(CodeReauthenticateForm):  # type: ignore[misc]
    """The code once more, before something sensitive."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["code"], _("动态码"), **_CODE)


class SetUpCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator, to prove that it works."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["code"], _("动态码"), **_CODE)


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey: its name, and whether it opens the account without the password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["name"], _("名称"), autocomplete="off", maxlength="64")
        self.fields["name"].help_text = _("便于日后辨认，如“窗口电脑”。")
        self.fields["passwordless"].label = _("可以单独登录，不再输入密码和动态码")
        self.fields["passwordless"].help_text = _("设备须用指纹、面容或设备密码确认是本人。")


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name of a passkey."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["name"], _("名称"), autocomplete="off", maxlength="64")
