"""How a result is written in each format but NetCDF-4. Arrays and bytes; no store."""
