"""The columns of 银行."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, text, truth, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "accounts": ItemMapping(
        columns={
            "bank": text("khyh"),
            "account": text("zh"),
            "balance_fen": yuan("ye"),
            "average_fen_year": yuan("rjye"),
            "joint": truth("lmbz"),
        }
    ),
}
