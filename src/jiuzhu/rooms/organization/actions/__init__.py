"""All writes of the room: keyword-only, with `actor` and `at` (an aware time), each in one transaction as its actor."""

from jiuzhu.rooms.organization.actions.divisions import (
    add_functional_zone,
    close_division,
    create_division,
    merge_divisions,
    record_figures,
    rename_division,
    set_administration,
)
from jiuzhu.rooms.organization.actions.groups import Seat, form_leading_group
from jiuzhu.rooms.organization.actions.offices import (
    change_office_contact,
    close_office,
    close_post,
    create_post,
    open_office,
    rename_office,
)
from jiuzhu.rooms.organization.actions.purchases import (
    cancel_purchased_service,
    contract_purchased_service,
    evaluate_purchased_service,
    record_purchased_service,
)
from jiuzhu.rooms.organization.actions.relatives import file_near_relative, withdraw_near_relative
from jiuzhu.rooms.organization.actions.setup import Loaded, load_departments, load_divisions, load_service_network
from jiuzhu.rooms.organization.actions.sheets import (
    Outcome,
    SheetReport,
    import_appointments,
    import_office_contacts,
    import_staff,
)
from jiuzhu.rooms.organization.actions.staff import (
    appoint,
    change_staff,
    end_appointment,
    register_staff,
    revoke_appointment,
)

__all__ = [
    "Loaded",
    "Outcome",
    "Seat",
    "SheetReport",
    "add_functional_zone",
    "appoint",
    "cancel_purchased_service",
    "change_office_contact",
    "change_staff",
    "close_division",
    "close_office",
    "close_post",
    "contract_purchased_service",
    "create_division",
    "create_post",
    "end_appointment",
    "evaluate_purchased_service",
    "file_near_relative",
    "form_leading_group",
    "import_appointments",
    "import_office_contacts",
    "import_staff",
    "load_departments",
    "load_divisions",
    "load_service_network",
    "merge_divisions",
    "open_office",
    "record_figures",
    "record_purchased_service",
    "register_staff",
    "rename_division",
    "rename_office",
    "revoke_appointment",
    "set_administration",
    "withdraw_near_relative",
]
