#!/usr/bin/env python3
"""Checks of snow depth before a value becomes public.

Snowledger runs this module every ten minutes over the values that have just arrived. It turns
the distances measured by an SD-70 sensor into depths and gives each of them a quality flag
(see the data policy). Nothing here ever changes a raw value: a corrected depth is written beside
the raw one, and a doubtful depth is kept and hidden.

The thresholds were tuned on the winters 2019/20 to 2022/23 of fourteen stations. Before you
change one, run ``python3 snowcheck.py --replay`` on the Laguna Honda file of 23 February 2024
and look whether the avalanche is still noticed.

Maintainers: Anouk Delisse, Zita Brandl. Python 3.9 or later, standard library only.
"""

from __future__ import annotations

import csv
import math
import statistics
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Iterable, Iterator, Optional, Sequence

RAW, PASSED, CHECKED, DOUBTFUL, CORRECTED, REJECTED = range(6)

#: A rejected step larger than this is telephoned to the duty technician (cm).
AVALANCHE_STEP_CM = 100

#: Fresh snow cannot grow faster than this, whatever the sensor says (cm per ten minutes).
MAX_SNOWFALL_CM = 4


@dataclass(frozen=True)
class Reading:
    """One ten-minute value of a snow sensor.

    ``distance_cm`` is what the sensor reports when it assumes air of 0 °C; ``depth_cm`` is filled
    in by :func:`depths`.
    """

    station: str
    time: datetime
    distance_cm: Optional[float]
    air_temp_c: Optional[float]
    depth_cm: Optional[float] = None
    flag: int = RAW


def speed_of_sound(air_temp_c: float) -> float:
    """Speed of sound in dry air at ``air_temp_c`` degrees Celsius, in metres per second."""
    return 331.3 * math.sqrt(1 + air_temp_c / 273.15)


def corrected_distance(distance_cm: float, air_temp_c: float) -> float:
    """Distance in cm after the correction for temperature.

    Sound is slower in cold air, so the uncorrected sensor sees the ground too far away: at
    -20 °C and four metres the error is about 15 cm, which is more than most snowfalls.
    """
    return distance_cm * speed_of_sound(air_temp_c) / speed_of_sound(0.0)


def median_depth(samples_cm: Sequence[float]) -> Optional[float]:
    """Median of the scans of ten minutes, rounded to a whole cm.

    Returns None when fewer than 30 of the 60 scans gave an echo; heavy snowfall swallows echoes,
    and half of the scans is what the observers' stakes agreed with best.
    """
    if len(samples_cm) < 30:
        return None
    return float(round(statistics.median(samples_cm)))


def depths(readings: Iterable[Reading], height_cm: float) -> Iterator[Reading]:
    """Fills in the depth below a sensor that hangs ``height_cm`` above bare ground."""
    for reading in readings:
        if reading.distance_cm is None:
            yield replace(reading, flag=REJECTED)
            continue
        if reading.air_temp_c is None:
            distance, flag = reading.distance_cm, DOUBTFUL
        else:
            distance, flag = corrected_distance(reading.distance_cm, reading.air_temp_c), reading.flag
        yield replace(reading, depth_cm=float(round(height_cm - distance)), flag=flag)


class StepFilter:
    """Rejects jumps between neighbouring values and remembers the ones worth a telephone call.

    A value that jumps is rejected; but if the next six values stay at the new height, the
    snow cover really changed (an avalanche, a roof that shed its load, a dune) and the filter
    accepts the new level. Before April 2024 there was no such memory.
    """

    CONFIRMATIONS = 6

    def __init__(self, max_step_cm: float = 25) -> None:
        self.max_step_cm = max_step_cm
        self.calls: list[Reading] = []
        self._level: Optional[float] = None
        self._candidate: list[float] = []

    def check(self, reading: Reading) -> Reading:
        """Returns the reading with its flag; appends to ``calls`` what must be telephoned."""
        depth = reading.depth_cm
        if depth is None or reading.flag == REJECTED:
            return reading
        if self._level is None or abs(depth - self._level) <= self.max_step_cm:
            self._level, self._candidate = depth, []
            return replace(reading, flag=max(reading.flag, PASSED))
        if abs(depth - self._level) > AVALANCHE_STEP_CM and not self._candidate:
            self.calls.append(reading)
        self._candidate.append(depth)
        if len(self._candidate) >= self.CONFIRMATIONS and self._is_steady():
            self._level, self._candidate = depth, []
            return replace(reading, flag=DOUBTFUL)
        return replace(reading, flag=REJECTED)

    def _is_steady(self) -> bool:
        recent = self._candidate[-self.CONFIRMATIONS :]
        return max(recent) - min(recent) <= self.max_step_cm


def looks_like_grass(depth_cm: float, month: int, air_temp_c: float, night_min_c: float) -> bool:
    """Whether a "snow depth" is more likely vegetation, or an animal, than snow.

    True from June to September when it is warmer than 8 °C and the night stayed above 3 °C, unless
    the depth exceeds 60 cm: nothing that grows or grazes under our masts is taller.
    """
    is_summer = 6 <= month <= 9
    return is_summer and 0 < depth_cm <= 60 and air_temp_c > 8 and night_min_c > 3


def settled_depth(new_snow_cm: float, hours: float, half_life_h: float = 82.0) -> float:
    """Depth of a layer of new snow after it has settled for ``hours``, in cm.

    Exponential settling towards 40 % of the first depth. With the default half-life a layer loses
    a fifth within two days; for wind-packed sites such as Firnboden use 41 hours, which gives the
    third that is observed there.
    """
    rest = 0.4 * new_snow_cm
    return rest + (new_snow_cm - rest) * 0.5 ** (hours / half_life_h)


def water_equivalent_mm(depth_cm: float, day_of_season: int, is_rained_on: bool = False) -> float:
    """Rough snow water equivalent in mm, for days without a measured density.

    ``day_of_season`` counts from 1 November. The density starts at 180 kg/m³, grows by 1.3 kg/m³ a
    day and is capped at 480. Snow that was rained on counts as three weeks older.
    """
    age = day_of_season + (21 if is_rained_on else 0)
    density = min(180 + 1.3 * age, 480)
    return depth_cm * density / 100


def replay(path: str) -> int:
    """Runs a recorded file (time, distance, temperature) and prints what would have been called."""
    gate = StepFilter()
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        readings = (
            Reading("LAG-2", datetime.fromisoformat(r["time"]), float(r["distance"]), float(r["temp"]))
            for r in rows
        )
        for reading in depths(readings, height_cm=432):
            gate.check(reading)
    for call in gate.calls:
        print(f"{call.time:%Y-%m-%d %H:%M} would ring: {call.depth_cm:.0f} cm")
    return 0 if gate.calls else 1


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "--replay":
        sys.exit("usage: snowcheck.py --replay FILE.csv")
    sys.exit(replay(sys.argv[2]))
