"""Every figure of the demonstration city, with its source.

"Census" is the seventh national census (2020-11-01) as published for Tai'an; the city of any other day keeps its
shares. Everything under "assumption" is chosen to look plausible and is an assumption of the demonstration: it is no
policy figure, no statistic of Tai'an, and must not be cited.
"""

from typing import TypeAlias

AgeBands: TypeAlias = tuple[tuple[float, float, float], ...]
AgeTable: TypeAlias = tuple[tuple[int, float], ...]

# Sizes of the city, in households. Family households of the census: 1,848,599.
SIZES = {"small": 2_000, "city": 180_000, "full": 1_850_000}
CHUNK_HOUSEHOLDS = 50_000
CHUNK_HOUSEHOLDS_MOST = 60_000

# Citizen ids: 499 sequences of each parity in a cell, 12 for each of 41 chunks (see `identifiers.sequence_numbers`).
SEQUENCES_PER_SEX = 499
CHUNK_LANES = 41
NUMBERS_PER_LANE = 12
# Room for people, households and papers of one chunk in numbers that must not repeat in the city.
CHUNK_NUMBERS = 1_000_000

# Census: residents by code area; 岱岳区 includes the functional areas that lie in it.
CENSUS_CITY = 5_472_217
CENSUS_COUNTIES = {"370902": 799_971, "370911": 1_046_569, "370921": 668_520}
CENSUS_AGE_0_14 = 0.1737
CENSUS_AGE_15_59 = 0.6057
CENSUS_AGE_60 = 0.2206
CENSUS_AGE_65 = 0.1562
CENSUS_MALE = 2_720_585 / 5_472_217
CENSUS_HOUSEHOLD_SIZE = 2.71

# Codes of committees: 001–199 communities (居委会), 200–399 villages (村委会), by the statistical coding rules.
COMMITTEE_DIGITS_URBAN_BELOW = 200
# Assumption: share of households in communities, by county; and the spread (log) of the size of villages.
URBAN_SHARE = {"370902": 0.90, "370911": 0.55}
URBAN_SHARE_ELSEWHERE = 0.48
VILLAGE_SIZE_SPREAD = 0.55

# Assumption: kinds of household. The weights are fitted (least divergence from a prior) to the census margins above.
KIND_WEIGHTS = {
    "ONE_ADULT": 0.0777,
    "ONE_ELDER": 0.1045,
    "COUPLE": 0.0963,
    "ELDERLY_COUPLE": 0.1280,
    "NUCLEAR": 0.2415,
    "COUPLE_ADULT_CHILD": 0.1072,
    "SINGLE_PARENT": 0.0219,
    "THREE_GENERATIONS": 0.1033,
    "GRANDPARENTS_AND_GRANDCHILDREN": 0.0194,
    "GUARDIAN_AND_WARDS": 0.0009,
    "OLD_PARENTS_ADULT_CHILD": 0.0277,
    "COUPLE_WITH_OLD_PARENTS": 0.0716,
}
KIND_URBAN_ODDS = {
    "ONE_ADULT": 1.5,
    "ONE_ELDER": 0.7,
    "ELDERLY_COUPLE": 0.8,
    "NUCLEAR": 1.25,
    "COUPLE_ADULT_CHILD": 1.2,
    "THREE_GENERATIONS": 0.8,
    "GRANDPARENTS_AND_GRANDCHILDREN": 0.3,
    "OLD_PARENTS_ADULT_CHILD": 0.6,
}

