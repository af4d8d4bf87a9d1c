"""ISO 19115 metadata as XML (ISO/TS 19139), as INSPIRE asks for it."""
