"""All registers of a chunk at once."""

from dataclasses import dataclass

from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.registers import further
from jiuzhu.demo.city.registers.agriculture import LandRegister, MachineRegister, land, machines
from jiuzhu.demo.city.registers.banks import AccountRegister, accounts
from jiuzhu.demo.city.registers.civil_affairs import (
    CremationRegister,
    DivorceRegister,
    MarriageRegister,
    cremations,
    divorces,
    marriages,
)
from jiuzhu.demo.city.registers.disabled_federation import CertificateRegister, certificates
from jiuzhu.demo.city.registers.education import SchoolRegister, schools
from jiuzhu.demo.city.registers.housing_fund import HousingFundRegister, housing_fund
from jiuzhu.demo.city.registers.human_resources import (
    ContributionRegister,
    EmploymentRegister,
    PensionRegister,
    contributions,
    employment,
    pensions,
)
from jiuzhu.demo.city.registers.market_regulation import BusinessRegister, businesses
from jiuzhu.demo.city.registers.medical_insurance import EnrolmentRegister, SettlementRegister, enrolment, settlements
from jiuzhu.demo.city.registers.public_security import (
    CustodyRegister,
    PopulationRegister,
    VehicleRegister,
    custody,
    population,
    vehicles,
)
from jiuzhu.demo.city.registers.real_estate import DeedRegister, deeds
from jiuzhu.demo.city.registers.tax import IncomeTaxRegister, income_tax


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of every department for one chunk."""

    population: PopulationRegister
    vehicles: VehicleRegister
    custody: CustodyRegister
    marriages: MarriageRegister
    divorces: DivorceRegister
    cremations: CremationRegister
    pensions: PensionRegister
    employment: EmploymentRegister
    contributions: ContributionRegister
    enrolment: EnrolmentRegister
    settlements: SettlementRegister
    income_tax: IncomeTaxRegister
    deeds: DeedRegister
    housing_fund: HousingFundRegister
    businesses: BusinessRegister
    certificates: CertificateRegister
    schools: SchoolRegister
    machines: MachineRegister
    land: LandRegister
    accounts: AccountRegister
    disability_subsidies: further.BenefitRegister
    unemployment: further.BenefitRegister
    veterans: further.BenefitRegister
    subsidies: further.SubsidyRegister
    payroll: further.PayrollRegister
    illnesses: further.IllnessRegister
    judgments: further.JudgmentRegister
    public_housing: further.TenancyRegister
    commercial_vehicles: further.HireRegister
    vessels: further.VesselRegister
    securities: further.HoldingRegister
    policies: further.PolicyRegister
    wallets: further.WalletRegister
    meters: further.MeterRegister


def keep_registers(chunk: CityChunk) -> Registers:
    """Fill all registers for a chunk. Each draws from its own stream, so any one can also be made alone."""
    return Registers(
        population=population(chunk),
        vehicles=vehicles(chunk),
        custody=custody(chunk),
        marriages=marriages(chunk),
        divorces=divorces(chunk),
        cremations=cremations(chunk),
        pensions=pensions(chunk),
        employment=employment(chunk),
        contributions=contributions(chunk),
        enrolment=enrolment(chunk),
        settlements=settlements(chunk),
        income_tax=income_tax(chunk),
        deeds=deeds(chunk),
        housing_fund=housing_fund(chunk),
        businesses=businesses(chunk),
        certificates=certificates(chunk),
        schools=schools(chunk),
        machines=machines(chunk),
        land=land(chunk),
        accounts=accounts(chunk),
        disability_subsidies=further.disability_subsidies(chunk),
        unemployment=further.unemployment(chunk),
        veterans=further.veterans(chunk),
        subsidies=further.subsidies(chunk),
        payroll=further.payroll(chunk),
        illnesses=further.illnesses(chunk),
        judgments=further.judgments(chunk),
        public_housing=further.public_housing(chunk),
        commercial_vehicles=further.commercial_vehicles(chunk),
        vessels=further.vessels(chunk),
        securities=further.securities(chunk),
        policies=further.policies(chunk),
        wallets=further.wallets(chunk),
        meters=further.meters(chunk),
    )
