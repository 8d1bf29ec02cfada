"""`jiuzhu policy`: check packs, run their worked cases, explain a case, screen a population, compare, simulate.

Nothing here needs a database or settings, but for what reads the register: packs can be written and tried on a machine
that has only the program.
"""

import click

from jiuzhu.config.commandline.policy.beginning import new_programme
from jiuzhu.config.commandline.policy.checking import check, test
from jiuzhu.config.commandline.policy.comparing import diff
from jiuzhu.config.commandline.policy.explaining import explain
from jiuzhu.config.commandline.policy.gathering import population
from jiuzhu.config.commandline.policy.screening import screen
from jiuzhu.config.commandline.policy.simulating import simulate


@click.group()
def command() -> None:
    """政策包：检查、运行案例、解释、筛查、比较、模拟、新建制度。"""


for _verb in (check, diff, explain, new_programme, population, screen, simulate, test):
    command.add_command(_verb)
