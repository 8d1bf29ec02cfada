"""银行 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, whole

BANKS = ("农村商业银行", "农业银行", "邮政储蓄银行", "工商银行", "建设银行", "中国银行")

PLAYS: Mapping[str, Play] = {
    "accounts": Play(
        "accounts",
        {
            "bank": lambda row: BANKS[int(str(row["bank"]))],
            "account": lambda row: "*" * 12 + str(row["account_number"])[-4:],
            "balance_fen": whole("balance_fen"),
            "average_fen_year": whole("average_fen_year"),
            "joint": lambda row: bool(row["second_citizen_id"]),
        },
    ),
}
