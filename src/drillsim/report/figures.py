"""Fonts: which one the page asks the browser for, and which one matplotlib draws Chinese with."""

from __future__ import annotations

import os
from pathlib import Path

# In the order of preference: what Windows, Kylin/UOS, macOS and Linux bring along.
CJK_FAMILIES: tuple[str, ...] = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Microsoft YaHei", "SimHei", "PingFang SC",
    "Hiragino Sans GB",
)  # fmt: skip
CJK_FILES = ("notosanscjk", "notosanssc", "sourcehansans", "wqy-microhei", "wqy-zenhei", "msyh",
             "simhei", "pingfang")  # fmt: skip
CSS_FAMILY = ", ".join(f'"{name}"' for name in CJK_FAMILIES) + ", system-ui, sans-serif"


def use_chinese_font() -> str | None:
    """Make matplotlib draw Chinese: an installed font, else the one of the `zh` extra.

    Gives the family chosen, or None when there is none; then Chinese labels show as boxes, and
    `pip install drillsim[zh]` brings a free font (Noto Sans SC, OFL-1.1).
    """
    import matplotlib as mpl
    from matplotlib import font_manager

    known = {entry.name for entry in font_manager.fontManager.ttflist}
    family = next((name for name in CJK_FAMILIES if name in known), None)
    if family is None:
        # matplotlib's list is cached: a font installed since is found by its file name
        files = [Path(file) for file in font_manager.findSystemFonts()]
        file = next((f for s in CJK_FILES for f in files if f.stem.lower().startswith(s)), None)
        file = file or _font_of_extra()
        if file is None:
            return None
        font_manager.fontManager.addfont(os.fspath(file))
        family = font_manager.FontProperties(fname=os.fspath(file)).get_name()
    mpl.rcParams["font.family"] = [family, "DejaVu Sans"]
    mpl.rcParams["axes.unicode_minus"] = False
    return family


def _font_of_extra() -> Path | None:
    """Give the font file that the wheel of the `zh` extra holds, or None."""
    try:
        import pylopdf_fonts_zh_cn
    except ImportError:
        return None
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".ttf", ".otf", ".ttc"})
    return found[0] if found else None
