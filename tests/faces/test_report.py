"""The report page from a hand-built log: right numbers, both languages, nothing from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from report_world import Checker, a_pillar, a_run

from drillsim.engine.session import run as simulate
from drillsim.report import ScenarioRun, write_report
from drillsim.report.assessment import linkage_share, lost_rows, pillar_rows
from drillsim.report.compare import comparisons
from drillsim.report.figures import use_chinese_font
from drillsim.report.footprint import half_widths, outlines
from drillsim.report.lanes import arrows, lane_order
from drillsim.report.levels import command_spans, level_spans
from drillsim.report.page import html
from drillsim.report.scene import Receptor, crews_at, receptors, zones_at
from drillsim.report.svg import Room, TimeAxis, shortened, width_of
from drillsim.report.tables import crew_rows
from drillsim.report.timeline import timeline
from drillsim.scenario import read_scenario
from drillsim.scoring import score, score_many
from drillsim.scoring.card import Loss


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> ScenarioRun:
    return a_run(tmp_path_factory.mktemp("little"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_is_whole_and_asks_for_nothing(run: ScenarioRun, tmp_path: Path, lang: Any) -> None:
    path = tmp_path / "report.html"
    write_report(path, [run, replace(run)], lang)
    page = path.read_text(encoding="utf-8")
    found = Checker()
    found.feed(re.sub(r"</?(p|li|dt|dd)\b[^>]*>", "", page))
    assert found.open == []
    assert found.fetched == []
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert "<script" not in page
    assert not re.search(r"(?i)https?://|@import|url\(", page)
    assert len(page) < 3_000_000
    assert not list(tmp_path.glob("*.part"))
    nothing_filled = re.search(r">(None|nan|inf)<|\{[a-z_]+\}(?!\s*[a-z.#@*:])", page)
    assert nothing_filled is None


def test_both_languages_say_exercise_and_escape_what_plans_say(run: ScenarioRun) -> None:
    chinese, english = html([run], "zh"), html([run], "en")
    assert "演练 / 模拟" in chinese
    assert "EXERCISE" in english
    assert "火警迟到 &lt;五分钟&gt;" in chinese
    assert "<五分钟>" not in chinese
    assert "没有参照" in chinese
    assert "no reference" in english
    shown = re.sub(r"<[^>]*>|&[a-z#0-9]+;", " ", english[english.index("<body") :])
    quotes = ("经总经理同意后拨打119", "接报后一分钟内出动", "消防法", "演练", "模拟")
    for quote in quotes:
        shown = shown.replace(quote, "")
    assert not re.findall(r"[\u4e00-\u9fff]+", shown)


def test_lost_points_show_both_sentences_file_and_chain(run: ScenarioRun) -> None:
    rows, rest = lost_rows(run, "en")
    assert [row.points for row in rows] == ["25.0", "10.0"]
    assert rest == ""
    late, nobody = rows
    assert [s.quote for s in late.sentences] == ["经总经理同意后拨打119", "接报后一分钟内出动"]
    assert late.sentences[0].clause == "3.1"
    assert re.search(r"plans/plan\.yaml:\d+$", late.sentences[0].where)
    times = [when for when, _ in late.chain]
    assert times == ["T+0.5", "T+5.0", "T+6.5"]
    assert "Fire Brigade" in late.chain[-1][1]
    assert nobody.no_clause
    assert nobody.sentences == ()


def test_timeline_counts_minutes_from_detection(run: ScenarioRun) -> None:
    call, alarm = sorted(timeline(run, "en"), key=lambda row: row.id)
    assert call.verdict == "late"
    assert call.actual is not None
    assert call.actual.told_min == pytest.approx(6.0)
    assert call.need_min == pytest.approx(3.0)
    assert call.plan_min == pytest.approx(2.0)
    assert call.law == "at once"
    assert call.actual.content == 0.0
    assert alarm.verdict == "undeclared"
    assert "no plan says it" in alarm.drawing


def test_state_of_places_follows_cloud_and_warning(run: ScenarioRun) -> None:
    (school,) = receptors(run.shown)
    assert [school.state(t) for t in (100, 400, 699, 700)] == ["quiet", "hit", "hit", "late"]
    early = replace(school, warned_s=60.0)
    assert [early.state(t) for t in (30, 60, 400)] == ["quiet", "warned", "warned"]
    never = Receptor("x", 1, None, None, "", False, 0, 0, 0)
    assert never.state(9999) == "quiet"


def test_crews_move_along_their_path(run: ScenarioRun) -> None:
    assert crews_at(run.scenario, run.shown, 400) == ()
    (midway,) = crews_at(run.scenario, run.shown, 560)
    assert (midway.x, midway.y, midway.moving) == (3000.0, 5000.0, True)
    (there,) = crews_at(run.scenario, run.shown, 3000)
    assert (there.x, there.y, there.moving) == (6000.0, 4500.0, False)
    assert there.service == "fire"
    (row,) = crew_rows(run.scenario, run.shown, "en")
    assert row.late  # 860 - 400 s against a promise of 3 min
    assert row.clause == "p1/pr"


def test_zones_levels_and_command_over_time(run: ScenarioRun) -> None:
    assert zones_at(run.shown, 599) == ()
    (zone,) = zones_at(run.shown, 600)
    assert (zone.near_m, zone.far_m, zone.sector_deg) == (300.0, 1500.0, 90.0)
    spans = level_spans(run.scenario, run.shown, "p1", "en")
    assert [(s.t0_s, s.t1_s, s.words) for s in spans] == [
        (90.0, 150.0, "level II"), (150.0, 3600.0, "level I"),
    ]  # fmt: skip
    held, gaps = command_spans(run.scenario, run.shown, "overall", "en")
    assert [(s.t0_s, s.t1_s) for s in held] == [(120.0, 800.0), (1100.0, 3600.0)]
    assert [(s.t0_s, s.t1_s) for s in gaps] == [(800.0, 1100.0)]


def test_lanes_show_failed_and_delivered_messages(run: ScenarioRun) -> None:
    failed, delivered = arrows(run.scenario, run.shown, "en")
    assert (failed.failed, failed.sent_s, failed.came_s) == (True, 240.0, 255.0)
    assert (delivered.failed, delivered.sent_s, delivered.came_s) == (False, 300.0, 390.0)
    assert "busy" in failed.hint
    assert "substance" in delivered.hint
    assert lane_order(run.scenario, [delivered], run.shown.of("warned")) == ["plant", "fire"]


def test_outline_grows_with_the_tier_and_stops_after_isolation(run: ScenarioRun) -> None:
    found = outlines(run.scenario, run.shown, (300.0, 900.0, 3600.0))
    by = {(o.tier, o.t_s): o for o in found}
    source = np.array([6000.0, 4500.0])

    def reach(outline: Any) -> float:
        return max(
            (float(np.hypot(*(ring - source).T).max()) for ring in outline.rings), default=0.0
        )

    assert reach(by[2, 300.0]) < reach(by[2, 900.0])
    assert 0 < reach(by[3, 900.0]) < reach(by[2, 900.0])
    assert by[3, 3600.0].rings == ()
    assert by[2, 900.0].ppm < by[3, 900.0].ppm
    ring = by[2, 900.0].rings[0] - source
    assert ring.mean(axis=0)[0] < 0  # the wind from 70 degrees carries the cloud to the west


def test_half_width_of_a_gaussian_is_exact() -> None:
    sigma, top, threshold = 100.0, 50.0, 5.0
    across = 600.0 * np.linspace(0, 1, 60) ** 2
    levels = np.array([top * np.exp(-0.5 * (across / sigma) ** 2), np.zeros(60)])
    exact = sigma * np.sqrt(2 * np.log(top / threshold))
    found = half_widths(levels, across, threshold)
    assert found[0] == pytest.approx(exact, rel=0.01)
    assert found[1] == 0.0


def test_labels_keep_apart_and_texts_fit() -> None:
    room = Room(0, 0, 300, 200)
    boxes = [room.place(150, 100, 60, 14) for _ in range(12)]
    placed = [b for b in boxes if b]
    assert len(placed) >= 6
    for k, (x, y) in enumerate(placed):
        for other_x, other_y in placed[:k]:
            assert abs(x - other_x) >= 60 or abs(y - other_y) >= 14
    assert shortened("应急响应中心", 10, 30) == "应急…"
    assert width_of(shortened("emergency centre", 10, 50), 10) <= 50
    axis = TimeAxis(0, 900, 100, 200)
    assert axis.at(450) == 150
    assert axis.at(5000) == 200
    assert axis.ticks()[:3] == [0.0, 120.0, 240.0]


def test_plan_sets_stand_side_by_side(run: ScenarioRun) -> None:
    head = run.scenario.plan_set.head.model_copy(update={"revision": "2"})
    silent = replace(run.scenario.plan_set, head=head)
    heard = tuple(e for e in run.shown.events if e.kind not in ("warned", "message-delivered"))
    log = replace(run.shown, events=tuple(e._replace(id=k) for k, e in enumerate(heard)))
    other = ScenarioRun(run.scenario.with_plans(silent), {"behavioural": log}, run.card)
    pairs = [(r, timeline(r, "en")) for r in (run, other)]
    (found,) = comparisons(pairs, "en")
    assert found.columns == ("1", "2")
    cells = {line.name: line.cells for _, lines in found.blocks for line in lines}
    assert [(c.words, c.tone) for c in cells["school"]] == [("12", "late"), ("✕", "never")]
    assert [(c.words, c.tone) for c in cells["i1 fire call"]] == [("6.0", "late"), ("✕", "never")]
    assert {c.words for c in cells["i2 alarm"]} == {"in no plan"}
    assert comparisons(pairs[:1], "en") == []


def test_many_replications_show_means_and_intervals(run: ScenarioRun) -> None:
    better = replace(run.card, rep=1, accuracy=a_pillar("accuracy", 0.7))
    many = replace(run, table=score_many([run.card, better]))
    rows = {row.id: row for row in pillar_rows(many, "en")}
    assert rows["accuracy"].value == pytest.approx(0.6)
    assert "(n = 2)" in rows["accuracy"].interval
    assert pillar_rows(run, "en")[0].interval == ""
    page = html([many], "en")
    assert "interval of 2 replications" in page
    assert "mean of the replications" in page


def test_share_of_linkage_loss() -> None:
    losses = {
        "perfect": Loss(10, 0, 0), "ideal-links": Loss(7, 0, 0), "reference": Loss(4, 0, 0),
    }  # fmt: skip
    assert linkage_share(losses) == pytest.approx(0.5)
    assert linkage_share({"perfect": Loss(1, 0, 0)}) is None


def test_matplotlib_draws_chinese_without_missing_glyphs() -> None:
    import matplotlib as mpl

    with mpl.rc_context():
        family = use_chinese_font()
        if family is None:
            pytest.skip("no Chinese font is installed and the zh extra is not either")
        figure = Figure(figsize=(2, 1))
        FigureCanvasAgg(figure)
        figure.text(0.1, 0.5, "演练 −1 氯气")
        figure.canvas.draw()  # a missing glyph is a warning, and warnings are errors here


def test_shipped_scenario_makes_a_whole_report(tmp_path: Path) -> None:
    path = Path(__file__).parents[2] / "scenarios" / "longcheng" / "cl-1.yaml"
    scenario = read_scenario(path)
    logs = {variant: simulate(scenario, 1, 0, variant) for variant in ("none", "behavioural")}
    shown = ScenarioRun(scenario, logs, score(scenario, logs))
    target = tmp_path / "cl-1.html"
    for lang in ("zh", "en"):
        write_report(target, [shown], lang)  # type: ignore[arg-type]
        page = target.read_text(encoding="utf-8")
        assert target.stat().st_size < 3_000_000
        found = Checker()
        found.feed(re.sub(r"</?(p|li|dt|dd)\b[^>]*>", "", page))
        assert found.open == []
        assert found.fetched == []
        names = {p.id: p.name.say(lang) for p in scenario.city.facilities.values()}  # type: ignore[arg-type]
        for place in ("binjiang-school", "tailong"):
            assert names[place] in page
    rows = timeline(shown, "zh")
    assert len(rows) >= 20
    quoted = [sentence for row in lost_rows(shown, "zh")[0] for sentence in row.sentences]
    assert len(quoted) >= 10
    assert all(re.search(r"\.yaml:\d+$", sentence.where) for sentence in quoted)


def test_nothing_to_report_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        write_report(tmp_path / "r.html", [], "en")
