"""What may be done with the groundwork itself, each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions as `groundwork.object.verb`."""

    AUDIT_VIEW = "groundwork.audit.view"
    AUDIT_SEE_VALUES = "groundwork.audit.see_values"
    FILES_PURGE = "groundwork.files.purge"
    ACCOUNT_VIEW = "groundwork.account.view"
    ACCOUNT_RESET_PASSWORD = "groundwork.account.reset_password"  # noqa: S105 (the name of a permission)
    ACCOUNT_RESET_SECOND_FACTOR = "groundwork.account.reset_second_factor"
    ACCOUNT_UNLOCK = "groundwork.account.unlock"
    ACCOUNT_CLOSE = "groundwork.account.close"


PERMISSION_NAMES: dict[Permission, tuple[str, str]] = {
    Permission.AUDIT_VIEW: ("查看审计记录（敏感内容已遮盖）", "See the audit trail (sensitive values masked)"),
    Permission.AUDIT_SEE_VALUES: ("查看审计记录中的敏感内容", "See sensitive values in the audit trail"),
    Permission.FILES_PURGE: ("清除无主文件", "Purge files that belong to nothing"),
    Permission.ACCOUNT_VIEW: ("查看工作人员账号状态", "See the state of staff accounts"),
    Permission.ACCOUNT_RESET_PASSWORD: ("发放初始密码、重置密码", "Issue first passwords and reset passwords"),
    Permission.ACCOUNT_RESET_SECOND_FACTOR: ("解除遗失的第二验证", "Take off a second factor that was lost"),
    Permission.ACCOUNT_UNLOCK: ("解除登录锁定", "Lift the lock of a login"),
    Permission.ACCOUNT_CLOSE: ("停用、恢复账号", "Close accounts and open them again"),
}
