"""HTTPS to addresses that strangers have named: public ones alone, each resolved once."""