# Marriage from 22 (men) and 20 (women): 民法典 Art. 1047. The rest of the block is assumption.
HUSBAND_LEAST = 22.1
WIFE_LEAST = 20.1
OLDEST = 104.0
MOTHER_AT_BIRTH = (26.0, 3.6, 20.2, 41.0)  # mean, spread, least, most
MOTHER_MOST = 45.0
OLD_MOTHER_AT_BIRTH = (25.5, 4.0, 20.2, 43.0)
HUSBAND_OLDER_BY = (1.6, 2.2, -4.0, 10.0)
FATHER_AT_BIRTH_LEAST = 20.5
SPACING_YEARS = (1.2, 8.0)
MALE_AT_BIRTH = 0.525
PATERNAL_SHARE = 0.86
WIFE_HEADS = 0.22
OLD_PARENT_HEADS = 0.30
ONE_ADULT_AGES: AgeBands = ((20, 25, 10), (25, 30, 20), (30, 35, 18), (35, 45, 20), (45, 55, 20), (55, 60, 12))
ELDER_AGES: AgeBands = ((60, 65, 16), (65, 70, 22), (70, 75, 23), (75, 80, 18), (80, 85, 12), (85, 90, 6), (90, 100, 3))
COUPLE_AGES: AgeBands = ((23, 28, 10), (28, 35, 14), (35, 45, 10), (45, 50, 16), (50, 55, 26), (55, 60, 24))
ELDERLY_COUPLE_AGES: AgeBands = ((60, 65, 28), (65, 70, 29), (70, 75, 23), (75, 80, 12), (80, 85, 6), (85, 95, 2))
ONE_ADULT_MALE = 0.62
ONE_ELDER_MALE = 0.36
NUCLEAR_SIBLINGS = (0.52, 0.07)  # share with a second child, and of these with a third
ADULT_CHILD_AGES = (18.0, 31.0)
ADULT_CHILD_SIBLINGS = (0.30, 0.05)
SINGLE_PARENT_SIBLINGS = (0.25, 0.05)
SINGLE_PARENT_MALE = 0.36
THREE_GENERATION_SIBLINGS = (0.50, 0.06)
THREE_GENERATION_OLD = (0.40, 0.42)  # both parents, the mother alone
GRANDPARENTS_BOTH_MALE = (0.68, 0.25)  # both grandparents, a man where there is one
SKIP_SIBLINGS = (0.35, 0.05)
GUARDIAN_GRANDPARENTS = 0.55
ORPHAN_SHARE = 0.4
STAYING_CHILD_AGES = (31.0, 58.0)
STAYING_CHILD_MALE = 0.78
STAYING_CHILD_BOTH = 0.45
STAYING_CHILD_FATHER = 0.3
COUPLE_WITH_OLD_AGES = (35.0, 64.0)

# Assumption: deaths. Yearly chance of dying by age; deaths are drawn over the last days before the city's day.
DEATH_AGES = ((0, 0.0025), (1, 0.0003), (15, 0.0006), (40, 0.0018), (55, 0.006), (65, 0.014), (75, 0.045), (85, 0.13))
DEATH_DAYS = 730

# Assumption: names. The surname frequencies and whole given names are those of the Faker library's zh_CN lists.
WHOLE_GIVEN_NAME = 0.35
WHOLE_GIVEN_BEFORE = 1990
ONE_CHARACTER_GIVEN = 0.28
RARE_CHARACTER = 0.0006

# Assumption: ethnicities (codes of GB/T 3304): Han, Hui, Manchu, Mongol, Miao, Zhuang, Korean, Tujia, Yi, Uygur, Kazak.
ETHNICITIES = {
    1: 0.9905,
    3: 0.0075,
    11: 0.0006,
    2: 0.0003,
    6: 0.0002,
    8: 0.0002,
    10: 0.0002,
    15: 0.0002,
    7: 0.0002,
    5: 0.00008,
    17: 0.00002,
}

# Assumption: where the citizen id was first given: own county, another county of the city, elsewhere in Shandong.
ID_OWN_COUNTY = 0.86
ID_OTHER_COUNTY = 0.08
ID_MINORS_DRAW = 0.88
ID_ELSEWHERE = (370102, 370112, 370113, 370302, 370811, 370828, 370883, 371102, 371302, 371402, 371502, 371702)

# Assumption: marital status.
ALONE_NEVER_MARRIED = ((0, 0.995), (25, 0.85), (30, 0.62), (40, 0.40), (50, 0.30), (60, 0.15), (75, 0.12))
ALONE_DIVORCED = ((0, 0.0), (25, 0.12), (30, 0.33), (40, 0.50), (50, 0.48), (60, 0.12), (75, 0.03))
SINGLE_PARENT_MARITAL = (0.06, 0.62, 0.32)  # never married, divorced, widowed
REMARRIED = 0.05
HUKOU_URBAN = (0.06, 0.72)  # share with an urban registration in a village and in a community

# Numbers that nobody has: no operator holds the mobile range 154; no issuer has the prefix 999370.
PHONE_PREFIX = "154"
CARD_PREFIX = "999370"
CARD_DIGITS = 19
# Plates never use the letter I, so 鲁JI… is no plate of Tai'an.
PLATE_PREFIX = "鲁JI"
PHONE_FROM_AGE = 12
CARD_FROM_AGE = 16

# Assumption: events.
CUSTODY_MEN = 0.0022
CUSTODY_WOMEN = 0.0002
MOVED = 0.05
MOVED_FROM_OUTSIDE = 0.3
PREGNANT = 0.06
AWAY = 0.08

