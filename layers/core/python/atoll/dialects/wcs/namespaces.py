"""Namespaces of the standards that a WCS is made of, and their prefixes here."""

WCS = "http://www.opengis.net/wcs/2.0"
OWS = "http://www.opengis.net/ows/2.0"
GML = "http://www.opengis.net/gml/3.2"
GMLCOV = "http://www.opengis.net/gmlcov/1.0"
SWE = "http://www.opengis.net/swe/2.0"
XLINK = "http://www.w3.org/1999/xlink"
CRS = "http://www.opengis.net/wcs/crs/1.0"
INT = "http://www.opengis.net/wcs/interpolation/1.0"
INSPIRE_DLS = "http://inspire.ec.europa.eu/schemas/inspire_dls/1.0"
INSPIRE_COMMON = "http://inspire.ec.europa.eu/schemas/common/1.0"

XML = "http://www.w3.org/XML/1998/namespace"

PREFIXES = {
    "xml": XML,
    "wcs": WCS,
    "ows": OWS,
    "gml": GML,
    "gmlcov": GMLCOV,
    "swe": SWE,
    "xlink": XLINK,
    "crs": CRS,
    "int": INT,
    "inspire_dls": INSPIRE_DLS,
    "inspire_common": INSPIRE_COMMON,
}
