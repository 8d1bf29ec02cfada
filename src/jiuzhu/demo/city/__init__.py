"""The demonstration city: an invented 泰安市, drawn from a seed, with the departments' registers that belong to it.

Every person here is invented. The city is made in chunks of households; a chunk depends only on (seed, chunk index)
and on nothing another chunk has drawn, so that any chunk can be made alone, in any order, or in parallel.

Read `chunk.py` first (`generate_chunk`, `CityPlan`), then `parameters.py` (each figure with its source, or marked as an
assumption of the demonstration), then `registers/` (what each department has on file, with its controlled errors).
"""