# Assumption: disability by certificate (about 2.8 % of residents), types 1–7 for the ages under 18, 18–59, 60 and over.
DISABILITY_AGES: AgeTable = (
    (0, 0.004),
    (7, 0.007),
    (18, 0.012),
    (40, 0.022),
    (50, 0.034),
    (60, 0.048),
    (70, 0.070),
    (80, 0.10),
)
DISABILITY_TYPES = (
    (4.0, 10.0, 6.0, 28.0, 32.0, 10.0, 10.0),
    (9.0, 7.0, 2.0, 50.0, 13.0, 16.0, 3.0),
    (15.0, 14.0, 0.7, 58.0, 4.0, 5.0, 3.3),
)
DISABILITY_GRADES = (15.0, 31.0, 29.0, 25.0)

# Assumption: serious illnesses as (ICD-10 category, from age, to age, sex or 0, chance of having it now).
ILLNESSES = (
    ("G80", 0, 18, 0, 0.0016),  # cerebral palsy
    ("Q35", 0, 7, 0, 0.0012),  # cleft palate
    ("C91", 0, 20, 0, 0.0003),  # leukaemia
    ("F20", 16, 80, 0, 0.0040),  # schizophrenia
    ("C50", 30, 85, 2, 0.0022),  # cancer of the breast
    ("C53", 30, 80, 2, 0.0010),  # cancer of the cervix
    ("C34", 40, 95, 0, 0.0018),  # cancer of the lung
    ("C16", 40, 95, 0, 0.0012),  # cancer of the stomach
    ("N18", 25, 90, 0, 0.0016),  # chronic kidney disease
    ("I63", 45, 100, 0, 0.0075),  # cerebral infarction
    ("I21", 45, 100, 0, 0.0020),  # acute myocardial infarction
)
ILL_UNABLE_TO_WORK = 0.55
MEDICAL_USUAL_YUAN: AgeTable = ((0, 450.0), (6, 250.0), (18, 260.0), (45, 650.0), (60, 1500.0), (75, 2200.0))
MEDICAL_USUAL_SPREAD = 1.1
MEDICAL_SERIOUS_YUAN = 17_000.0
MEDICAL_SERIOUS_SPREAD = 0.95
MEDICAL_MOST_YUAN = 900_000.0
COLLEGE_SHARE = (0.42, 0.62)  # in villages and in communities

# Assumption: work, by (village under 50, village 50+, community under 50, community 50+): employee, public payroll,
# business, flexible, farmer.
CAREERS = (
    (0.42, 0.02, 0.09, 0.24, 0.23),
    (0.14, 0.015, 0.06, 0.20, 0.585),
    (0.60, 0.08, 0.13, 0.17, 0.02),
    (0.52, 0.08, 0.10, 0.20, 0.10),
)
HOMEMAKER_AGES: AgeTable = ((0, 0.0), (22, 0.14), (40, 0.16), (50, 0.25))
UNEMPLOYED_SHARE = 0.045
# Yuan a month in the order of `Work`.
WORK_YUAN = (0.0, 0.0, 0.0, 4300.0, 5600.0, 4600.0, 2700.0, 1450.0, 0.0, 0.0, 0.0, 0.0)
URBAN_WAGE = 1.15
INCOME_SPREAD = 0.38
FORTUNE_INCOME = 0.30
INCOME_MOST_YUAN = 300_000.0
BURDEN_FORTUNE = 0.55
PENSION_YUAN = (0.0, 3100.0, 5400.0, 215.0)  # in the order of `PensionKind`
PENSION_SPREAD = (0.0, 0.25, 0.18, 0.22)
SAVINGS_YUAN: AgeTable = ((0, 5_000.0), (25, 14_000.0), (35, 26_000.0), (50, 34_000.0), (70, 20_000.0))
SAVINGS_SPREAD = 1.0
FORTUNE_SAVINGS = 0.85
SAVINGS_MOST_YUAN = 20_000_000.0
INTEREST_YEAR = 0.012
LETS_PROPERTY = 0.02
RENT_YUAN = 900.0
SUPPORTED_BY_CHILDREN = 0.45
SUPPORT_YUAN = 320.0
COMPANY_SHARE = 0.32

# Assumption: dwellings. Tenure (own, private rent, public rent, with relatives, employer) in villages and in
# communities.
TENURES = ((0.945, 0.015, 0.004, 0.03, 0.006), (0.81, 0.11, 0.03, 0.03, 0.02))
SECOND_HOME = 0.13
THIRD_HOME = 0.10
AREA_M2 = (112.0, 94.0)
UNSAFE_RURAL = 0.004
LAND_MU = 4.2
VEHICLE_LOG_ODDS: AgeTable = ((0, -0.1), (25, 0.4), (55, -0.2), (62, -1.3), (70, -2.8), (80, -5.0))
SECOND_VEHICLE = 0.13
MACHINE_SHARE = 0.10

