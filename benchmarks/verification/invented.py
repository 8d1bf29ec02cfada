"""Invented citizens and registers of any size as Parquet, the same each time: every value is a hash of its row."""

from pathlib import Path

import duckdb

PERSONS_A_HOUSEHOLD = 2.72
REGISTERS = ("vehicles", "deposits", "real_estate", "companies", "social_insurance", "deaths")
_FORM = 1
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段漕钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国红梅秀珍文辉海燕鹏飞晓东雪"
    "宁琳浩宇轩子涵欣怡梓萱诗雨嘉豪俊思远天佑志新春生金凤永福长顺来喜庆云龙宝贵荣光德"
    "胜"
)
_COUNTIES = "['370902', '370911', '370921', '370923', '370982', '370983']"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = " + ".join(f"{weight} * CAST(substr(b, {at}, 1) AS INTEGER)" for at, weight in enumerate(_WEIGHTS, 1))
# what each register holds besides its owner
_OWN = {
    "vehicles": "CASE WHEN {u5} < 0.02 THEN 'sold' WHEN {u5} < 0.05 THEN 'scrapped' ELSE 'normal' END AS state",
    "deposits": (
        "CAST({h5} % 20000000 AS BIGINT) AS balance_fen,"
        " CAST(CASE WHEN {u6} < 0.02 THEN 2 ELSE 1 END AS INTEGER) AS holders"
    ),
    "real_estate": "CAST(CASE WHEN {u5} < 0.3 THEN 2 ELSE 1 END AS INTEGER) AS owners",
    "companies": (
        "CAST({h5} % 100000000 AS BIGINT) AS capital_fen,"
        " CASE WHEN {u6} < 0.1 THEN 'dormant' WHEN {u6} < 0.3 THEN 'struck' ELSE 'active' END AS state"
    ),
    "social_insurance": (
        "CASE WHEN {u6} < 0.7 THEN 'contribution' WHEN {u6} < 0.98 THEN 'pension' ELSE 'lump_sum' END AS kind,"
        " CAST(100000 + {h5} % 1900000 AS BIGINT) AS amount_fen"
    ),
    "deaths": "DATE '2010-01-01' + CAST({h5} % 6000 AS INTEGER) AS died_on",
}


def made(folder: Path, *, households: int, rows: int, population: int) -> Path:
    """The folder with `people.parquet` and `registers/`; made once."""
    aim = folder / f"form{_FORM}-{households}-{rows}-{population}"
    if (aim / "done").exists():
        return aim
    (aim / "registers").mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "3GB"}) as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"CREATE TABLE citizens AS {citizens(population)}")
        persons = int(households * PERSONS_A_HOUSEHOLD)
        _copy(
            con,
            f"SELECT CAST(floor(p / {PERSONS_A_HOUSEHOLD}) AS BIGINT) AS household, number, name, division_code"
            f" FROM citizens WHERE p < {persons} ORDER BY p",
            aim / "people.parquet",
        )
        for at, register in enumerate(REGISTERS):
            _copy(con, _register(register, rows, population, 100 * (at + 1)), aim / "registers" / f"{register}.parquet")
    (aim / "done").touch()
    return aim


def hashed(salt: int, row: str = "i") -> str:
    """SQL for a hash of a row."""
    return f"(hash({row} * 1000003 + {salt}) >> 12)"


def share(salt: int, row: str = "i") -> str:
    """SQL for a number from 0 to 1."""
    return f"({hashed(salt, row)} % 1000000 / 1e6)"


def _pick(text: str, salt: int, power: float) -> str:
    return f"substr('{text}', 1 + CAST(floor(power({share(salt)}, {power}) * {len(text)}) AS INTEGER), 1)"


def citizens(population: int) -> str:
    """SQL for so many citizens, each with a number that is valid."""
    name = f"{_pick(_SURNAMES, 1, 2)} || {_pick(_GIVEN, 2, 1.5)}"
    third = f"CASE WHEN {share(3)} < 0.75 THEN {_pick(_GIVEN, 4, 1)} ELSE '' END"
    sequence = "lpad(CAST(CAST(q * 2 + CASE sex WHEN '1' THEN 1 ELSE 0 END AS INTEGER) AS VARCHAR), 3, '0')"
    return (
        f"SELECT p, name, birth, sex, division_code, b || substr('10X98765432', 1 + ({_CHECK}) % 11, 1) AS number FROM"
        f" (SELECT *, division_code || strftime(birth, '%Y%m%d') || {sequence} AS b FROM"
        f" (SELECT i AS p, {name} || {third} AS name,"
        f" DATE '1930-01-01' + CAST({hashed(5)} % 34000 AS INTEGER) AS birth,"
        f" CASE WHEN {share(6)} < 0.51 THEN '1' ELSE '2' END AS sex,"
        f" ({_COUNTIES})[1 + CAST({hashed(7)} % 6 AS INTEGER)] AS division_code, {hashed(8)} % 500 AS q"
        f" FROM range({population}) t(i)))"
    )


def _register(register: str, rows: int, population: int, salt: int) -> str:
    """Of a hundred rows three have the old number, one a small x, two none, and one in two hundred another name."""
    own = _OWN[register].format(h5=hashed(salt + 5), h6=hashed(salt + 6), u5=share(salt + 5), u6=share(salt + 6))
    return (
        f"SELECT CASE WHEN {share(salt + 1)} < 0.03 AND birth < DATE '2000-01-01'"
        f" THEN substr(number, 1, 6) || substr(number, 9, 9) WHEN {share(salt + 2)} < 0.01 THEN lower(number)"
        f" WHEN {share(salt + 3)} < 0.02 THEN '' ELSE number END AS number,"
        f" CASE WHEN {share(salt + 4)} < 0.005 THEN '某某' ELSE name END AS name,"
        f" birth AS birth_date, sex, division_code, {own}"
        f" FROM (SELECT i, CAST({hashed(salt)} % {population} AS BIGINT) AS p FROM range({rows}) t(i))"
        " JOIN citizens USING (p)"
    )


def _copy(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    part = file.with_suffix(".part")
    con.execute(f"COPY ({query}) TO '{part}' (FORMAT parquet, COMPRESSION zstd)")
    part.replace(file)
