"""What may be done in the room catalogue (制度清单), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    PACK_VIEW = "catalogue.pack.view"
    PACK_DRAFT = "catalogue.pack.draft"
    PACK_CHECK = "catalogue.pack.check"
    PACK_REVISE = "catalogue.pack.revise"
    PACK_PUBLISH = "catalogue.pack.publish"
    PACK_SUPERSEDE = "catalogue.pack.supersede"
    PACK_WITHDRAW = "catalogue.pack.withdraw"
    STANDARD_VIEW = "catalogue.standard.view"
    STANDARD_PROPOSE = "catalogue.standard.propose"
    STANDARD_CONSULT = "catalogue.standard.consult"
    STANDARD_APPROVE = "catalogue.standard.approve"
    STANDARD_DROP = "catalogue.standard.drop"
    STANDARD_PUBLISH = "catalogue.standard.publish"
    STANDARD_REPLACE = "catalogue.standard.replace"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.PACK_VIEW: ("查看政策包及其版本", "See policy packs and their versions"),
    Permission.PACK_DRAFT: ("起草政策包新版本", "Draft a new version of a policy pack"),
    Permission.PACK_CHECK: ("对政策包草案运行校验和算例", "Run the checks and worked cases of a pack draft"),
    Permission.PACK_REVISE: ("退回已校验的政策包草案", "Send a checked pack draft back"),
    Permission.PACK_PUBLISH: ("发布政策包版本", "Publish a pack version"),
    Permission.PACK_SUPERSEDE: ("以新版本替代已发布的政策包", "Replace a published pack by a later version"),
    Permission.PACK_WITHDRAW: ("撤销未发布的政策包草案", "Withdraw an unpublished pack draft"),
    Permission.STANDARD_VIEW: ("查看救助标准", "See standards of assistance"),
    Permission.STANDARD_PROPOSE: ("拟定救助标准", "Propose a standard of assistance"),
    Permission.STANDARD_CONSULT: ("登记救助标准征求意见的结果", "Record the consultation on a standard"),
    Permission.STANDARD_APPROVE: ("批准救助标准", "Approve a standard"),
    Permission.STANDARD_DROP: ("不予通过拟定的救助标准", "Drop a proposed standard"),
    Permission.STANDARD_PUBLISH: ("公布救助标准", "Publish a standard"),
    Permission.STANDARD_REPLACE: ("以新的救助标准替代旧标准", "Replace a standard by a new one"),
}
