"""INSPIRE: what its technical guidance for download services by WCS asks for (v1.0, 2016)."""

from collections.abc import Sequence

from atoll.dialects.wcs.offer import Offer
from atoll.dialects.wcs.xml import Element, element

LANGUAGE = "eng"


def extended_capabilities(root: str, offers: Sequence[Offer]) -> Element:
    """Where metadata are, the one language, and an identifier of each spatial dataset."""
    language = element("inspire_common:Language", LANGUAGE)
    response = element("inspire_common:Language", LANGUAGE)
    datasets = sorted({offer.dataset.dataset for offer in offers})
    return element(
        "inspire_dls:ExtendedCapabilities",
        element("inspire_common:MetadataUrl", element("inspire_common:URL", f"{root}/datasets")),
        element(
            "inspire_common:SupportedLanguages",
            element("inspire_common:DefaultLanguage", language),
        ),
        element("inspire_common:ResponseLanguage", response),
        *(_identifier(root, dataset) for dataset in datasets),
    )


def _identifier(root: str, dataset: str) -> Element:
    return element(
        "inspire_dls:SpatialDataSetIdentifier",
        element("inspire_common:Code", dataset),
        element("inspire_common:Namespace", f"{root}/datasets"),
    )
