"""Operators of plan management (LD8): S25 and S27 to S30, from their statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import World, house

from drillsim.data.statutes import statutes


def valid(world: World, body: str) -> list[str]:
    org = world.full.organisations[body]
    return sorted({org.name.zh, *org.aliases}, key=lambda n: (-len(n), n))


def s25_old_name(world: World) -> Iterator[Seeded]:
    """A sentence gives the work to a body by a name long gone."""
    for body in sorted(world.full.organisations):
        org = world.full.organisations[body]
        gone = [f.name for f in org.former_names if f.until < world.on]
        if not gone:
            continue
        for item in world.items():
            quote = item.raw.get("quote", "")
            name = next((n for n in valid(world, body) if len(n) > 2 and n in quote), None)
            if name and not any(name in n and n != name for n in valid(world, body) if n in quote):
                new = quote.replace(name, gone[0])
                yield seeded(item.set(quote=new), names=(body,), note=f"{name} -> {gone[0]}")


def s25_contact(world: World) -> Iterator[Seeded]:
    """A line of the contact list still prints the old name."""
    for plan in sorted(world.scope.plans):
        lines = world.contacts(plan)
        for n, line in enumerate(lines):
            org = world.full.organisations[house(line["of"])]
            gone = [f.name for f in org.former_names if f.until < world.on]
            if gone:
                new = [{**c, "printed_name": gone[0]} if i == n else c for i, c in enumerate(lines)]
                edit = world.head(plan)
                edit = type(edit)(("contacts", plan, ""), new)
                yield seeded(edit, names=(plan, org.id), note=f"{line['of']} as {gone[0]}")


def s25_abolished(world: World) -> Iterator[Seeded]:
    """A body that plans give duties to was abolished before the day of judging."""
    for body in sorted(world.owners):
        acts = [i.ref for i in world.items("tasks", "notifications") if house(i.it.by) == body]
        if acts:
            day = str(world.on - timedelta(days=200))
            edit = world.body(body, valid_to=day)
            yield seeded(edit, names=(*acts, *world.owners[body]), note=f"{body} ended {day}")


def t25_history(world: World) -> Iterator[Seeded]:
    """The old name in a remark on history."""
    for body in sorted(world.full.organisations):
        org = world.full.organisations[body]
        gone = [f.name for f in org.former_names if f.until < world.on]
        for item in world.items():
            quote = item.raw.get("quote", "")
            name = next((n for n in valid(world, body) if len(n) > 3 and n in quote), None)
            if gone and name:
                new = quote.replace(name, f"{name}（原{gone[0]}）", 1)
                yield seeded(item.set(quote=new), note=f"formerly {gone[0]}")


def t25_still_valid(world: World) -> Iterator[Seeded]:
    """A body that ends some years after the day of judging."""
    for body in sorted(world.owners):
        day = str(world.on + timedelta(days=900))
        yield seeded(world.body(body, valid_to=day), note=f"{body} until {day}")


# --- S27 contacts --------------------------------------------------------------------------------


def _lines(world: World) -> Iterator[tuple[str, int, dict[str, object], list[dict[str, object]]]]:
    for plan in sorted(world.scope.plans):
        lines = world.contacts(plan)
        for n, line in enumerate(lines):
            yield plan, n, line, lines


def _with(world: World, plan: str, n: int, **fields: object) -> Seeded:
    lines = world.contacts(plan)
    new = [{**c, **fields} if i == n else c for i, c in enumerate(lines)]
    edit = type(world.head(plan))(("contacts", plan, ""), new)
    return seeded(edit, names=(plan, str(lines[n]["of"])), note=f"{lines[n]['of']}: {fields}")


def s27_old(world: World) -> Iterator[Seeded]:
    """A number last tried more than half a year ago."""
    for plan, n, _, _ in _lines(world):
        for days in (200, 420, 1200):
            yield _with(world, plan, n, verified_on=str(world.on - timedelta(days=days)))


def s27_office_hours(world: World) -> Iterator[Seeded]:
    """The only number of a body that is told at any hour rings in office hours only."""
    for plan, n, line, lines in _lines(world):
        body = house(str(line["of"]))
        same = [c for c in lines if house(str(c["of"])) == body]
        used = [i for i in world.items("notifications") if i.plan == plan
                and body in {house(a) for a in i.it.to} and i.it.criticality >= 3]  # fmt: skip
        if line.get("hours", "24h") == "24h" and len(same) == 1 and used:
            yield _with(world, plan, n, hours="08:30-17:30")


def t27_recent(world: World) -> Iterator[Seeded]:
    """A number tried some months ago."""
    for plan, n, _, _ in _lines(world):
        yield _with(world, plan, n, verified_on=str(world.on - timedelta(days=120)))


def t27_alias(world: World) -> Iterator[Seeded]:
    """The same desk printed under another valid name."""
    for plan, n, line, _ in _lines(world):
        names = valid(world, house(str(line["of"])))
        if "/" not in str(line["of"]) and names[0] != line.get("printed_name"):
            yield _with(world, plan, n, printed_name=names[0])


# --- S28 terms, units, datums --------------------------------------------------------------------


def s28_origin(world: World) -> Iterator[Seeded]:
    """Distances count from the fence in one plan, from the release point in the others."""
    rows = [i for i in world.items() if "距泄漏点" in i.raw.get("quote", "")]
    for item in rows:
        others = [i.ref for i in rows if i.plan != item.plan]
        for other in ("距厂界", "距围墙"):
            if others:
                quote = item.raw["quote"].replace("距泄漏点", other)
                yield seeded(item.set(quote=quote), names=others, note=other)


def s28_unit(world: World) -> Iterator[Seeded]:
    """A concentration in ppm where the others write mg/m³, with the same figure."""
    figure = re.compile(r"(\d+(?:\.\d+)?) mg/m³")
    rows = [i for i in world.items("levels") if figure.search(i.raw.get("quote", ""))]
    for item in rows:
        same = set(figure.findall(item.raw["quote"]))
        others = [i.ref for i in rows if i.plan != item.plan
                  and same & set(figure.findall(i.raw["quote"]))]  # fmt: skip
        if others and "ppm" not in item.raw["quote"]:
            quote = item.raw["quote"].replace("mg/m³", "ppm")
            yield seeded(item.set(quote=quote), names=others, note="ppm")


def s28_figure(world: World) -> Iterator[Seeded]:
    """Two plans state two figures for one thing."""
    rows = world.items("statements")
    for item in rows:
        same = [r for r in rows if r.plan != item.plan and r.it.about == item.it.about
                and r.it.quantity == item.it.quantity and r.it.to == item.it.to]  # fmt: skip
        for factor in (1.4, 0.5):
            if same:
                value = round(item.it.value * factor)
                quote = re.sub(rf"(?<!\d){item.it.value:g}(?!\d)", f"{value}", item.raw["quote"])
                edit = item.set(value=value, quote=quote)
                yield seeded(edit, names=[r.ref for r in same], note=f"{item.it.value:g}->{value}")


def s28_direction(world: World) -> Iterator[Seeded]:
    """The direction of a scale is told the other way round."""
    for item in world.items():
        quote = item.raw.get("quote", "")
        for old, new in (("五级为最高", "一级为最高"), ("五级最高", "一级最高"),
                         ("一级为最高", "五级为最高"), ("Ⅰ级为最高", "Ⅳ级为最高")):  # fmt: skip
            if old in quote:
                names = [i.plan for i in world.items("levels")]
                yield seeded(item.set(quote=quote.replace(old, new)), names=names, note=new)


def t28_both_units(world: World) -> Iterator[Seeded]:
    """Chlorine in both units, rightly converted."""
    for item in world.items():
        quote = item.raw.get("quote", "")
        match = re.search(r"(\d+(?:\.\d+)?) mg/m³", quote)
        if match and "ppm" not in quote:
            ppm = float(match[1]) / 2.9
            new = quote.replace(match[0], f"{match[0]}（约{ppm:.2g} ppm）", 1)
            yield seeded(item.set(quote=new), note="both units")


def t28_same_figure(world: World) -> Iterator[Seeded]:
    """A figure stated once more, equal."""
    for item in world.items("statements"):
        raw = {**item.raw, "id": "st-again"}
        yield seeded(world.add("statements", item.plan, raw), note="stated twice, equal")


# --- S29 basis, S30 dates ------------------------------------------------------------------------


def s29_repealed(world: World) -> Iterator[Seeded]:
    """A cited law is one that was repealed before the day of judging."""
    dead = [law for law in statutes().laws if not law.holds(world.on) and law.since <= world.on]
    for plan in sorted(world.scope.plans):
        cites = [dict(c) for c in world.raw["plan", plan, ""].get("cites", ())]
        for law in dead:
            same = [c for c in cites if c["name"] == law.name]
            new = {"name": law.name, "version": law.version}
            rest = [new if c["name"] == law.name else c for c in cites]
            if not same:
                rest.append(new)
            edit = world.head(plan, cites=rest)
            yield seeded(edit, names=(plan,), note=f"cites {law.name} {law.version}")


def s29_no_such_annex(world: World) -> Iterator[Seeded]:
    """A reference to an annex that the other plan has not."""
    for item in world.items():
        quote = item.raw.get("quote", "")
        for match in re.finditer(r"(园区预案|县预案)附件(\d)", quote):
            kinds = {"园区预案": "park", "县预案": "gov-special"}
            if not any(p.head.kind == kinds[match[1]] and p.head.id != item.plan
                       and any(e.clause == f"附件{match[2]}" for _, e in p.elements())
                       for p in world.scope.plans.values()):  # fmt: skip
                continue
            for n in (7, 9):
                new = quote.replace(match[0], f"{match[1]}附件{n}")
                yield seeded(item.set(quote=new), note=f"{match[0]} -> 附件{n}")


def s29_upper_newer(world: World) -> Iterator[Seeded]:
    """The plan above was issued after this one."""
    for plan in sorted(world.scope.plans):
        head = world.scope.plans[plan].head
        above = [p for p in head.parents if p in world.scope.plans]
        newer = [p for p in above if world.scope.plans[p].head.revision.issued <= world.on]
        if newer and head.revision.filed:
            first = min(world.scope.plans[p].head.revision.issued for p in newer)
            for days in (60, 300):
                day = first - timedelta(days=days)
                edit = world.revision(plan, issued=str(day), filed=str(day + timedelta(days=8)))
                yield seeded(edit, names=(plan, *newer), note=f"{days} days before the plan above")


def t29_more(world: World) -> Iterator[Seeded]:
    """One more law in force."""
    live = [law for law in statutes().laws if law.holds(world.on)]
    for plan in sorted(world.scope.plans):
        cites = [dict(c) for c in world.raw["plan", plan, ""].get("cites", ())]
        for law in live:
            if law.name not in {c["name"] for c in cites}:
                new = [*cites, {"name": law.name, "version": law.version}]
                yield seeded(world.head(plan, cites=new), note=f"cites {law.name} too")
                break


def t29_order(world: World) -> Iterator[Seeded]:
    """The same laws in another order."""
    for plan in sorted(world.scope.plans):
        cites = [dict(c) for c in world.raw["plan", plan, ""].get("cites", ())]
        if len(cites) > 1:
            yield seeded(world.head(plan, cites=cites[::-1]), note="other order")


def longest(world: World, plan: str) -> int:
    """Give the longest interval between drills (months) that can hold for a plan."""
    head = world.scope.plans[plan].head
    rules = [d for d in statutes().drills if d.tier == head.tier]
    return max((d.months for d in rules), default=24)


def s30_no_drill(world: World) -> Iterator[Seeded]:
    """The last drill lies too far back."""
    for plan in sorted(world.scope.plans):
        old = world.on - timedelta(days=longest(world, plan) * 31 + 40)
        yield seeded(world.revision(plan, last_drill=str(old)), names=(plan,), note=f"drill {old}")


def s30_filed_late(world: World) -> Iterator[Seeded]:
    """An enterprise's plan filed long after its issue."""
    for plan in sorted(world.scope.plans):
        head = world.scope.plans[plan].head
        if head.tier == "enterprise" and head.revision.filed:
            for days in (45, 90):
                issued = world.on - timedelta(days=days + 5)
                filed = issued + timedelta(days=days)
                above = [p for p in head.parents if p in world.scope.plans]
                if any(world.scope.plans[p].head.revision.issued > issued for p in above):
                    issued, filed = (
                        head.revision.issued,
                        head.revision.issued + timedelta(days=days),
                    )
                edit = world.revision(plan, issued=str(issued), filed=str(filed))
                yield seeded(edit, names=(plan,), note=f"filed {days} days after issue")


