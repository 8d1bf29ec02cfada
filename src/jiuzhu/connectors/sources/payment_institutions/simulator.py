"""非银行支付机构 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, whole

PLAYS: Mapping[str, Play] = {
    "wallets": Play(
        "wallets",
        {
            "institution": lambda row: f"示例支付机构{row['institution']}",
            "balance_fen": whole("balance_fen"),
        },
    ),
}
