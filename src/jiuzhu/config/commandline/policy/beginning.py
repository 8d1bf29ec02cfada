"""`jiuzhu policy new-programme`: begin a programme by copying the smallest complete one."""

from pathlib import Path

import click

from jiuzhu.config.commandline.policy.speaking import SHIPPED, Voice, language_option, load_packs


@click.command("new-programme")
@click.argument("name")
@click.option(
    "--policies",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="your folder of layers; made when it is not there",
)
@click.option("--layer", help="the layer's folder, such as 370900-ours; not needed where there is one")
@click.option("--alone", is_flag=True, help="do not look at the shipped packs")
@language_option
def new_programme(*, name: str, folder: Path, layer: str | None, alone: bool, language: str) -> None:
    """Copy the smallest complete programme under a NAME of its own; `check` and `test` accept it as it is."""
    from jiuzhu.engine.authoring.skeletons import InvalidName, lay_out

    voice = Voice(language, as_json=False)
    target = folder / _layer(folder, layer, voice)
    roots = [*([] if alone else [SHIPPED]), *([folder] if folder.is_dir() else [])]
    packs = load_packs(roots, voice)
    try:
        if name in packs.programmes:
            raise InvalidName(f"已有制度“{name}”。", f"there is a programme {name!r} already.")
        made = lay_out(name, target, packs)
    except InvalidName as refusal:
        raise click.ClickException(voice.text(refusal.zh, refusal.en)) from refusal
    for file in sorted(path for path in made.rglob("*") if path.is_file()):
        voice.line(f"已写入 {file}", f"wrote {file}")
    voice.line(
        f"下一步：jiuzhu policy check --policies {folder}",
        f"Next: jiuzhu policy check --policies {folder} --language en",
    )


def _layer(folder: Path, layer: str | None, voice: Voice) -> str:
    """The layer to write to: the one that is named, or the only one there is."""
    from jiuzhu.engine.authoring.skeletons import LAYER

    if layer is not None:
        if LAYER.fullmatch(layer):
            return layer
        raise click.UsageError(
            voice.text(
                f"“{layer}”不是层级文件夹的名称：六位区划代码、连字符和名称，例如 370900-ours。",
                f"{layer!r} is no name of a layer: six digits of the division, a hyphen and a name, as in 370900-ours.",
            )
        )
    layers = [path.name for path in folder.glob("*") if path.is_dir() and LAYER.fullmatch(path.name)]
    if len(layers) != 1:
        raise click.UsageError(
            voice.text(
                "请用 --layer 写明层级文件夹，例如 --layer 370900-ours。",
                "Name the layer's folder with --layer, such as --layer 370900-ours.",
            )
        )
    return layers[0]