def s30_unsigned(world: World) -> Iterator[Seeded]:
    """A plan without signature."""
    for plan in sorted(world.scope.plans):
        if world.scope.plans[plan].head.revision.signed_by:
            yield seeded(world.revision(plan, signed_by=None), names=(plan,), note="not signed")


def s30_never_together(world: World) -> Iterator[Seeded]:
    """Two bodies that share an interface, never exercised together."""
    pairs = sorted({
        tuple(sorted((house(i.it.by), house(a))))
        for i in world.items("notifications") for a in i.it.to
        if house(i.it.by) != house(a) and i.it.criticality >= 4
    })  # fmt: skip
    for a, b in pairs:
        if a not in world.owners or b not in world.owners or b in world.kin(a):
            continue
        edits = []
        for mine, other in ((a, b), (b, a)):
            for plan in world.owners[mine]:
                old = list(world.scope.plans[plan].head.revision.drilled_with)
                near = set(world.kin(other))
                if near & set(old):
                    edits.append(
                        world.revision(plan, drilled_with=[o for o in old if o not in near])
                    )
        for plan in sorted(world.scope.plans):
            rev = world.scope.plans[plan].head.revision
            owner = world.scope.plans[plan].head.owner
            if owner not in {a, b} and {a, b} <= set(rev.drilled_with):
                break
        else:
            if edits:
                names = (a, b, *world.owners[a], *world.owners[b])
                yield seeded(*edits, names=names, note=f"{a} and {b}")


