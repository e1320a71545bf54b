"""One burning room in two layers: temperatures, smoke layer, vent flows and gases over time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.room_fire import constant
from drillsim.physics.design_fire import (
    HEAT_PER_OXYGEN_KJ_KG,
    Fuel,
    PlumeLaw,
    draught_factor,
    gas_emissivity,
    plume_kg_s,
    usable_oxygen,
)
from drillsim.physics.room_temperature import G, Room, Slab, rising_root, vent_flows

Floats = NDArray[np.float64]

P_ATM, GAMMA, CP = 101_325.0, 1.4, 1012.0
R_AIR = CP * (GAMMA - 1.0) / GAMMA
SIGMA = 5.670374e-8
FRESH = {"oxygen": 0.232, "co": 0.0, "co2": 0.0, "hcn": 0.0, "soot": 0.0, "fuel": 0.0}
# Volume share of a gas from its mass share: molar mass of air over its own.
MOLAR = {"oxygen": 28.96 / 32.0, "co": 28.96 / 28.0, "co2": 28.96 / 44.0, "hcn": 28.96 / 27.0}
# Least shares of the room for upper and lower layer; heat of a fire per floor area, kW/m2.
LEAST_TOP, LEAST_LOW, BURNING_KW_M2 = 1e-3, 0.02, 500.0
# Flames and draughts follow a change of the air within seconds (damps pulses of the solution).
RESPONSE_S = 5.0
FLASHOVER_W_M2, FLASHOVER_K = 20_000.0, 873.0


@dataclass(frozen=True, slots=True)
class RoomHistory:
    """A room over time; all arrays (m,) at `t_s`. Gases are those of the upper layer.

    Temperatures K; `pressure_pa` over outside at the floor; `heat_kw` burnt inside, `outside_kw`
    by what leaves unburnt; flows kg/s; `floor_w_m2` onto the floor; gases by volume.

    Range: as `simulate`.
    Source: as `simulate`; flashover at 20 kW/m2 or 600 C, SFPE Handbook.
    Verified: yes
    Test: tests/physics/test_two_zone.py
    """

    t_s: Floats
    upper_k: Floats
    lower_k: Floats
    interface_m: Floats
    pressure_pa: Floats
    heat_kw: Floats
    outside_kw: Floats
    out_kg_s: Floats
    in_kg_s: Floats
    o2_pct: Floats
    co_ppm: Floats
    co2_pct: Floats
    hcn_ppm: Floats
    soot_kg_m3: Floats
    floor_w_m2: Floats
    wall_k: Floats

    @property
    def flashover_s(self) -> float:
        """Give the first time at 20 kW/m2 onto the floor or 600 C above; inf if never."""
        over = (self.floor_w_m2 >= FLASHOVER_W_M2) | (self.upper_k >= FLASHOVER_K)
        return float(self.t_s[over.argmax()]) if over.any() else math.inf


def simulate(
    room: Room,
    of: Fuel,
    t_s: ArrayLike,
    heat_kw: ArrayLike,
    outside_k: float = 293.15,
    every_s: float = 10.0,
    law: PlumeLaw = "mccaffrey",
    largest_step_s: float = 5.0,
) -> RoomHistory:
    """Solve a room whose fuel asks for a heat release over time; every `every_s` to the last time.

    `t_s`, `heat_kw` (k,) what the fuel would give with air in plenty, linear between; `outside_k`
    of the air beyond the vents. The plume draws from the lower layer, more so in the draught of
    the vents; inflow above the interface drags smoke down; short of air the fuel gives off less,
    and what is not burnt leaves. Walls: two slabs under hot and cold gas; areas follow the
    interface. Not in it: ceiling jet, wind, water, smoke coming back in; constant specific heat:
    smoke above 1300 K comes out up to 300 K too hot. Implicit in pressure, else first order;
    deterministic. McCaffrey's plume by default: its tests (0.3 m burners, 14-57 kW) reach into the
    flame, where rooms draw their air; heskestad gives 10 % hotter smoke. ValueError unless times
    rise and all figures are at least 0; RuntimeError when no step is small enough.
    Range: rooms of 10 to 300 m3, 10 kW to 10 MW, one fire.
    Source: layer equations as in the CFAST Technical Reference; parts as cited in their functions.
    Verified: no (own solution; Steckler's room: bias 1.08, sigma 0.10, see the gate of its test)
    Test: tests/physics/test_two_zone.py
    """
    times, heats = np.asarray(t_s, dtype=float), np.asarray(heat_kw, dtype=float)
    if times.ndim != 1 or times.shape != heats.shape or np.any(np.diff(times) <= 0.0):
        raise ValueError("times must rise one by one and have a heat release each")
    if np.any(heats < 0.0) or every_s <= 0.0 or largest_step_s <= 0.0:
        raise ValueError("heat releases must be at least 0 kW and steps above 0 s")
    run = _Run(room, of, outside_k, law)
    run.burnt_kw = float(heats[0])
    told = np.arange(times[0], times[-1] + 0.5 * every_s, every_s)
    now, rows = float(times[0]), [run.row()]
    for target in told[1:].tolist():
        while now < target - 1e-9:
            step = min(run.safe_step(largest_step_s), target - now)
            if 2.0 * step > target - now > step:
                step = 0.5 * (target - now)
            now += run.advance(now, step, float(np.interp(now + 0.5 * step, times, heats)))
        rows.append(run.row())
    columns = [np.array(c, dtype=float) for c in zip(*rows, strict=True)]
    return RoomHistory(told, *columns)


class _Run:
    """The state of one room while it is solved."""

    def __init__(self, room: Room, of: Fuel, outside_k: float, law: PlumeLaw) -> None:
        self.room, self.fuel, self.law, self.air_k = room, of, law, outside_k
        self.floor = room.length_m * room.width_m
        self.rim = 2.0 * (room.length_m + room.width_m)
        self.volume = self.floor * room.height_m
        self.rho_air = P_ATM / (R_AIR * outside_k)
        self.pressure, self.top_m3 = 0.0, LEAST_TOP * self.volume
        self.top_kg = self.rho_air * self.top_m3
        self.low_kg = self.rho_air * (self.volume - self.top_m3)
        self.share, self.low_share = dict(FRESH), dict(FRESH)
        lined = room.lining
        self.hot_wall = None if lined is None else Slab(lined, outside_k, outside_k)
        self.cold_wall = None if lined is None else Slab(lined, outside_k, outside_k)
        self.slope = self.gasifying = 1.0
        self.burnt_kw = self.out_kw = self.floor_flux = 0.0
        self.wall_k = outside_k
        self.flows = (0.0, 0.0, 0.0, 0.0)
        self.open_now: list[tuple[float, float, float]] = []
        self.swelling = self.phi = self.draught = self.dragged = self.filling = 0.0

    def layers(self) -> tuple[float, float, float, float, float]:
        """Give interface (m), temperatures (K) and densities of the upper and lower layer."""
        total = P_ATM + self.pressure
        rho_upper = self.top_kg / self.top_m3
        rho_lower = self.low_kg / (self.volume - self.top_m3)
        interface = self.room.height_m - self.top_m3 / self.floor
        return interface, total / R_AIR / rho_upper, total / R_AIR / rho_lower, rho_upper, rho_lower

    def safe_step(self, largest_s: float) -> float:
        """Give a step that changes neither layer by much."""
        through = 0.5 * self.top_kg / max(self.flows[0], 1e-9)
        below = 0.5 * self.low_kg / max(self.flows[2] + self.dragged, 1e-9)
        swell = 0.08 * self.volume / max(abs(self.swelling), 1e-9)
        return min(largest_s, max(through, 0.5), max(swell, 0.2), max(below, 1.0))

    def burn(self, asked_kw: float, interface: float, dt: float) -> tuple[float, float]:
        """Give the gas drawn into the plume (kg/s) and what burns with it and around it (kW).

        The lower layer empties exponentially, never below its least size; a flame needs
        `RESPONSE_S` to grow into more air.
        """
        room = self.room
        wide = room.fire_diameter_m or math.sqrt(4.0 * asked_kw / BURNING_KW_M2 / math.pi)
        guess = min(asked_kw, self.burnt_kw) if self.burnt_kw > 0.0 else asked_kw
        reach = room.height_m - room.fire_base_m
        rise = max(interface - room.fire_base_m, 0.0)
        shared = (wide, self.fuel.radiant_share, room.place, self.law)
        still = plume_kg_s(guess, rise, *shared)
        drawn = still * draught_factor(guess, rise, self.draught)
        smoky = max(plume_kg_s(max(guess, 1.0), reach, *shared) - still, 0.0)
        drain, filled = drawn / self.low_kg, self.filling
        if drain * dt > 1e-6:
            spare = max(self.low_kg - LEAST_LOW * self.volume * self.rho_air, 0.0)
            emptied = (spare - filled / drain) * -math.expm1(-drain * dt)
            drawn = min(max(filled + emptied / dt, 0.0), drawn + filled)
        fresh = drawn * self.low_share["oxygen"]
        oxygen = drawn * usable_oxygen(self.low_share["oxygen"]) + smoky * usable_oxygen(
            self.share["oxygen"]
        )
        able = oxygen * HEAT_PER_OXYGEN_KJ_KG
        self.phi = asked_kw / max(able, 1e-9) if asked_kw > 0.0 else 0.0
        near = -math.expm1(-dt / RESPONSE_S)
        burnt = self.burnt_kw + near * (min(asked_kw, able) - self.burnt_kw)
        stock = (self.top_kg * self.share["oxygen"] / dt + fresh) * HEAT_PER_OXYGEN_KJ_KG
        return drawn, min(burnt, asked_kw, stock)

    def gasify(self, asked_kw: float, dt: float) -> float:
        """Give what the fuel gives off, kW: short of air, it falls to a multiple of what burns."""
        wanted = min(constant("fuel-excess") / max(self.phi, 1e-6), 1.0)
        self.gasifying += (wanted - self.gasifying) * -math.expm1(-dt / constant("fuel-response-s"))
        return asked_kw * self.gasifying

    def radiation(self, interface: float, upper: float) -> tuple[float, float]:
        """Give the emissivity of the upper layer and its area without the interface, m2."""
        area = self.floor + self.rim * (self.room.height_m - interface)
        path = 3.6 * self.top_m3 / (area + self.floor)
        soot = self.share["soot"] * self.top_kg / self.top_m3
        co2 = self.share["co2"] * MOLAR["co2"]
        return gas_emissivity(path, co2, soot, upper), area

    def walls(
        self, dt: float, burnt: float, interface: float, upper: float, lower: float, top_kg: float
    ) -> tuple[float, float]:
        """Give the heat that leaves the upper layer and that warms the lower one, W."""
        emit, area = self.radiation(interface, upper)
        fire = self.fuel.radiant_share * burnt * 1000.0
        if self.hot_wall is None or self.cold_wall is None:
            return -fire, 0.0
        low_area = self.floor + self.rim * interface
        gaps = sum(w * max(head - max(sill, interface), 0.0) for w, sill, head in self.open_now)
        lit = fire / (area + low_area)
        kept = fire * emit * area / (area + low_area)
        face, ground = self.wall_k, self.cold_wall.cells_k[0]
        h = 1.4 * abs(upper - face) ** (1 / 3) * (1.0 + 0.6 * self.floor / area)
        h += emit * SIGMA * (upper**2 + face**2) * (upper + face)
        heavy = top_kg * CP / (area * dt)
        h = heavy * -math.expm1(-h / heavy)
        black = (1.0 - emit) * SIGMA * (face**4 - ground**4) * self.floor
        away = (1.0 - emit) * SIGMA * (face**4 - self.air_k**4) * gaps
        beams = lit * (1.0 - emit) - (black + away) / area
        taken = self.hot_wall.step(dt, upper, h, beams) * area
        self.wall_k = self.hot_wall.face_k(upper, h, beams)
        most = 0.3 * top_kg * CP / dt
        glow = emit * SIGMA * (upper**4 - ground**4) * self.floor
        glow = min(glow, most * max(upper - ground, 0.0))
        out = emit * SIGMA * (upper**4 - self.air_k**4) * gaps
        out = min(out, most * max(upper - self.air_k, 0.0))
        h_low = 1.4 * abs(ground - lower) ** (1 / 3) + 0.1
        thin = self.low_kg * CP / (low_area * dt)
        h_low = thin * -math.expm1(-h_low / thin)
        warm = self.cold_wall.step(dt, lower, h_low, (glow + black) / low_area + lit) * low_area
        seen = emit * upper**4 + (1.0 - emit) * face**4
        self.floor_flux = SIGMA * max(seen - self.air_k**4, 0.0) + lit
        return taken + glow + out - kept, -warm

    def advance(self, now: float, dt: float, asked_kw: float) -> float:
        """Carry the room over `dt`, or over a part of it when the smoke changes too fast; gives it.

        RuntimeError when no step is small enough.
        """
        saved, warm = self.__dict__.copy(), self.layers()[1]
        walls = [w for w in (self.hot_wall, self.cold_wall) if w is not None]
        cells = [w.cells_k for w in walls]
        for _ in range(12):
            try:
                self.step(now, dt, asked_kw)
                calm = self.top_m3 < 0.05 * self.volume or 0.7 < self.layers()[1] / warm < 1.4
                if calm and self.top_kg > 0.0 and self.low_kg > 0.0:
                    return dt
            except (ValueError, OverflowError):
                pass
            self.__dict__.update(saved)
            for wall, old in zip(walls, cells, strict=True):
                wall.cells_k = old
            dt *= 0.5
        raise RuntimeError(f"the room could not be solved at {now:.1f} s")

    def step(self, now: float, dt: float, asked_kw: float) -> None:
        """Carry the room over a step in which the fuel asks for `asked_kw`."""
        interface, upper, lower, rho_u, rho_l = self.layers()
        given_kw = self.gasify(asked_kw, dt)
        drawn, burnt = self.burn(given_kw, interface, dt)
        fed = given_kw / (self.fuel.heat_mj_kg * 1000.0)
        dragged = min(self.dragged, 0.3 * self.top_kg / dt)
        self.open_now = vents = self.room.open_at(now + 0.5 * dt)
        lost, warm = self.walls(dt, burnt, interface, upper, lower, self.top_kg + drawn * dt)
        cool = max(self.filling - dragged, 0.0)
        heat = self.low_kg * lower + dt * (cool * self.air_k + dragged * upper)
        mixed = heat / (self.low_kg + dt * (cool + dragged))
        carried = CP * (drawn * mixed - dragged * upper)
        plume = (1.0 - self.fuel.radiant_share) * burnt * 1000.0 + fed * CP * self.air_k
        gain = plume + carried - lost
        stiff, fixed = self.volume / ((GAMMA - 1.0) * dt), gain - carried + warm
        before = self.pressure

        def excess(pressure: float) -> float:
            self.flows = vent_flows(vents, pressure, interface, rho_u, rho_l, self.rho_air)
            up, low, back, _ = self.flows
            through = CP * (back * self.air_k - up * upper - low * lower)
            return stiff * (pressure - before) - fixed - through

        self.pressure, self.slope = rising_root(
            excess, before, self.slope, 1e-4 * (abs(fixed) + 100.0)
        )
        up, low, back, _ = self.flows
        work = self.top_m3 * (self.pressure - before) / dt
        self.swelling = (GAMMA - 1.0) * (gain - up * CP * upper) - work
        self.swelling /= GAMMA * (P_ATM + self.pressure)
        self.mix(dt, drawn, dragged, fed, burnt)
        self.stir(dt, vents, interface, upper, rho_u, rho_l)
        self.top_m3 += dt * self.swelling
        self.top_kg += dt * (drawn + fed - dragged - up)
        self.low_kg += dt * (back + dragged - drawn - low)
        self.hold(upper)
        self.burnt_kw = burnt
        self.out_kw = up * self.share["fuel"] * self.fuel.heat_mj_kg * 1000.0

    def stir(
        self,
        dt: float,
        vents: list[tuple[float, float, float]],
        interface: float,
        upper: float,
        rho_u: float,
        rho_l: float,
    ) -> None:
        """Find what the inflow stirs: the draught on the fire (m/s), hot gas dragged down (kg/s).

        Fires in the open stand in the jet of the vents, those at walls in the mean drift. Inflow
        above the interface falls through hot gas like a plume upside down (Zukoski's law from a
        virtual source), as in CFAST.
        """
        *_, back, above = self.flows
        over = self.pressure + G * (self.rho_air - rho_l) * interface
        lighter = G * max(self.rho_air - (rho_u if over < 0.0 else rho_l), 1e-3)
        neutral = min(interface - over / lighter, max((v[2] for v in vents), default=0.0))
        if self.room.place == "open":
            wide = vents if self.room.leak_m2 == 0.0 else vents[:-1]
            area = sum(w * max(min(head, neutral) - sill, 0.0) for w, sill, head in wide)
        else:
            area = self.room.width_m * max(interface, 0.1)
        draught = back / (self.rho_air * area) if area > 0.0 else 0.0
        colder, dragged = CP * above * (upper - self.air_k) / 1000.0, 0.0
        if colder > 1e-6:
            base = 0.071 * math.pow(colder, 1 / 3)
            source = math.pow(above / base, 0.6)
            dragged = base * math.pow(source + 0.5 * max(neutral - interface, 0.0), 5 / 3) - above
        near = -math.expm1(-dt / RESPONSE_S)
        self.draught += near * (draught - self.draught)
        self.dragged += near * (dragged - self.dragged)
        self.filling += near * (back + self.dragged - self.filling)

    def mix(self, dt: float, drawn: float, dragged: float, fed: float, burnt: float) -> None:
        """Carry the gases of both layers over a step; what flows out does not change them."""
        of, high, low = self.fuel, self.share, self.low_share
        eaten = burnt / (of.heat_mj_kg * 1000.0)
        co = of.co_yield(self.phi)
        rise = co / of.co if of.co > 0.0 else 1.0
        made = {
            "oxygen": -burnt / HEAT_PER_OXYGEN_KJ_KG,
            "co": co * eaten, "co2": of.co2 * eaten, "hcn": of.hcn * rise * eaten,
            "soot": of.soot * eaten, "fuel": fed - eaten,
        }  # fmt: skip
        whole_high = self.top_kg + dt * (drawn + fed)
        whole_low = self.low_kg + dt * (self.flows[2] + dragged)
        self.share = {
            gas: max((self.top_kg * high[gas] + dt * (add + drawn * low[gas])) / whole_high, 0.0)
            for gas, add in made.items()
        }
        self.low_share = {
            gas: (self.low_kg * low[gas] + dt * (self.flows[2] * air + dragged * high[gas]))
            / whole_low
            for gas, air in FRESH.items()
        }

    def hold(self, upper: float) -> None:
        """Keep both layers at their least size; a lower layer that is not the cooler one mixes in.

        Room or mass moves from one layer to the other; the energy, which hangs on pressure and
        volume alone, stays.
        """
        total, gas = self.top_kg + self.low_kg, (P_ATM + self.pressure) / R_AIR
        least_low, most_low = 0.5 * LEAST_LOW * self.volume, (1.0 - LEAST_TOP) * self.volume
        low_m3 = min(max(self.volume - self.top_m3, least_low), most_low)
        if low_m3 == least_low:
            self.low_kg = gas * low_m3 / self.air_k
            self.top_kg = total - self.low_kg
        elif low_m3 == most_low:
            self.top_kg = gas * (self.volume - low_m3) / upper
            self.low_kg = total - self.top_kg
        self.top_m3 = self.volume - low_m3
        cool = self.air_k - 1.0
        if low_m3 * self.top_kg > self.top_m3 * self.low_kg:
            self.low_kg = total * low_m3 / self.volume
            self.top_kg = total - self.low_kg
        elif gas * low_m3 < cool * self.low_kg:
            self.low_kg = gas * low_m3 / cool
            self.top_kg = total - self.low_kg

    def row(self) -> tuple[float, ...]:
        """Give one row of the history, in the order of its fields."""
        interface, upper, lower, rho_upper, _ = self.layers()
        percent = {gas: 100.0 * self.share[gas] * part for gas, part in MOLAR.items()}
        return (
            upper, lower, interface, self.pressure, self.burnt_kw, self.out_kw,
            self.flows[0] + self.flows[1], self.flows[2], percent["oxygen"], percent["co"] * 1e4,
            percent["co2"], percent["hcn"] * 1e4, self.share["soot"] * rho_upper,
            self.floor_flux, self.wall_k,
        )  # fmt: skip
