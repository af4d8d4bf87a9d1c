"""What users import, and the atoll command."""
