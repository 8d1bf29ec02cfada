"""The login account."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from jiuzhu.groundwork.records import PersonalData, Record, Unscoped


class AccountKind(models.TextChoices):
    """What stands behind an account."""

    STAFF = "staff", "工作人员"
    CITIZEN = "citizen", "群众"
    DEPARTMENT = "department", "部门人员"


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts; Django's login machinery looks them up by login name."""

    def create_user(self, login_name: str, password: str | None = None, **fields: object) -> "Account":
        """Create an account; without a password it can only log in through an identity provider."""
        account = self.model(login_name=login_name, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Login names are compared as written: they are staff numbers or identifiers of the identity provider."""
        return self.get(login_name=username)


class Account(AbstractBaseUser, Record):
    """A login. Staff and department officers use a password and a second factor, citizens their real-name identity."""

    policy = Unscoped("read before an actor is known; holds no more than the login")
    history_omits = frozenset({"password", "last_login"})
    personal_data = {
        "login_name": PersonalData.IDENTITY,
        "display_name": PersonalData.IDENTITY,
        "last_login": PersonalData.CONDUCT,
        "password": PersonalData.IDENTITY,
    }

    login_name = models.CharField("登录名", max_length=64, unique=True)
    display_name = models.CharField("姓名", max_length=64)
    kind = models.CharField("类别", max_length=16, choices=AccountKind.choices)
    is_active = models.BooleanField("可登录", default=True)
    created_at = models.DateTimeField("建立时间")

    USERNAME_FIELD = "login_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        db_table = "account"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in AccountKind]), name="account_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.login_name
