"""CAS 3.0 and the REST protocol of CAS servers: wire <-> model."""
