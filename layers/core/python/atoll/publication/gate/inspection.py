"""Looks at all files of a delivery, layer by layer; what one hides the next is not asked for."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from atoll.errors import BrokerError
from atoll.model.delivery import Finding
from atoll.model.product import Product
from atoll.publication.fields import Contents
from atoll.publication.gate.conventions import check_conventions, check_discovery
from atoll.publication.gate.events import Event, Layer, Limits, Step, text, told, unforeseen
from atoll.publication.gate.skeleton import header_of
from atoll.publication.gate.structure import check_coordinates, check_promises, check_texts, mended
from atoll.publication.gate.together import check_together
from atoll.publication.gate.values import check_values
from atoll.publication.gate.whole import decoded_bytes, examine, weigh
from atoll.publication.source import open_any


def inspect(files: Mapping[str, Path], product: Product, limits: Limits) -> Iterator[Event]:
    """Tell every step before it is done, and what it found.

    Args:
        files: name in findings -> where it is.
        product: settings of the dataset.
        limits: what the files may ask of this machine.
    """
    with ExitStack() as stack:
        opened: list[Contents] = []
        for label, path in files.items():
            contents = yield from _guarded("file", label, _open(stack, label, path, product))
            if contents is not None:
                yield from _guarded("file", label, weigh(contents, path, product, limits))
                opened.append(contents)
        heavy = sum(decoded_bytes(each, product) for each in opened)
        if heavy > limits.decoded_bytes:
            yield _too_heavy(heavy, limits)
            return
        sound = yield from _sound(opened, product)
        yield from _numbers(sound, product)
        yield from _headers(sound, product)


def _sound(opened: Sequence[Contents], product: Product) -> Generator[Event, None, list[Contents]]:
    """The files whose axes bear a closer look, repaired."""
    sound: list[Contents] = []
    for contents in opened:
        label = contents.origin
        repaired = yield from _guarded("structure", label, mended(contents, product))
        if repaired is not None:
            yield from _guarded("structure", label, check_texts(repaired))
            yield from _guarded("structure", label, check_promises(repaired, product))
            faults = yield from _counted("structure", label, check_coordinates(repaired))
            sound += [] if faults else [repaired]
    if len(sound) > 1:
        yield from _guarded("structure", "", check_together(sound))
    return sound


def _numbers(files: Sequence[Contents], product: Product) -> Iterator[Event]:
    for contents in files:
        yield from _guarded("values", contents.origin, check_values(contents, product))


def _headers(files: Sequence[Contents], product: Product) -> Iterator[Event]:
    """The checker looks at headers alone: it is asked once for those that are equal."""
    for contents in {header_of(each): each for each in reversed(files)}.values():
        yield from _guarded("cf", contents.origin, check_conventions(contents, product))
        yield from _guarded("acdd", contents.origin, check_discovery(contents))


def _open(
    stack: ExitStack, label: str, path: Path, product: Product
) -> Generator[Finding, None, Contents | None]:
    faults = list(examine(path, label))
    yield from faults
    if faults:
        return None
    return replace(stack.enter_context(open_any(path, product)), origin=label)


def _too_heavy(heavy: int, limits: Limits) -> Finding:
    return Finding(
        check="file",
        problem=text(f"the delivery holds {heavy} bytes of numbers"),
        accepted=f"at most {limits.decoded_bytes} bytes; deliver it in parts",
    )


def _guarded[T](
    layer: Layer, file: str, looking: Generator[Event, None, T]
) -> Generator[Event, None, T | None]:
    """What looking tells; what it fails with is told as well. None where it failed."""
    step = Step(layer, file)
    yield step
    try:
        return (yield from looking)
    except BrokerError as error:
        yield told(step, error)
    except Exception as error:  # noqa: BLE001 -- what a file may hold is without end
        yield unforeseen(step, error)
    return None


def _counted(layer: Layer, file: str, looking: Generator[Event]) -> Generator[Event, None, int]:
    """How many errors looking tells."""
    faults = 0
    for event in _guarded(layer, file, looking):
        faults += isinstance(event, Finding) and event.severity == "error"
        yield event
    return faults
