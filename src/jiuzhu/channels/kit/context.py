"""What the frame of every page needs: names, choices of language, density and theme, and who is signed in.

The frame is built from the request alone (cookies and the actor already found), never from the database, so that an
error page can be drawn when the database is away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext

from jiuzhu.core.actors import Actor, ActorKind

DENSITY_COOKIE = "density"
THEME_COOKIE = "theme"
HELP_LINE = "12349"


class Density(StrEnum):
    """How large and how close together a page is set."""

    STAFF = "staff"
    CITIZEN = "citizen"
    ELDER = "elder"


class Theme(StrEnum):
    """Light or dark as chosen; AUTO follows the device."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the switch: its tag, its own short name, its own full name."""

    tag: str
    short: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the site's or the workbench's navigation; `count` shows how much waits there."""

    label: str
    href: str
    icon: str = ""
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page. `density` is the person's choice, empty when none was made."""

    name: str
    place: str
    help_line: str
    path: str
    language: str
    languages: tuple[Language, ...]
    theme: Theme
    density: str
    trial: bool
    actor: Actor | None = None
    signed_in: bool = False  # also true of an account that stands for no post and no registered person

    @property
    def citizen_density(self) -> Density:
        """The density of portal and public site: large by choice, else the citizens' own."""
        return Density.ELDER if self.density == Density.ELDER else Density.CITIZEN

    @property
    def staff_density(self) -> Density:
        """The density of the workbench: as chosen, else the staff's own."""
        return Density(self.density) if self.density else Density.STAFF

    @property
    def elder(self) -> bool:
        """Whether 长辈版 is on."""
        return self.density == Density.ELDER


DENSITIES = frozenset(density.value for density in Density)
THEMES = frozenset(theme.value for theme in Theme)
SWITCHES: Sequence[tuple[str, str, str]] = (
    ("zh-hans", "简", "简体中文"),
    ("zh-hant", "繁", "繁體中文"),
    ("en", "EN", "English"),
)


def marked(items: Sequence[NavigationItem], path: str) -> tuple[NavigationItem, ...]:
    """Mark the item whose address is the longest beginning of `path` as the current one."""
    fitting = [item.href for item in items if path == item.href or path.startswith(item.href.rstrip("/") + "/")]
    nearest = max(fitting, key=len, default="")
    return tuple(
        NavigationItem(item.label, item.href, item.icon, item.count, current=bool(nearest) and item.href == nearest)
        for item in items
    )


def _site_navigation(request: HttpRequest) -> tuple[NavigationItem, ...]:
    """The site's pages for this reader: everyone's, then a citizen's own or the way to the workbench."""
    actor: Actor | None = getattr(request, "actor", None)
    links = [
        (gettext("首页"), reverse("portal:home")),
        (gettext("到哪里申请"), reverse("public:places")),
        (gettext("公开"), reverse("public:home")),
    ]
    if actor is not None and actor.kind is ActorKind.CITIZEN:
        links.append((gettext("我的家庭"), reverse("portal:registry:family")))
    elif actor is not None:
        links.append((gettext("工作台"), reverse("workbench:home")))
    items = [NavigationItem(label, href) for label, href in links]
    # every address begins like that of the home page, which is current only when it is open itself
    return (*marked(items[:1], request.path if request.path == items[0].href else ""), *marked(items[1:], request.path))


def frame_of(request: HttpRequest) -> Frame:
    """Build the frame from cookies, settings and the actor that the middleware found."""
    density = request.COOKIES.get(DENSITY_COOKIE, "")
    theme = request.COOKIES.get(THEME_COOKIE, "")
    language = get_language() or settings.LANGUAGE_CODE
    offered = {tag for tag, _ in settings.LANGUAGES}
    return Frame(
        name=gettext("救助"),
        place=gettext("泰安市（演示）"),
        help_line=HELP_LINE,
        path=request.get_full_path() if request.method in {"GET", "HEAD"} else "/",
        language=language,
        languages=tuple(
            Language(tag, short, name, chosen=tag == language) for tag, short, name in SWITCHES if tag in offered
        ),
        theme=Theme(theme) if theme in THEMES else Theme.AUTO,
        density=density if density in DENSITIES else "",
        trial=settings.TRIAL,
        actor=getattr(request, "actor", None),
        signed_in=getattr(request, "signed_in", False),
    )


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor: `frame` for all of it, and the site's `navigation` where no channel or page brings its own."""
    return {"frame": frame_of(request), "navigation": _site_navigation(request)}
