"""Deliveries in words: notes of both kinds, offers, and responses."""

from atoll.dialects.delivery.dnt import parse_dnt
from atoll.dialects.delivery.documents import Documents
from atoll.dialects.delivery.note import parse_note
from atoll.dialects.delivery.response import render_receipt
from atoll.planning.digest import digest_of

__all__ = ["Documents", "digest_of", "parse_dnt", "parse_note", "render_receipt"]
