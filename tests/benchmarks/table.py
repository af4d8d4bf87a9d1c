"""Results for a person, and which aims were reached."""

from collections.abc import Iterator

type Results = dict[str, dict[str, float]]

COLUMNS: tuple[str, ...] = (
    "ours_ms",
    "user_ms",
    "toolbox_ms",
    "limit_ms",
    "ratio_user",
    "ratio_toolbox",
    "ratio_limit",
    "ratio_limit_zarr",
    "ratio_limit_deflated",
    "wall_s",
    "cpu_s",
    "rss_mb",
    "file_mb",
)
# Printed as they are: they have columns of their own.
LINES = ("together", "plan_ms", "queue_look_ms", "cold_import_cpu_s")
AIMS: tuple[tuple[str, str, float], ...] = (
    ("small_box", "ratio_user", 15),
    ("global_day", "ratio_user", 7),
    ("point_series", "ratio_user", 30),
    ("small_box", "ratio_toolbox", 9),
    ("global_day", "ratio_toolbox", 7),
    ("point_series", "ratio_toolbox", 10),
    ("small_box", "ratio_limit", 1.6),
    ("global_day", "ratio_limit", 1.6),
    ("point_series", "ratio_limit", 1.6),
    ("zstd", "ratio_limit_deflated", 1.6),
    ("blosc_zstd", "ratio_limit_deflated", 1.6),
    ("sharded", "ratio_limit_deflated", 1.6),
    ("big_result", "rss_mb", 200),
    ("regional_cube", "rss_mb", 200),
    ("regional_cube", "ratio_user", 5),
    ("together", "rss_mb_8", 200),
    ("together", "ratio_cpu", 1.1),
    ("layout_200000", "cpu_s", 10),
    ("layout_200000", "rss_mb", 300),
    ("plan_ms", "1000000", 5),
    ("cold_import_cpu_s", "api", 0.6),
    ("cold_import_cpu_s", "extraction", 0.5),
)
AT_LEAST = frozenset({"ratio_user", "ratio_toolbox"})


def table(results: Results) -> Iterator[str]:
    """Lines: a table of the cases, what is no case, the aims."""
    lines: list[tuple[str, ...]] = [("case", *COLUMNS)]
    for case in (name for name in results if name not in LINES):
        cells = (results[case].get(column) for column in COLUMNS)
        lines.append((case, *("" if cell is None else f"{cell:.4g}" for cell in cells)))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
    for name in LINES:
        yield f"{name} " + ", ".join(f"{key}: {value:.3f}" for key, value in results[name].items())
    for case, measured, aim in AIMS:
        found = results[case][measured]
        reached = found >= aim if measured in AT_LEAST else found <= aim
        yield f"{case} {measured} {found:.3g}, aim {aim}: {'reached' if reached else 'NOT REACHED'}"