# Assumption: sizes of the groups. The lines below are made so that about 1.6 % of residents hold 低保 and 0.35 % 特困
# (the order of size found for Shandong); they are not the standards of any place.
SCHOOL_FEN_MONTH = 45_000
MODEST_SAVINGS_FEN = 2_500_000
DIBAO_LINE_FEN = 34_000
BURDENED_LINE = 1.6  # a burdened household counts as poor up to this multiple of the line
HELPED = 0.86
HELPED_WRONGLY = 0.0008
EDGE_FACTOR = 1.35
EDGE_KNOWN = 0.7
RIGID_LEFT_FEN = 30_000
RIGID_INCOME_FEN = 220_000
RIGID_KNOWN = 0.2
WATCHED = 0.14
WITHOUT_SHELTER = 0.002
WORKERS_KNOWN = 0.25
TWO_CANCERS_KNOWN = 0.12
EMERGENCY = 0.03
BRAVE_FAMILY = 0.0002
HURT_BY_BRAVERY = 0.004
DISASTER = 0.0012
HEALTH_EMERGENCY = 0.0006
TEKUN_INCOME_FEN = 120_000
TEKUN_WITHOUT_FAMILY = 0.2

# Assumption: how often a household conceals something on the form.
UNDECLARED_INCOME = 0.06
UNDECLARED_SAVINGS = 0.07
UNDECLARED_VEHICLE = 0.04
UNDECLARED_HOME = 0.08
UNDECLARED_COMPANY = 0.10
PENSION_MISTAKEN = 0.10

# Assumption: how often registers err or are incomplete. The tests measure each rate.
NAME_VARIANT = 0.006
RARE_NAME_VARIANT = 0.6
DEATH_NOT_CANCELLED = 0.08
SOLD_NOT_TRANSFERRED = 0.008
OLD_MARRIAGE_ON_FILE = 0.35
OLD_MARRIAGE_ID_MISSING = 0.30
CREMATED = 0.94
PAID_AFTER_DEATH = 0.10
PAID_AFTER_DEATH_DAYS = 180
EMPLOYMENT_REGISTERED = (0.0, 0.93, 0.45, 0.20)
CONTRIBUTES = 0.82
PAID_BY_OTHERS = 0.012
CONTRIBUTION_BASE_FEN = (427_000, 2_137_000)
INSURED = 0.965
SETTLED = 0.85
WAGE_REPORTED = (0.88, 0.08)
VILLAGE_HOUSE_WITHOUT_DEED = 0.45
INHERITED_SHARE = 0.009
DEED_NAME_VARIANT = 0.02
OLD_DEED_ID_MISSING = 0.28
OLD_DEED_ID_OLD_FORM = 0.40
HAS_HOUSING_FUND = (0.99, 0.34)
TRADER_REGISTERED = 0.6
DORMANT_BUSINESS = 0.004
BUSINESS_NUMBERS = 100_000
CERTIFIED = 0.9
CERTIFICATE_LAPSED = 0.06
STUDIES_OUTSIDE = 0.35
PRIVATE_SCHOOL = 0.05
BOARDING = (0.0, 0.0, 0.04, 0.3, 0.7, 0.7, 0.97, 0.97, 0.97)  # in the order of `Stage`
MACHINE_SOLD = 0.004
SECOND_ACCOUNT = 0.45
JOINT_ACCOUNT = 0.015
VEHICLE_KINDS = (0.72, 0.13, 0.05, 0.04, 0.06)

# Law: the yearly allowance of 60,000 yuan is 个人所得税法 Art. 6.
TAX_ALLOWANCE_FEN_YEAR = 6_000_000

# Registers that follow from circumstances (`registers/further.py`): assumptions of the demonstration.
DISABILITY_SUBSIDY = 0.85
CARE_SUBSIDY = 0.7
DISABILITY_SUBSIDY_FEN = (15_000, 17_000)  # care, living
UNEMPLOYMENT_BENEFIT = 0.25
UNEMPLOYMENT_BENEFIT_YUAN = 1_800.0
VETERAN = 0.06
VETERAN_YUAN = 750.0
FARMLAND_SUBSIDY_FEN_MU = 12_500
JUDGMENT_DEBTOR = 0.006
JUDGMENT_YUAN = 60_000.0
PUBLIC_RENTAL = 0.15
PUBLIC_RENT_YUAN = 260.0
CARRIER = 0.05
VESSEL = 0.0003
HOLDS_SECURITIES = 0.06
SECURITIES_YUAN = 12_000.0
HOLDS_POLICY = 0.10
POLICY_YUAN = 9_000.0
HOLDS_WALLET = 0.75
WALLET_YUAN = 400.0
METER_YUAN_YEAR = 900.0
