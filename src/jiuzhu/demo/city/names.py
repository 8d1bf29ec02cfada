"""Invented names: surnames by their frequency, given names by sex and birth year, a few rare characters and long
names.
"""

import numpy as np
from faker.providers.person.zh_CN import Provider

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Bytes8, Ints, Texts, pick

_SURNAMES = np.array(list(Provider.last_names), dtype="<U4")
_SURNAME_WEIGHTS = np.array(list(Provider.last_names.values()), dtype=np.float64)
_WHOLE = {
    True: np.array(list(Provider.first_names_male), dtype="<U4"),
    False: np.array(list(Provider.first_names_female), dtype="<U4"),
}
# Characters for composed given names: (born from, first characters, second characters), by sex (True: male).
_COMPOSED: dict[bool, tuple[tuple[int, str, str], ...]] = {
    True: (
        (0, "德广玉金振兆洪长永福贵传庆延世继守士明学", "福贵财才海山田成祥荣昌兴林臣仁义顺友泉河"),
        (1950, "建国卫志文永玉庆新金德学振爱红家保春广光", "国军民华平明强生忠林东山利兵海峰成亮水青"),
        (1975, "志海晓建文永立新俊国少庆宏伟世玉东春兆卫", "强伟刚勇军涛鹏飞波磊峰辉斌杰超明亮东宁坤"),
        (1995, "子浩宇俊梓明家文天志泽博嘉思雨云一皓瑞承", "涵轩豪然杰宇辰阳博睿泽文航凯鑫源铭晨昊霖"),
    ),
    False: (
        (0, "秀桂玉凤兰淑月素翠金爱春荣瑞庆传广兆爱存", "英兰芹珍荣芳云香花美梅莲娥芝玲菊俊霞琴环"),
        (1950, "秀爱玉桂淑红春建凤海丽翠月金兆庆素新文瑞", "英兰芳梅霞华玲红珍云香琴萍荣美艳芹娟敏凤"),
        (1975, "晓丽海艳红雪春文玉美秀小冬燕淑翠立建俊庆", "丽娜静敏艳霞燕红梅玲莉娟芳萍莹洁慧云平英"),
        (1995, "子梓雨欣诗思佳嘉若一可语雅梦奕依馨晨沐书", "涵萱怡琪彤妍欣悦雯瑶宁然琳菲宜桐诺妍晴冉"),
    ),
}
_RARE = np.array(["𠮷", "㙓", "䶮"])
_LONG_GIVEN = np.array(["阿依古丽", "阿依努尔", "迪丽娜尔", "买尔丹", "艾力江", "古再丽", "帕尔哈提", "热依罕"])
_LONG_FATHER = np.array(["买买提", "吐尔逊", "阿卜杜拉", "艾合买提", "库尔班", "卡德尔", "牙生", "依明江"])
_LONG_NAME_ETHNICITIES = (5, 17)


def surnames(rng: np.random.Generator, size: int) -> Ints:
    """Indexes of surnames, drawn by frequency."""
    return pick(rng, _SURNAME_WEIGHTS, size)


def full_names(rng: np.random.Generator, surname: Ints, male: Bools, birth_year: Ints, ethnicity: Bytes8) -> Texts:
    """A full name for each person."""
    size = len(surname)
    given = np.zeros(size, dtype="<U4")
    whole = (rng.random(size) < p.WHOLE_GIVEN_NAME) & (birth_year < p.WHOLE_GIVEN_BEFORE)
    for sex, eras in _COMPOSED.items():
        rows = np.flatnonzero(whole & (male == sex))
        given[rows] = _WHOLE[sex][_zipf(rng, len(_WHOLE[sex]), len(rows))]
        ends = [born for born, _, _ in eras[1:]] + [9999]
        for (born, first, second), end in zip(eras, ends, strict=True):
            rows = np.flatnonzero(~whole & (male == sex) & (birth_year >= born) & (birth_year < end))
            given[rows] = _compose(rng, first, second, len(rows), p.ONE_CHARACTER_GIVEN if born >= 1975 else 0.08)
    rare = np.flatnonzero(rng.random(size) < p.RARE_CHARACTER)
    given[rare] = np.strings.add(np.strings.slice(given[rare], 0, 1), _RARE[rng.integers(0, len(_RARE), len(rare))])
    name = np.strings.add(_SURNAMES[surname], given).astype("<U10")
    long = np.flatnonzero(np.isin(ethnicity, _LONG_NAME_ETHNICITIES))
    first_part = _LONG_GIVEN[rng.integers(0, len(_LONG_GIVEN), len(long))]
    name[long] = np.strings.add(np.strings.add(first_part, "·"), _LONG_FATHER[surname[long] % len(_LONG_FATHER)])
    return name


def _compose(rng: np.random.Generator, first: str, second: str, size: int, single: float) -> Texts:
    heads, tails = np.array(list(first)), np.array(list(second))
    head = heads[_zipf(rng, len(heads), size)]
    tail = tails[_zipf(rng, len(tails), size)]
    return np.where((rng.random(size) < single) | (head == tail), tail, np.strings.add(head, tail))


def _zipf(rng: np.random.Generator, choices: int, size: int) -> Ints:
    return pick(rng, 1.0 / (np.arange(choices) + 4.0), size)
