"""The WCS door: OGC Web Coverage Service 2.0.1 (09-110r4), GET and POST."""