def t30_recent(world: World) -> Iterator[Seeded]:
    """A drill somewhat earlier, well inside the interval."""
    for plan in sorted(world.scope.plans):
        rev = world.scope.plans[plan].head.revision
        if rev.last_drill and (world.on - rev.last_drill).days < 100:
            day = world.on - timedelta(days=130)
            yield seeded(world.revision(plan, last_drill=str(day)), note=f"drill {day}")


def t30_more_partners(world: World) -> Iterator[Seeded]:
    """One more body in the drill."""
    for plan in sorted(world.scope.plans):
        old = list(world.scope.plans[plan].head.revision.drilled_with)
        fresh = sorted(set(world.owners) - set(old) - {world.scope.plans[plan].head.owner})
        if fresh:
            edit = world.revision(plan, drilled_with=[*old, fresh[0]])
            yield seeded(edit, note=f"{fresh[0]} joined")


def t30_filed_in_time(world: World) -> Iterator[Seeded]:
    """Filed a few days later, inside the time."""
    for plan in sorted(world.scope.plans):
        rev = world.scope.plans[plan].head.revision
        if rev.filed and (rev.filed - rev.issued).days <= 20:
            edit = world.revision(plan, filed=str(rev.issued + timedelta(days=18)))
            yield seeded(edit, note="filed after 18 days")
