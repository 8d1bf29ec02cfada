"""What may be done with the groundwork itself, each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions as `groundwork.object.verb`."""

    AUDIT_VIEW = "groundwork.audit.view"
    AUDIT_SEE_VALUES = "groundwork.audit.see_values"
    FILES_PURGE = "groundwork.files.purge"


PERMISSION_NAMES: dict[Permission, tuple[str, str]] = {
    Permission.AUDIT_VIEW: ("查看审计记录（敏感内容已遮盖）", "See the audit trail (sensitive values masked)"),
    Permission.AUDIT_SEE_VALUES: ("查看审计记录中的敏感内容", "See sensitive values in the audit trail"),
    Permission.FILES_PURGE: ("清除无主文件", "Purge files that belong to nothing"),
}
