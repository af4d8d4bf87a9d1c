"""Exports the ledger."""
