"""The columns of 非银行支付机构."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, text, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "wallets": ItemMapping(
        columns={
            "institution": text("支付机构"),
            "balance_fen": yuan("余额"),
        }
    ),
}
