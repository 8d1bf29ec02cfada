"""All reads of the room. Functions named `public_*` need no actor: what they tell is law, and everyone may read it.

`with_standards` of the engine lays what `published_standards` finds over a set of packs; `archive_of` packs folders.
"""

from jiuzhu.engine.packs.parameters import with_standards
from jiuzhu.rooms.catalogue.queries.board import (
    BoardCell,
    BoardRow,
    Settable,
    public_board,
    public_floors,
    public_settable,
)
from jiuzhu.rooms.catalogue.queries.comparing import compared_packs
from jiuzhu.rooms.catalogue.queries.impacts import ImpactLine, ImpactView, impact_run, impact_runs
from jiuzhu.rooms.catalogue.queries.in_force import (
    public_digests,
    public_facts,
    public_packs,
    public_programs,
    public_shipped_packs,
)
from jiuzhu.rooms.catalogue.queries.programmes import (
    Amount,
    Change,
    Node,
    Picture,
    ProgrammeView,
    Rule,
    Standard,
    StandardValue,
    public_picture,
    public_programme,
    public_programmes,
    public_rules,
    public_turns,
)
from jiuzhu.rooms.catalogue.queries.standards import (
    StandardPage,
    StandardView,
    published_standards,
    standard,
    standards,
    standards_in_force,
)
from jiuzhu.rooms.catalogue.queries.steps import Step, pack_steps, standard_steps
from jiuzhu.rooms.catalogue.queries.versions import (
    PackVersionDetail,
    PackVersionPage,
    PackVersionView,
    pack_archive,
    pack_in_force,
    pack_set,
    pack_version,
    pack_versions,
)
from jiuzhu.rooms.catalogue.rules.archives import archive_of
from jiuzhu.rooms.catalogue.rules.standards import Floor, figure_of, in_words
from jiuzhu.rooms.catalogue.rules.versions import PackCheck

__all__ = [
    "Amount",
    "BoardCell",
    "BoardRow",
    "Change",
    "Floor",
    "ImpactLine",
    "ImpactView",
    "Node",
    "PackCheck",
    "PackVersionDetail",
    "PackVersionPage",
    "PackVersionView",
    "Picture",
    "ProgrammeView",
    "Rule",
    "Settable",
    "Standard",
    "StandardPage",
    "StandardValue",
    "StandardView",
    "Step",
    "archive_of",
    "compared_packs",
    "figure_of",
    "impact_run",
    "impact_runs",
    "in_words",
    "pack_archive",
    "pack_in_force",
    "pack_set",
    "pack_steps",
    "pack_version",
    "pack_versions",
    "public_board",
    "public_digests",
    "public_facts",
    "public_floors",
    "public_packs",
    "public_picture",
    "public_programme",
    "public_programmes",
    "public_programs",
    "public_rules",
    "public_settable",
    "public_shipped_packs",
    "public_turns",
    "published_standards",
    "standard",
    "standard_steps",
    "standards",
    "standards_in_force",
    "with_standards",
]
